"""The open tasks of a record that is closed: what becomes of them, and what is told."""

import json
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _workspace(club: Path) -> None:
    """Every test has L-1 and a call to them."""


def shown(crm, record: str) -> dict[str, object]:
    return json.loads(crm("show", record, "-o", "json").out)


def test_the_open_tasks_of_a_converted_lead_go_on_with_the_deal(crm) -> None:
    crm("create", "task", "Письмо", "--for", "L-1", "-q")
    crm("create", "task", "Старое", "--for", "L-1", "-q")
    crm("cancel", "T-3", "-q")
    ran = crm("convert", "L-1", "--to", "contact,deal")
    assert (ran.code, ran.out) == (0, "C-1\nD-1\n")
    assert "note: T-1, T-2 went from L-1 to D-1\n" in ran.err
    assert [shown(crm, each)["for"] for each in ("T-1", "T-2", "T-3")] == [["D-1"], ["D-1"], ["L-1"]]
    assert crm("filter", "deals", "idle", "-o", "ids").out == ""
    assert crm("undo").code == 0
    assert shown(crm, "T-1")["for"] == ["L-1"]


def test_where_a_lead_becomes_no_deal_its_tasks_go_on_with_the_contact(crm) -> None:
    crm("convert", "L-1", "--to", "contact")
    assert shown(crm, "T-1")["for"] == ["C-1"]


def test_a_dry_run_of_a_conversion_shows_the_tasks_that_would_go_on(crm) -> None:
    ran = crm("convert", "L-1", "--to", "deal", "-n")
    assert "~ for: L-1 -> D-1" in ran.out
    assert shown(crm, "T-1")["for"] == ["L-1"]


def test_the_next_task_named_with_a_move_that_converts_is_for_the_deal(crm, edit) -> None:
    old = "{stage: won, title: Купил абонемент, outcome: won"
    edit("pipelines/leads.yaml", old, f"{old}, on_enter: [{{convert: [deal]}}]")
    crm("cancel", "T-1", "-q")
    assert crm("move", "L-1", "won", "--next", "cold_call:+1d").code == 0
    assert shown(crm, "T-2")["for"] == ["D-1"]
    assert crm("undo").code == 0
    assert crm("filter", "tasks", "open", "--count").out == "0\n"


def test_the_open_tasks_of_a_lost_record_stay_and_are_told_of(crm) -> None:
    ran = crm("reject", "L-1", "--reason", "spam")
    assert (ran.code, "note: 1 open task for L-1: crmctl cancel T-1\n" in ran.err) == (0, True)
    assert shown(crm, "T-1")["status"] == "new"
    assert "open task" not in crm("update", "L-1", "-s", "comment=x").err


def test_of_many_open_tasks_the_command_finds_them(crm) -> None:
    for number in range(11):
        crm("create", "task", f"Дело {number}", "--for", "L-1", "-q")
    ran = crm("move", "L-1", "lost", "--reason", "spam")
    told = "note: 12 open tasks for L-1: crmctl filter tasks 'open and for = L-1' -o ids | crmctl cancel -\n"
    assert told in ran.err


def test_of_several_lost_records_the_tasks_are_told_together(crm) -> None:
    crm("create", "lead", "Олег", "-q")
    crm("create", "task", "Дело", "--for", "L-2", "-q")
    ran = crm("reject", "L-1", "L-2", "--reason", "spam")
    assert "note: 2 open tasks for 2 records that are lost: crmctl cancel T-1 T-2\n" in ran.err


def test_the_task_that_is_to_follow_a_loss_is_not_told_of_as_left(crm) -> None:
    crm("cancel", "T-1", "-q")
    ran = crm("move", "L-1", "lost", "--reason", "spam", "--next", "cold_call:+30d")
    assert (ran.code, "open task" in ran.err) == (0, False)


def test_an_import_that_loses_records_tells_of_their_tasks(crm, club: Path) -> None:
    (club / "leads.csv").write_text("id,stage,reject_reason\nL-1,lost,spam\n", "utf-8")
    ran = crm("import", "leads", "leads.csv")
    assert (ran.code, "note: 1 open task for L-1: crmctl cancel T-1\n" in ran.err) == (0, True)
