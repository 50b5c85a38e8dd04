import json
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def aged(workspace, crm) -> None:
    """Give the workspace deals that came to their stages at different times."""
    for number, owner in ((1, "anna"), (2, "oleg"), (3, "anna")):
        asked = ("--pipeline", "retail", "-s", f"amount={number}", "--owner", owner)
        ran = crm("create", "deal", f"Deal {number}", *asked, "--now", f"2026-11-0{number}T12:00")
        assert ran.code == 0, ran.err
    assert crm("move", "D-1", "lost", "--reason", "price", "--now", "2026-11-05T12:00").code == 0
    assert crm("move", "D-1", "new", "--now", "2026-11-06T12:00").code == 0


def report(crm, *argv: str, now: str = "2026-11-07T12:00") -> Any:
    ran = crm("report", "aging", *argv, "-o", "json", "--now", now)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def stale(crm, now: str) -> list[str]:
    return crm("filter", "deals", "stale", "--sort", "id", "-o", "ids", "--now", now).out.split()


def test_the_keys_are_those_of_the_contract(crm) -> None:
    assert report(crm, "retail")["rows"] == [
        {
            "id": f"D-{number}",
            "title": f"Deal {number}",
            "stage": "new",
            "days": 7.0 - number,
            "max_age": 2.0,
            "amount": {"UAH": f"{number}.00"},
            "owner": owner,
        }
        for number, owner in ((2, "oleg"), (3, "anna"))
    ]
    assert report(crm)["totals"]["amount"] == {"UAH": "5.00"}


@pytest.mark.parametrize("now", ["2026-11-07T12:00", "2026-11-08T12:00", "2026-11-08T12:01"])
def test_the_records_are_those_that_are_stale_for_filters(crm, now: str) -> None:
    assert sorted(row["id"] for row in report(crm, now=now)["rows"]) == stale(crm, now)


def test_what_was_undone_did_not_bring_a_record_to_its_stage(crm) -> None:
    crm("move", "D-3", "lost", "--reason", "price", "--now", "2026-11-07T12:00")
    assert crm("undo", "--yes", "--now", "2026-11-07T12:01").code == 0
    found = [row["id"] for row in report(crm, now="2026-11-07T12:02")["rows"]]
    assert sorted(found) == stale(crm, "2026-11-07T12:02") == ["D-2", "D-3"]


def test_a_stage_of_the_same_name_in_another_pipeline_was_come_to_anew(crm) -> None:
    assert crm("move", "D-2", "new", "--pipeline", "wholesale", "--now", "2026-11-06T12:00").code == 0
    assert crm("move", "D-1", "new", "--pipeline", "wholesale", "--now", "2026-11-07T12:00").code == 0
    now = "2026-11-09T10:00"
    assert sorted(row["id"] for row in report(crm, now=now)["rows"]) == stale(crm, now) == ["D-2", "D-3"]


def test_a_merged_record_is_as_long_on_its_stage_as_the_first_of_them(crm) -> None:
    now = "2026-11-04T13:00"
    asked = ("--pipeline", "retail", "--owner", "anna", "--allow-duplicate")
    assert crm("create", "deal", "Deal 2", *asked, "--now", "2026-11-03T12:00").code == 0
    assert crm("merge", "D-4", "D-2", "--yes", "--now", "2026-11-04T12:00").code == 0
    assert "D-4" in stale(crm, now)
    assert sorted(row["id"] for row in report(crm, now=now)["rows"]) == stale(crm, now)


def test_later_events_leave_the_past_alone(crm) -> None:
    assert [row["id"] for row in report(crm, "--as-of", "2026-11-04T11:00")["rows"]] == ["D-1"]


def test_groups_are_by_what_rows_name_already(crm) -> None:
    rows = report(crm, "retail", "--by", "owner")["rows"]
    assert [(row["owner"], row["id"]) for row in rows] == [("anna", "D-3"), ("oleg", "D-2")]
    table = crm("report", "aging", "retail", "--by", "owner", "--now", "2026-11-07T12:00").out
    assert table.count("Owner") == 1


def test_people_read_titles_and_programs_ids(crm) -> None:
    assert "Новая" in crm("report", "aging", "retail", "--explain", "--now", "2026-11-07T12:00").out
    assert crm("report", "aging", "retail", "-o", "ids", "--now", "2026-11-07T12:00").out == "D-2\nD-3\n"
