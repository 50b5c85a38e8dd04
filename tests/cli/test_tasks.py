"""Tasks as records: what `create task` makes of types and templates, and which commands know them."""

import json
from pathlib import Path

import pytest

TASKS = """
version: 1
types:
  call: {title: Звонок, clients: one}
  visit: {title: Визит, clients: one, require: [place], fields: {floor: {type: integer}}}
categories: [{id: calls, title: Звонки}]
templates:
  round: {title: Обзвон, type: group_call, category: calls, due: +1d}
  first: {title: Первый звонок, aliases: [начало], type: call, due: +2h, remind: -1h, assignee: oleg,
          checklist: [цена, срок], priority: high, text: Здравствуйте!, results: [spoke]}
results:
  spoke: {title: Поговорили, fields: {mood: {type: text, default: fine}}}
"""
CONFIGURATION = """
version: 1
name: Test
currency: UAH
pipelines: pipelines
tasks: tasks.yaml
users: [{id: anna}, {id: oleg}]
"""
PIPELINE = """
version: 1
pipeline: leads
record: lead
stages:
  - {stage: contact}
  - {stage: won, outcome: won}
  - {stage: lost, outcome: lost}
"""


@pytest.fixture(autouse=True)
def _workspace(laid_out, crm) -> None:
    laid_out(crmctl=CONFIGURATION, tasks=TASKS, leads=PIPELINE)
    for name in ("Ирина", "Олег", "Инна"):
        assert crm("create", "lead", name, "-q").code == 0


def shown(crm, record: str) -> dict[str, object]:
    return json.loads(crm("show", record, "-o", "json").out)


def test_a_task_takes_from_its_template_what_is_not_given(crm) -> None:
    assert crm("create", "task", "--template", "начало", "--for", "L-1").out == "T-1\n"
    task = shown(crm, "T-1")
    assert task["title"] == "Первый звонок"
    assert (task["type"], task["template"], task["for"]) == ("call", "first", ["L-1"])
    assert (task["due"], task["remind_at"]) == ("2026-11-21T12:00:00+00:00", "2026-11-21T11:00:00+00:00")
    assert (task["assignee"], task["author"]) == ("oleg", "anna")
    assert (task["checklist"], task["priority"], task["text"]) == (["цена", "срок"], "high", "Здравствуйте!")
    assert task["status"] == "new"
    assert "mood" not in task


def test_what_is_given_goes_before_the_template(crm) -> None:
    given = ("Перезвонить", "--due", "2026-12-01", "--assignee", "anna", "-s", "priority=low")
    crm("create", "task", *given, "--template", "first", "--for", "L-1")
    task = shown(crm, "T-1")
    assert (task["title"], task["assignee"], task["priority"]) == ("Перезвонить", "anna", "low")
    assert (task["due"], task["remind_at"]) == ("2026-12-01T00:00:00+00:00", "2026-11-30T23:00:00+00:00")


@pytest.mark.parametrize(
    ("more", "kind"),
    [((), "internal"), (("--for", "L-1"), "client"), (("-s", "type=звонок", "--for", "L-1"), "call")],
)
def test_a_task_without_a_template_has_the_type_of_its_clients_or_the_one_named(crm, more, kind: str) -> None:
    assert crm("create", "task", "Дело", *more).code == 0
    assert shown(crm, "T-1")["type"] == kind


def test_a_task_goes_to_the_owner_of_its_client(crm) -> None:
    crm("update", "L-1", "-s", "owner=oleg")
    crm("create", "task", "Дело", "--for", "L-1")
    crm("create", "task", "Дело")
    assert [shown(crm, each)["assignee"] for each in ("T-1", "T-2")] == ["oleg", "anna"]


def test_a_round_of_calls_is_exactly_one_call_a_client_and_one_run(crm) -> None:
    ran = crm("create", "task", "--template", "round", "--for", "L-1,L-2", "--for", "L-3", "--for", "L-1")
    assert ran.out == "T-1\nT-2\nT-3\n"
    tasks = [shown(crm, each) for each in ran.out.split()]
    assert [task["for"] for task in tasks] == [["L-1"], ["L-2"], ["L-3"]]
    assert {(task["type"], task["template"], task["category"]) for task in tasks} == {
        ("call", "round", "calls")
    }
    assert crm("undo", "R-1", "--yes").code == 0
    assert crm("list", "tasks", "--count").out == "0\n"


