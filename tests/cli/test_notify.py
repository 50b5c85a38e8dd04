"""The action `notify`: a line in somebody's agenda that a stage puts there."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def notifying(workspace: Path, crm, edit) -> None:
    """Leads of which oleg, the owner and whoever acts hear when they come to be worked; L-1 is maria's."""
    edit(
        "pipelines/leads.yaml",
        "{stage: in_work,",
        "{stage: in_work, on_enter: [{notify: oleg}, {notify: owner}],",
    )
    crm("create", "lead", "Ирина", "--owner", "maria")
    assert crm("validate").code == 0


def agenda(crm, user: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(crm("agenda", "--assignee", user, "-o", "json").out)
    return found


def test_a_stage_puts_a_line_into_the_agenda_of_those_it_names(notifying: None, crm) -> None:
    ran = crm("move", "L-1", "in_work")
    assert "not carried out" not in ran.err
    assert crm("agenda", "--assignee", "oleg").out.splitlines()[0] == "Notices (1)"
    (line,) = agenda(crm, "oleg")
    assert (line["title"], line["part"], line["type"]) == ("L-1 Ирина -> Взят в работу", "notices", "notice")
    assert [each["assignee"] for each in agenda(crm, "maria")] == ["maria"]
    assert agenda(crm, "anna") == []


def test_it_is_told_by_remind_once(notifying: None, crm) -> None:
    crm("move", "L-1", "in_work")
    told = json.loads(crm("remind", "-o", "json").out)
    assert [(each["id"], each["assignee"]) for each in told] == [("T-1", "oleg"), ("T-2", "maria")]
    assert crm("remind").out == ""


def test_it_is_put_away_as_a_task_is_and_never_late(notifying: None, crm) -> None:
    crm("move", "L-1", "in_work")
    assert crm("--now", "+30d", "filter", "tasks", "overdue", "-o", "ids").out == ""
    assert crm("complete", "T-1").code == 0
    assert agenda(crm, "oleg") == []
    assert crm("remind", "--assignee", "oleg").out == ""


def test_it_is_no_next_step_of_the_record(notifying: None, crm) -> None:
    crm("move", "L-1", "in_work")
    assert "T-1" not in crm("show", "L-1", "--with", "tasks").out
    assert crm("filter", "leads", "idle", "-o", "ids").out == "L-1\n"


def test_an_undo_takes_it_back(notifying: None, crm) -> None:
    crm("move", "L-1", "in_work")
    assert crm("undo").code == 0
    assert agenda(crm, "oleg") == []
    assert crm("remind").out == ""


def test_a_record_that_comes_through_several_stages_is_told_of_once(notifying: None, crm, edit) -> None:
    edit(
        "pipelines/leads.yaml",
        "on_enter: [{notify: oleg}",
        "on_leave: [{notify: oleg}], on_enter: [{set: {stage: qualified}}, {notify: oleg}",
    )
    crm("move", "L-1", "in_work")
    (line,) = agenda(crm, "oleg")
    assert line["title"].startswith("L-1 Ирина -> ")
    assert not line["title"].endswith("Взят в работу")


def test_tests_of_the_process_do_not_count_it_among_the_tasks(notifying: None, workspace: Path, crm) -> None:
    Path("own.test.yaml").write_text(
        "version: 1\ntests:\n"
        "  - {name: a, given: {lead: {stage: new}}, when: {move: in_work}, expect: {tasks: []}}\n"
    )
    ran = crm("test", "own.test.yaml")
    assert ran.code == 0, ran.out


def test_where_the_rules_for_tasks_are_broken_nothing_moves_that_nobody_would_be_told_of(
    notifying: None, crm, edit
) -> None:
    edit("tasks.yaml", "version: 1", "version: 1\nnonsense: 1")
    ran = crm("move", "L-1", "in_work")
    assert ran.code == 3
    assert "nonsense" in ran.err
    assert crm("list", "leads", "--where", "stage = in_work", "--count").out == "0\n"
