import json
from pathlib import Path

import pytest

NOW = ("--now", "2026-11-20T12:00")


@pytest.fixture(autouse=True)
def leads(workspace: Path, crm) -> None:
    """Give the workspace leads that somebody works on, and others."""
    for number, (name, owner) in enumerate((("Ирина", "anna"), ("Олег", "oleg"), ("Павел", "anna")), 1):
        ran = crm("create", "lead", name, "--owner", owner, "--now", f"2026-11-1{number}T12:00")
        assert ran.code == 0, ran.err
    for client in ("L-1", "L-2", "L-3"):
        ran = crm("create", "task", "Звонок", "-s", "type=call", "--for", client, *NOW)
        assert ran.code == 0, ran.err
    ran = crm("complete", "T-1", "--result", "call_back", "--no-next", *NOW)
    assert ran.code == 0, ran.err
    crm("cancel", "T-3", *NOW)


def report(crm, *argv: str) -> dict:
    ran = crm("report", "backlog", *argv, "-o", "json", *NOW)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_rows_have_the_keys_of_the_contract(crm) -> None:
    told = report(crm, "leads")
    assert told["rows"] == [
        {"id": "L-2", "title": "Олег", "owner": "oleg", "days": 8.0},
        {"id": "L-3", "title": "Павел", "owner": "anna", "days": 7.0},
    ]
    assert [(row["owner"], row["count"]) for row in told["owners"]] == [("anna", 1), ("oleg", 1)]


def test_over_several_pipelines_each_row_names_its_own(crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "retail", "--owner", "anna", "--now", "2026-11-14")
    rows = report(crm)["rows"]
    assert [(row["pipeline"], row["id"]) for row in rows] == [
        ("leads", "L-2"),
        ("leads", "L-3"),
        ("retail", "D-1"),
    ]
    assert list(rows[0]) == ["pipeline", "id", "title", "owner", "days"]
    assert {row["pipeline"] for row in report(crm, "--by", "owner")["rows"]} == {"leads", "retail"}


def test_the_columns_of_both_tables_are_explained(crm) -> None:
    told = report(crm, "--explain")
    explained = told["explain"]["definitions"]
    assert {"days", "count", "median_days", "oldest_days"} <= explained.keys()
    assert explained.keys() <= {*told["rows"][0], *told["owners"][0]}


def test_ids_alone_go_on_to_other_commands(crm) -> None:
    assert crm("report", "backlog", "-o", "ids", *NOW).out.split() == ["L-2", "L-3"]
    assert [row["ids"] for row in report(crm, "--ids")["rows"]] == [["L-2"], ["L-3"]]


def test_filters_periods_and_pipelines_narrow(crm) -> None:
    assert [row["id"] for row in report(crm, "--where", "owner = oleg")["rows"]] == ["L-2"]
    assert [row["id"] for row in report(crm, "--period", "2026-11-13..")["rows"]] == ["L-3"]
    assert report(crm, "retail")["rows"] == []


def test_as_of_a_day_later_events_have_not_happened(crm) -> None:
    asked = ("report", "backlog", "-o", "json", "--as-of", "2026-11-15", *NOW)
    before = crm(*asked).out
    crm("complete", "T-2", "--result", "call_back", "--no-next", *NOW)
    crm("move", "L-3", "in_work", *NOW)
    assert crm(*asked).out == before
    assert [row["id"] for row in json.loads(before)["rows"]] == ["L-1", "L-2", "L-3"]


def test_people_read_the_records_and_then_how_many_each_owner_has(crm) -> None:
    lines = crm("report", "backlog", *NOW).out.splitlines()
    assert lines[0] == "backlog: 2 records"
    assert "backlog: by owner" in lines
    grouped = crm("report", "backlog", "--by", "owner", *NOW).out.splitlines()
    assert [line.split()[1] for line in grouped[3:5]] == ["L-3", "L-2"]