@pytest.mark.parametrize(
    ("argv", "code", "told"),
    [
        (("--template", "first", "--for", "L-9"), 4, "L-9 does not exist"),
        (("--template", "first"), 2, "for one client, not for none"),
        (("--template", "first", "--for", "L-1,L-2"), 2, "for one client, not for 2: L-1, L-2"),
        (("--template", "round", "--for", "L-1"), 2, "for two clients or more, not for 1: L-1"),
        (("-s", "type=internal", "--for", "L-1"), 2, "for no client, not for 1: L-1"),
        (("--for", "T-1"), 2, "T-1 is no lead, contact, company or deal"),
        (("--due", "yesterday"), 2, "due: 2026-11-20 00:00 is in the past"),
        (("--due", "2026-11-21T09:59"), 2, "due: 2026-11-21 09:59 is in the past"),
        (("--template", "frist", "--for", "L-1"), 2, 'unknown task template "frist"'),
        (("--template", "first", "-s", "type=client", "--for", "L-1"), 2, 'is of type "call", not "client"'),
        (("-s", "status=done"), 2, "a new task is not done"),
        (("-s", "result=spoke"), 2, "result cannot be set by hand"),
        (("--pipeline", "leads"), 2, "task records have no stages"),
    ],
)  # fmt: skip
def test_what_a_task_cannot_be_is_refused_by_name(crm, argv: tuple[str, ...], code: int, told: str) -> None:
    ran = crm("create", "task", "Дело", *argv)
    assert (ran.code, told in ran.err) == (code, True), ran.err
    assert crm("list", "tasks", "--count").out == "0\n"


def test_a_task_may_be_due_on_the_present_day(crm) -> None:
    assert crm("create", "task", "Дело", "--due", "today").code == 0
    assert crm("list", "tasks", "--where", "overdue", "--count").out == "0\n"


def test_what_a_type_requires_is_asked_for_with_the_command_that_mends_it(crm) -> None:
    ran = crm("create", "task", "Дело", "-s", "type=visit", "--for", "L-1")
    assert (ran.code, "-s place='<Place>'" in ran.err) == (1, True)
    assert (
        crm(
            "create", "task", "Дело", "-s", "type=visit", "--for", "L-1", "-s", "place=Офис", "-s", "floor=2"
        ).code
        == 0
    )
    assert crm("update", "T-1", "--unset", "place").code == 1


def test_many_tasks_come_as_json(crm) -> None:
    document = '[{"template": "first", "for": ["L-1"]}, {"title": "Дело"}]'
    assert crm("create", "task", "--from", "-", stdin=document).out == "T-1\nT-2\n"


def test_flags_and_views_know_tasks(crm, monkeypatch: pytest.MonkeyPatch) -> None:
    crm("create", "task", "Первое", "--due", "tomorrow")
    crm("create", "task", "Второе", "--assignee", "oleg")
    crm("create", "task", "Третье", "-s", "status=waiting")
    found = {
        where: crm("filter", "tasks", where, "-o", "ids").out.split()
        for where in ("open", "waiting", "done", "author = me and assignee != me")
    }
    assert found == {
        "open": ["T-1", "T-2", "T-3"],
        "waiting": ["T-3"],
        "done": [],
        "author = me and assignee != me": ["T-2"],
    }
    assert crm("list", "tasks", "--view", "mine", "-o", "ids").out.split() == ["T-1", "T-3"]
    monkeypatch.setenv("CRMCTL_NOW", "2026-11-23T10:00:00+00:00")
    assert crm("list", "tasks", "--view", "overdue", "-o", "ids").out.split() == ["T-1"]


def test_the_card_of_a_client_shows_its_open_tasks_the_first_due_first(crm) -> None:
    crm("create", "task", "Потом", "--for", "L-1", "--due", "+5d")
    crm("create", "task", "Сначала", "--for", "L-1", "--due", "+1d")
    crm("create", "task", "Чужое", "--for", "L-2")
    card = crm("show", "L-1").out
    assert card.index("Сначала") < card.index("Потом")
    assert "Чужое" not in card
    tasks = json.loads(crm("show", "L-1", "--with", "tasks", "-o", "json").out)["tasks"]
    assert [task["id"] for task in tasks] == ["T-2", "T-1"]
    assert "L-1  Ирина  (for)" in crm("show", "T-1").out


def test_tasks_are_searched_exported_and_missed_when_their_client_is_deleted(crm) -> None:
    crm("create", "task", "Подарок", "--for", "L-1")
    assert "T-1" in crm("search", "подарок").out
    assert "T-1,task,Подарок,client" in crm("export", "tasks").out
    assert "1 record refers to L-1: T-1" in crm("delete", "L-1", "--yes").err


def test_changing_a_task_keeps_to_what_it_may_be(crm) -> None:
    crm("create", "task", "Дело", "--for", "L-1")
    assert "is not ended by an update" in crm("update", "T-1", "-s", "status=done").err
    assert "is in the past" in crm("update", "T-1", "-s", "due=yesterday").err
    assert "for one client, not for 2" in crm("update", "T-1", "-s", "for+=L-2").err
    assert crm("update", "T-1", "-s", "status=in progress", "-s", "due=+3d").code == 0
    assert shown(crm, "T-1")["status"] == "in_progress"


def test_a_task_is_assigned_to_its_assignee(crm) -> None:
    crm("create", "task", "Дело", "-s", "assignee=anna")
    assert crm("assign", "T-1", "--to", "oleg").code == 0
    task = shown(crm, "T-1")
    assert (task["assignee"], "owner" in task) == ("oleg", False)


