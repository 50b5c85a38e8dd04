"""`status` and `board`: the workspace and a pipeline at a glance."""

import json
from pathlib import Path


def test_the_board_has_a_column_a_stage_with_counts_and_sums(workspace: Path, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale", "-s", "amount=100")
    crm("create", "deal", "Beta", "--pipeline", "wholesale", "-s", "amount=50")
    board = json.loads(crm("board", "wholesale", "-o", "json").out)
    first = board["columns"][0]
    assert (first["stage"], first["count"], first["amount"]) == ("new", 2, {"UAH": "150.00"})
    assert [card["title"] for card in first["cards"]] == ["Acme", "Beta"]
    assert all(column["outcome"] == "open" for column in board["columns"])


def test_closed_stages_are_shown_on_demand(workspace: Path, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale")
    crm("move", "D-1", "lost", "--reason", "price")
    assert "1 closed record not shown" in crm("board", "wholesale").err
    assert "Сделка провалена" in crm("board", "wholesale", "--all").out


def test_a_board_is_filtered_and_its_cards_show_the_fields_wanted(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина", "-s", "source=website")
    crm("create", "lead", "Олег")
    out = crm("board", "leads", "--where", "source = website", "--fields", "title,source").out
    assert "Сайт" in out
    assert "Олег" not in out


def test_status_counts_what_is_open_late_and_unassigned(workspace: Path, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale", "-s", "close_date=2020-01-01")
    crm("create", "lead", "Ирина", "--owner", "anna")
    found = json.loads(crm("status", "-o", "json").out)
    deals = {"all": 1, "open": 1, "unassigned": 1, "overdue": 1, "stale": 0, "no_next_step": 1}
    assert found["records"]["deals"] == deals
    assert found["records"]["leads"]["unassigned"] == 0
    assert (found["last_import"], found["configuration"]) == (
        None,
        {"errors": 0, "warnings": 0, "applied": True},
    )


def test_status_names_the_last_import(workspace: Path, crm) -> None:
    (workspace / "leads.csv").write_text("title\nИрина\n", "utf-8")
    crm("import", "leads", "leads.csv")
    assert json.loads(crm("status", "-o", "json").out)["last_import"]["run"] == "R-1"
    assert "last import: R-1" in crm("status").out
