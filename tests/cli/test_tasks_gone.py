"""Tasks under a changed configuration: what holds a template, a result or a user that is gone."""

import json

import pytest

pytestmark = pytest.mark.usefixtures("calling")


@pytest.fixture
def changed(calling, crm, edit) -> None:
    """T-1 done with a result that is gone, T-2 and T-3 open, of a template and a user who are gone."""
    crm("complete", "T-1", "--result", "think")
    crm("create", "task", "--template", "offer", "--for", "D-1", "--assignee", "anna")
    edit("tasks.yaml", "  call: {title", "  ring: {title")
    edit("tasks.yaml", "next: {task: call, due: +3d, assignee: oleg}", "ends: refusal")
    edit("tasks.yaml", "  think: ", "  thought: ")
    edit("tasks.yaml", "[think, call_back,", "[thought, call_back,")
    edit("pipelines/deals.yaml", "{task: call}", "{task: ring}")
    edit("crmctl.yaml", "users: [{id: anna}, {id: oleg}]", "users: [{id: anna}]")
    assert crm("validate").code == 0


@pytest.mark.usefixtures("changed")
def test_a_plan_names_the_tasks_that_hold_what_is_gone(crm) -> None:
    ran = crm("plan")
    assert ran.code == 0
    for told in (
        """1 task with template "call", which is gone: T-2; they stay as they are, """
        """crmctl filter tasks 'open and template = call' lists them""",
        """1 task with assignee "oleg", which is gone: T-2;""",
        """1 task with result "think", which is gone: T-1; they stay as they are, """
        """crmctl filter tasks 'result = think' lists them""",
    ):
        assert told in ran.err
    found = json.loads(crm("plan", "-o", "json").out)["tasks"]
    assert [(each["field"], each["value"], each["tasks"]) for each in found] == [
        ("template", "call", ["T-2"]),
        ("assignee", "oleg", ["T-2"]),
        ("result", "think", ["T-1"]),
    ]


@pytest.mark.usefixtures("changed")
@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("template = call", ["T-1", "T-2"]),
        ("open and template = call", ["T-2"]),
        ("result = think", ["T-1"]),
        ("assignee = oleg", ["T-2"]),
        ("template != call", ["T-3"]),
    ],
)
def test_filters_know_what_is_gone_while_a_task_holds_it(crm, where: str, ids: list[str]) -> None:
    ran = crm("filter", "tasks", where, "-o", "ids")
    assert (ran.code, ran.out.split()) == (0, ids)


@pytest.mark.usefixtures("changed")
def test_a_name_that_nothing_holds_is_refused_with_what_is_archived(crm) -> None:
    ran = crm("filter", "tasks", "template = cal")
    assert (ran.code, "archived: call" in ran.err) == (2, True)


@pytest.mark.usefixtures("changed")
def test_whose_user_is_gone_has_an_agenda_while_their_tasks_are_open(crm) -> None:
    assert crm("agenda", "--assignee", "oleg", "-o", "ids").out.split() == ["T-2"]
    crm("cancel", "T-2")
    assert crm("agenda", "--assignee", "oleg").code == 2


@pytest.mark.usefixtures("changed")
def test_a_task_that_is_over_is_history_to_the_audit(crm) -> None:
    assert "T-2" in crm("validate", "--data").out
    crm("cancel", "T-2")
    assert "T-" not in crm("validate", "--data").out


def test_a_task_that_is_over_is_asked_for_nothing_and_the_same_again_keeps_its_own_fields(crm, edit) -> None:
    edit(
        "tasks.yaml",
        "templates:\n",
        "types: {call: {require: [hall], fields: {hall: {type: text}}}}\ntemplates:\n",
    )
    assert "T-1:1:1: error: hall is empty" in crm("validate", "--data", "-o", "parsable").out
    crm("complete", "T-1", "--result", "think")
    assert "T-1" not in crm("validate", "--data").out
    crm("update", "T-2", "-s", "hall=Малый")
    crm("complete", "T-2", "--result", "call_back", "-s", "due=+2d")
    assert json.loads(crm("show", "T-3", "-o", "json").out)["hall"] == "Малый"