def test_an_error_in_the_file_of_tasks_stops_only_what_has_to_do_with_tasks(crm, tmp_path: Path) -> None:
    crm("create", "task", "Дело", "--for", "L-1")
    (tmp_path / "tasks.yaml").write_text("version: 1\ntemplates: {a: {type: unknown}}\n", "utf-8")
    for argv in (("list", "tasks"), ("create", "task", "Дело"), ("update", "T-1", "-s", "comment=1")):
        ran = crm(*argv)
        assert (ran.code, ran.err.splitlines()[-1]) == (3, "hint: crmctl validate")
    for argv in (
        ("create", "lead", "Нина"),
        ("show", "L-1"),
        ("move", "L-1", "won"),
        ("status",),
        ("search", "Инна"),
    ):
        assert crm(*argv).code == 0
    assert "1 error" in crm("status").out
    for argv in (("status",), ("search", "Дело")):
        assert "note: tasks were not looked at: tasks.yaml has errors" in crm(*argv).err
    assert "note" not in crm("search", "Инна", "--type", "lead").err


def test_without_a_file_of_tasks_there_are_the_built_in_types(workspace: Path, crm) -> None:
    configuration = workspace / "crmctl.yaml"
    configuration.write_text(configuration.read_text("utf-8").replace("tasks: tasks.yaml\n", ""), "utf-8")
    crm("create", "lead", "Ирина", "-q")
    ran = crm("create", "task", "Встреча", "-s", "type=meeting", "--for", "L-1")
    assert (ran.code, "3 required fields are empty" in ran.err) == (1, True)


def test_several_watchers_are_named_with_commas_and_an_assignee_is_one(crm, edit) -> None:
    crm("create", "task", "Дело", "--for", "L-1", "-s", "watchers=oleg,anna")
    assert shown(crm, "T-1")["watchers"] == ["oleg", "anna"]
    edit("crmctl.yaml", "users: [{id: anna}, {id: oleg}]\n", "")
    crm("update", "T-1", "-s", "watchers=ira, oleg")
    assert shown(crm, "T-1")["watchers"] == ["ira", "oleg"]
    crm("update", "T-1", "-s", "watchers-=ira,oleg")
    assert "watchers" not in shown(crm, "T-1")
    ran = crm("create", "task", "Дело", "--for", "L-1", "--assignee", "anna,oleg")
    assert (ran.code, '"anna,oleg" is more than one user' in ran.err) == (2, True)


def test_a_user_with_a_comma_in_the_name_is_one(crm, edit) -> None:
    edit("crmctl.yaml", "{id: oleg}", "{id: oleg, name: 'Петренко, Олег'}")
    crm(
        "create",
        "task",
        "Дело",
        "--for",
        "L-1",
        "-s",
        "watchers=Петренко, Олег",
        "--assignee",
        "Петренко, Олег",
    )
    task = shown(crm, "T-1")
    assert (task["watchers"], task["assignee"]) == (["oleg"], "oleg")


def test_who_is_no_user_becomes_neither_author_nor_assignee(crm, edit) -> None:
    edit("tasks.yaml", "assignee: oleg", "assignee: me")
    crm("create", "task", "Дело", "--for", "L-1", "--user", "zzz")
    crm("create", "task", "--template", "first", "--for", "L-1", "--user", "zzz")
    for each in ("T-1", "T-2"):
        task = shown(crm, each)
        assert (task["created_by"], "author" in task) == ("zzz", False)
    assert "assignee" not in shown(crm, "T-2")
    assert "zzz" not in crm("validate", "--data").out


def test_what_is_left_of_several_refusals_is_a_list_and_tells_the_exit_code(crm) -> None:
    for _ in range(2):
        crm("create", "task", "Дело", "--for", "L-1")
    crm("cancel", "T-2")
    ran = crm("take", "T-1", "T-2", "--partial", "-o", "json")
    assert (ran.code, [task["id"] for task in json.loads(ran.out)]) == (7, ["T-1"])
    assert json.loads(ran.err.splitlines()[0])["error"]["exit_code"] == 7
    assert json.loads(crm("take", "T-2", "-o", "json").err)["error"]["exit_code"] == 1


def test_an_agenda_names_people_and_in_csv_has_their_ids(crm, edit) -> None:
    edit("crmctl.yaml", "{id: oleg}", "{id: oleg, name: Олег Петренко}")
    crm("create", "task", "Дело", "--for", "L-1", "--assignee", "oleg")
    assert "Олег Петренко" in crm("agenda", "--everyone").out
    assert ",oleg\n" in crm("agenda", "--everyone", "-o", "csv").out.replace("\r", "")


def test_templates_come_as_json_without_what_is_empty(crm) -> None:
    assert json.loads(crm("tasks", "templates", "-o", "json").out)[0] == {
        "id": "round",
        "title": "Обзвон",
        "type": "group_call",
        "category": "calls",
        "due": "+1d",
        "results": ["done"],
    }
