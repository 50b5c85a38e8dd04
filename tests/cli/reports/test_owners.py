import json
from pathlib import Path

import pytest

NOW = ("--now", "2026-11-20T12:00")


@pytest.fixture(autouse=True)
def work(workspace: Path, crm) -> None:
    """Give the workspace deals of two owners and of none, and tasks of a third."""
    for title, owner, day in (("Acme", "anna", "10-02"), ("Beta", "oleg", "10-03"), ("Gamma", "", "11-04")):
        owned = ("--owner", owner) if owner else ()
        made = crm(
            "create",
            "deal",
            title,
            "--pipeline",
            "retail",
            "-s",
            "amount=100",
            *owned,
            "--now",
            f"2026-{day}",
        )
        assert made.code == 0, made.err
    crm("move", "D-2", "lost", "--reason", "price", "--now", "2026-11-10")
    crm("create", "task", "Чай", "-s", "type=internal", "--assignee", "olga", "--now", "2026-10-01")
    crm("complete", "T-1", "--now", "2026-11-02")
    crm(
        "create", "task", "Отчёт", "-s", "type=internal", "--assignee", "anna", "--due", "2026-10-05",
        "--now", "2026-10-01",
    )  # fmt: skip


def report(crm, *argv: str) -> dict:
    ran = crm("report", "owners", *argv, "-o", "json", *NOW)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_rows_have_the_keys_of_the_contract(crm) -> None:
    rows = {row["owner"]: row for row in report(crm)["rows"]}
    assert list(rows["oleg"].items()) == [
        ("owner", "oleg"),
        ("new", 1),
        ("open", 0),
        ("won", 0),
        ("lost", 1),
        ("amount", {}),
        ("win_rate", 0.0),
        ("tasks_done", 0),
        ("overdue", 0),
    ]
    assert rows["anna"]["overdue"] == 1
    assert rows["olga"]["tasks_done"] == 1
    assert rows[None]["new"] == 1


def test_the_ids_of_a_figure_are_those_that_the_same_filter_lists(crm) -> None:
    rows = {row["owner"]: row for row in report(crm, "--ids")["rows"]}
    for owner, figure, records, where in (
        ("anna", "open_ids", "deals", "owner = anna and open"),
        ("oleg", "lost_ids", "deals", "owner = oleg and lost"),
        ("anna", "overdue_ids", "tasks", "assignee = anna and overdue"),
        ("olga", "tasks_done_ids", "tasks", "assignee = olga and done"),
    ):
        assert rows[owner][figure] == crm("filter", records, where, "-o", "ids", *NOW).out.split()


def test_open_is_how_it_was_at_the_end_of_a_period_that_is_over(crm) -> None:
    rows = {row["owner"]: row for row in report(crm, "--period", "2026-10")["rows"]}
    assert (rows["oleg"]["open"], rows["oleg"]["lost"]) == (1, 0)
    assert rows[None]["open"] == 0
    assert report(crm, "--period", "2026-10")["totals"]["tasks_done"] == 0
    assert report(crm, "--period", "2026-11")["totals"]["tasks_done"] == 1


def test_as_of_a_day_later_events_have_not_happened(crm) -> None:
    asked = ("report", "owners", "-o", "json", "--as-of", "2026-11-15")
    before = crm(*asked, *NOW).out
    crm("move", "D-1", "lost", "--reason", "price", *NOW)
    crm("assign", "D-3", "--to", "oleg", *NOW)
    crm("complete", "T-2", *NOW)
    assert crm(*asked, *NOW).out == before


def test_people_read_names(crm) -> None:
    out = crm("report", "owners", "--period", "this-month", *NOW).out.splitlines()
    assert out[0] == "owners, work this-month"
    assert any(line.startswith("(none)") for line in out)
    assert out[-1].startswith("All")
