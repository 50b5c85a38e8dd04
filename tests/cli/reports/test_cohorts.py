import json
from typing import Any

import pytest

READY = ("-s", "payment_details=cash", "-s", "waybill=20450123456789")


@pytest.fixture(autouse=True)
def sold(workspace, crm) -> None:
    """Give the workspace deals of three months, the first of them in the last hours of a local month."""
    for number, day in (
        (1, "2026-08-31T23:30"),
        (2, "2026-09-01T00:30"),
        (3, "2026-09-10"),
        (4, "2026-11-02"),
    ):
        asked = ("--pipeline", "retail", "-s", "amount=10", "--owner", "anna", *READY)
        assert crm("create", "deal", f"Deal {number}", *asked, "--now", day).code == 0
    for number, day in ((1, "2026-09-30T23:30"), (2, "2026-11-01T00:30")):
        assert crm("move", f"D-{number}", "won", "--now", day).code == 0


def report(crm, *argv: str) -> Any:
    ran = crm("report", "cohorts", "retail", *argv, "-o", "json", "--now", "2026-11-20")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_months_are_local_and_the_keys_those_of_the_contract(crm) -> None:
    assert report(crm)["rows"] == [
        {"month": "2026-08", "records": 1, "m0": 0.0, "m1": 1.0, "m2": 1.0, "m3": 1.0},
        {"month": "2026-09", "records": 2, "m0": 0.0, "m1": 0.0, "m2": 0.5, "m3": None},
        {"month": "2026-10", "records": 0, "m0": None, "m1": None, "m2": None, "m3": None},
        {"month": "2026-11", "records": 1, "m0": 0.0, "m1": None, "m2": None, "m3": None},
    ]


def test_the_ids_are_those_that_filters_list(crm) -> None:
    row = report(crm, "--ids")["rows"][1]
    assert row["records_ids"] == crm("filter", "deals", "created_at = 2026-09", "-o", "ids").out.split()
    asked = "created_at = 2026-09 and won and closed_at < 2026-12-01"
    assert row["m2_ids"] == crm("filter", "deals", asked, "-o", "ids").out.split() == ["D-2"]


def test_a_reopened_win_is_none_but_was_one(crm) -> None:
    crm("move", "D-1", "new", "--now", "2026-11-10")
    assert report(crm)["rows"][0]["m1"] == 0.0
    past = report(crm, "--as-of", "2026-11-09")["rows"][0]
    assert past["m1"] == 1.0


def test_a_deal_is_of_the_pipeline_that_it_is_in(crm) -> None:
    crm("move", "D-3", "new", "--pipeline", "wholesale", "--now", "2026-11-10")
    told = report(crm)
    assert told["rows"][1]["records"] == 1
    assert told["notes"] == ["1 record in other pipelines by now left out"]


def test_people_see_percentages_and_nothing_for_months_to_come(crm) -> None:
    out = crm("report", "cohorts", "retail", "--explain", "--now", "2026-11-20").out
    assert ["2026-11", "1", "0.0%"] in [line.split() for line in out.splitlines()]
    assert "100.0%" in out
    assert "m1 by the end of the next one" in out


def test_groups_stand_under_the_name_of_their_field(crm) -> None:
    assert {row["owner"] for row in report(crm, "--by", "owner")["rows"]} == {"anna"}
