"""What was done for a client: on its card, on that of its company, in the log."""

import json

import pytest

pytestmark = pytest.mark.usefixtures("calling")


def test_the_history_of_a_client_has_what_was_done_for_it(crm) -> None:
    crm("complete", "T-1", "--result", "think", "--note", "До зарплаты")
    crm("cancel", "T-2", "--note", "Уехал")
    card = crm("show", "D-1", "--with", "history").out
    assert 'complete  T-1 "Звонок"  Думает  До зарплаты' in card
    assert 'cancel  T-2 "Звонок"  Уехал' in card
    history = json.loads(crm("show", "D-1", "--with", "history", "-o", "json").out)["history"]
    assert [(each["op"], each["id"], each.get("comment")) for each in history] == [
        ("create", "D-1", None),
        ("complete", "T-1", "До зарплаты"),
        ("cancel", "T-2", "Уехал"),
    ]
    assert (history[1]["result"], history[1]["title"]) == ("think", "Звонок")
    assert "history" not in json.loads(crm("show", "D-1", "-o", "json").out)


def test_what_was_taken_back_is_not_told_as_done(crm) -> None:
    crm("complete", "T-1", "--result", "think")
    crm("undo")
    assert "complete" not in crm("show", "D-1", "--with", "history").out


def test_a_company_has_the_tasks_and_the_work_of_its_contacts_and_deals(crm) -> None:
    crm("create", "company", "Acme", "-q")
    crm("create", "contact", "Ирина", "-s", "companies=O-1", "-q")
    crm("update", "D-1", "-s", "company=O-1", "-s", "contact=C-1")
    crm("create", "task", "--template", "call", "--for", "C-1")
    crm("create", "task", "--template", "call", "--for", "O-1", "--due", "+9d")
    crm("complete", "T-1", "--result", "think", "--note", "До зарплаты")
    tasks = json.loads(crm("show", "O-1", "--with", "tasks", "-o", "json").out)["tasks"]
    assert [each["for"] for each in tasks] == [["C-1"], ["D-1"], ["O-1"]]
    card = crm("show", "O-1", "--with", "tasks,history").out
    assert 'complete  T-1 "Звонок" for D-1 Acme  Думает  До зарплаты' in card
    assert "T-2  2026-11-22  Звонок  (anna)  C-1 Ирина" in card
    assert "T-2" not in crm("show", "O-1").out
    mine = json.loads(crm("show", "C-1", "--with", "tasks", "-o", "json").out)["tasks"]
    assert [each["id"] for each in mine] == ["T-2", "T-4"]


@pytest.mark.parametrize(
    ("operation", "argv"),
    [
        ("take", ("take", "T-1")),
        ("complete", ("complete", "T-1", "--result", "think")),
        ("cancel", ("cancel", "T-1")),
        ("reschedule", ("reschedule", "T-1", "+3d")),
    ],
)
def test_the_log_is_narrowed_to_what_is_done_with_tasks(crm, operation: str, argv: tuple[str, ...]) -> None:
    crm(*argv)
    found = json.loads(crm("log", "--operation", operation, "-o", "json").out)
    assert [(each["op"], each["id"]) for each in found] == [(operation, "T-1")]


def test_the_end_of_a_chain_tells_of_a_record_that_stays_open_without_a_next_step(crm) -> None:
    crm("create", "task", "--template", "call", "--for", "D-1")
    told = (
        'note: D-1 "Acme" is still open, and has no next step: crmctl move D-1 STAGE, or crmctl create task'
    )
    assert "note" not in crm("complete", "T-1", "--result", "ordered").err
    assert told in crm("complete", "T-2", "--result", "ordered", "-n").err
    assert told in crm("complete", "T-2", "--result", "ordered").err


def test_the_end_of_a_chain_says_nothing_of_a_record_that_it_closes(crm, edit) -> None:
    edit("tasks.yaml", "ends: sale", "ends: sale, move: won")
    assert "note" not in crm("complete", "T-1", "--result", "ordered").err
