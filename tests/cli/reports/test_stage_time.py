import json
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def moved(workspace, crm) -> None:
    """Give the workspace a deal won by a way back, one lost and reopened, one that never moved."""
    for title, owner in (("Acme", "anna"), ("Beta", "oleg"), ("Gamma", "anna")):
        given = ("-s", "payment_details=cash", "-s", "waybill=20450123456789", "--owner", owner)
        created = crm("create", "deal", title, "--pipeline", "retail", *given, "--now", "2026-11-01T12:00")
        assert created.code == 0, created.err
    for number, stage, day in (
        (1, "shipping", 3),
        (1, "new", 5),
        (1, "won", 9),
        (2, "lost", 4),
        (2, "shipping", 8),
    ):
        reason = ("--reason", "price") if stage == "lost" else ()
        ran = crm("move", f"D-{number}", stage, *reason, "--now", f"2026-11-{day:02d}T12:00")
        assert ran.code == 0, ran.err


def report(crm, *argv: str) -> Any:
    ran = crm("report", "stage-time", "retail", *argv, "-o", "json", "--now", "2026-11-20T12:00")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def row(crm, stage: str, *argv: str) -> Any:
    return next(row for row in report(crm, *argv)["rows"] if row["stage"] == stage)


def test_the_keys_are_those_of_the_contract(crm) -> None:
    assert row(crm, "new") == {
        "stage": "new",
        "n": 3,
        "median": 3.0,
        "mean": 3.0,
        "p90": 3.8,
        "open": 1,
        "open_median": 19.0,
    }
    assert row(crm, "lost")["mean"] == 4.0
    assert report(crm)["totals"]["n"] == 5
    assert report(crm)["notes"] == ["Розница: 2 records moved back, each stay counted by itself"]


def test_the_ids_of_open_stays_are_those_that_the_same_filter_lists(crm) -> None:
    for each in report(crm, "--ids")["rows"]:
        asked = f"pipeline = retail and stage = {each['stage']} and open"
        assert each["open_ids"] == crm("filter", "deals", asked, "-o", "ids").out.split()
    assert row(crm, "new", "--ids")["n_ids"] == ["D-1", "D-2"]


def test_a_report_of_the_past_has_the_stays_that_had_ended_by_then(crm) -> None:
    assert row(crm, "new", "--as-of", "2026-11-04T13:00")["n"] == 2
    assert row(crm, "shipping", "--as-of", "2026-11-04T13:00")["open"] == 1


def test_a_period_has_the_stays_that_ended_in_it(crm) -> None:
    assert row(crm, "new", "--period", "2026-11-04")["n"] == 1
    assert row(crm, "new", "--period", "2026-11-01..2026-11-04")["open"] == 1


def test_groups_stand_under_the_name_of_their_field(crm) -> None:
    found = {(each["owner"], each["stage"]): each["n"] for each in report(crm, "--by", "owner")["rows"]}
    assert (found["anna", "new"], found["oleg", "new"], found["oleg", "lost"]) == (2, 1, 1)


def test_a_deal_that_went_to_another_pipeline_stayed_in_the_old_one_until_then(crm) -> None:
    crm("move", "D-3", "--pipeline", "wholesale", "--stage", "new", "--now", "2026-11-11T12:00")
    crm("move", "D-3", "new", "--pipeline", "wholesale", "--now", "2026-11-11T12:00")
    assert (row(crm, "new")["n"], row(crm, "new")["open"]) == (4, 0)


def test_deals_that_came_closed_are_left_out_with_a_note(workspace, crm) -> None:
    (workspace / "deals.csv").write_text("title,stage,lost_reason\nOld,lost,price\n", "utf-8")
    assert crm("import", "deals", "deals.csv", "--pipeline", "retail", "--now", "2026-11-15").code == 0
    told = report(crm, "--explain")
    assert "1 record closed without a history left out" in told["notes"]
    assert told["explain"]["left_out"] == {"history": 1}
    assert told["totals"]["n"] == 5


def test_people_read_titles_and_the_definition(crm) -> None:
    out = crm("report", "stage-time", "retail", "--explain", "--ids", "--now", "2026-11-20T12:00").out
    assert "Передано на отправку" in out
    assert "stays that ended" in out
    assert "Передано на отправку, Open" in out
