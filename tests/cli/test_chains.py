"""Tasks that end with a result: what it asks for, where it leads the record, and which task comes next."""

import json
from pathlib import Path

import pytest

TASKS = """
version: 1
templates:
  call: {title: Звонок, type: call, due: +1d, results: talk}
  offer: {title: Выслать предложение, type: client, due: +2d, results: [ordered, silent]}
  round: {title: Обзвон, type: group_call, results: [silent]}
  water: {title: Заказать воду, type: internal}
  meet: {title: Встреча, type: meeting}
results:
  trial:
    title: Пробное занятие
    require: [visit_date, {field: guide, when: 'comment is empty'}]
    fields: {visit_date: {type: date}, guide: {type: text}}
    next: {task: offer, due: visit_date}
    move: visit
  call_back: {title: Перезвонить, require: [due], next: {task: same, due: due}}
  think: {title: Думает, next: {task: call, due: +3d, assignee: oleg}}
  ordered: {title: Заказал, ends: sale, move: won}
  good: {title: Хороший лид, convert: {to: [contact, deal]}, next: offer}
  lost: {title: Отказ, ends: refusal, move: lost}
  silent: {title: Молчит}
result_sets: {talk: [trial, call_back, think, ordered, good, lost, silent]}
"""
CONFIGURATION = """
version: 1
name: Test
currency: UAH
pipelines: pipelines
tasks: tasks.yaml
default: {lead: leads, deal: deals}
users: [{id: anna}, {id: oleg}]
lists: {lost_reason: [price, time]}
fields: {deal: {visit_date: {type: date}, ticket: {type: text}}}
"""
LEADS = """
version: 1
pipeline: leads
record: lead
stages: [{stage: contact}, {stage: good, outcome: won}, {stage: bad, outcome: lost}]
"""
DEALS = """
version: 1
pipeline: deals
record: deal
stages:
  - {stage: first, on_enter: [{task: call}]}
  - {stage: visit, require: [visit_date], on_leave: [{task: offer, due: visit_date, assignee: oleg}]}
  - {stage: won, outcome: won, require: [ticket]}
  - {stage: lost, outcome: lost, require: [lost_reason]}
reasons: {list: lost_reason}
"""


@pytest.fixture(autouse=True)
def _workspace(laid_out, crm) -> None:
    laid_out(crmctl=CONFIGURATION, tasks=TASKS, leads=LEADS, deals=DEALS)
    assert crm("create", "deal", "Acme", "-q").code == 0


def shown(crm, record: str) -> dict[str, object]:
    return json.loads(crm("show", record, "-o", "json").out)


def open_tasks(crm) -> list[str]:
    return crm("filter", "tasks", "open", "-o", "ids").out.split()


def test_a_stage_creates_its_task_with_the_record_that_enters_it(crm) -> None:
    task = shown(crm, "T-1")
    assert (task["for"], task["template"], task["due"]) == (["D-1"], "call", "2026-11-22T00:00:00+00:00")
    assert crm("undo").code == 0
    assert crm("list", "tasks", "--count").out == "0\n"


def test_a_task_of_a_stage_may_be_due_by_a_date_of_the_record(crm) -> None:
    crm("move", "D-1", "visit", "-s", "visit_date=2026-12-05")
    crm("move", "D-1", "won", "-s", "ticket=7")
    task = shown(crm, "T-2")
    assert (task["template"], task["due"], task["assignee"]) == ("offer", "2026-12-05T00:00:00+00:00", "oleg")


def test_a_refused_move_creates_no_task(crm) -> None:
    assert crm("move", "D-1", "visit", "--next", "offer").code == 1
    assert open_tasks(crm) == ["T-1"]


def test_a_move_names_the_next_task_with_its_time(crm) -> None:
    crm("create", "lead", "Ирина", "-q")
    assert crm("move", "L-1", "good", "--next", "выслать предложение:2026-12-01").code == 0
    task = shown(crm, "T-2")
    assert (task["template"], task["due"], task["for"]) == ("offer", "2026-12-01T00:00:00+00:00", ["L-1"])


@pytest.mark.parametrize(
    ("following", "told"),
    [("ofer", "did you mean"), ("offer:yesterday", "is in the past"), ("offer:soon", '"soon"')],
)
def test_a_next_task_that_cannot_be_is_refused_with_the_move(crm, following: str, told: str) -> None:
    ran = crm("move", "D-1", "lost", "--reason", "price", "--next", following)
    assert (ran.code, told in ran.err or "one of:" in ran.err) == (2, True)
    assert shown(crm, "D-1")["stage"] == "first"


def test_imports_create_the_tasks_of_stages_only_where_that_is_wanted(crm, tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text("title\nBeta\nGamma\n", "utf-8")
    assert "2 more records" in crm("import", "deals", "deals.csv", "--run-actions").err
    assert [shown(crm, each)["for"] for each in ("T-2", "T-3")] == [["D-2"], ["D-3"]]
    (tmp_path / "more.csv").write_text("title\nDelta\n", "utf-8")
    crm("import", "deals", "more.csv")
    assert open_tasks(crm) == ["T-1", "T-2", "T-3"]


def test_a_result_creates_the_next_task_for_the_same_client(crm) -> None:
    assert crm("complete", "T-1", "--result", "думает", "--note", "До зарплаты").code == 0
    done, following = shown(crm, "T-1"), shown(crm, "T-2")
    assert (done["status"], done["result"], done["comment"]) == ("done", "think", "До зарплаты")
    assert done["closed_at"] == "2026-11-21T10:00:00+00:00"
    assert (following["for"], following["previous_task"]) == (["D-1"], "T-1")
    assert (following["due"], following["assignee"]) == ("2026-11-24T00:00:00+00:00", "oleg")


def test_the_same_task_again_is_due_when_the_result_says(crm) -> None:
    crm("update", "T-1", "-s", "priority=high", "-s", "watchers=oleg")
    ran = crm("complete", "T-1", "--result", "call_back")
    assert (ran.code, "-s due='<Due>'" in ran.err) == (1, True)
    assert crm("complete", "T-1", "--result", "call_back", "-s", "due=2026-12-01T15:30").code == 0
    done, again = shown(crm, "T-1"), shown(crm, "T-2")
    assert done["due"] == "2026-11-22T00:00:00+00:00"
    assert (again["template"], again["due"]) == ("call", "2026-12-01T15:30:00+00:00")
    assert (again["priority"], again["watchers"]) == ("high", ["oleg"])


def test_a_result_moves_the_record_with_the_fields_that_it_asks_for(crm) -> None:
    ran = crm("complete", "T-1", "--result", "trial")
    assert (ran.code, "-s visit_date='<visit_date>' -s guide='<guide>'" in ran.err) == (1, True)
    assert (
        crm("complete", "T-1", "--result", "trial", "-s", "visit_date=2026-12-05", "-s", "guide=Олег").code
        == 0
    )
    assert (shown(crm, "D-1")["stage"], shown(crm, "D-1")["visit_date"]) == ("visit", "2026-12-05")
    assert shown(crm, "T-2")["due"] == "2026-12-05T00:00:00+00:00"


def test_a_gate_that_refuses_the_record_leaves_the_task_as_it_was(crm) -> None:
    ran = crm("complete", "T-1", "--result", "ordered")
    assert ran.code == 1
    assert 'T-1 "Звонок" cannot end with "ordered": D-1 "Acme" cannot move to "won"' in ran.err
    assert (
        "crmctl complete T-1 --result ordered -s deal.visit_date='<visit_date>' -s deal.ticket='<ticket>'"
        in ran.err
    )
    assert shown(crm, "T-1")["status"] == "new"
    given = ("-s", "deal.visit_date=2026-12-01", "-s", "ticket=7")
    assert crm("complete", "T-1", "--result", "ordered", *given).code == 0
    assert (shown(crm, "T-1")["status"], shown(crm, "D-1")["stage"]) == ("done", "won")


def test_all_that_a_result_did_is_undone_as_one(crm) -> None:
    crm("complete", "T-1", "--result", "trial", "-s", "visit_date=2026-12-05", "-s", "guide=Олег")
    ran = crm("undo")
    assert (ran.code, "(complete by anna): T-1, D-1, T-2" in ran.err) == (0, True)
    assert (shown(crm, "T-1")["status"], shown(crm, "D-1")["stage"]) == ("new", "first")
    assert open_tasks(crm) == ["T-1"]


def test_a_refusal_takes_the_reason_that_the_lost_stage_asks_for(crm) -> None:
    assert "deal.lost_reason" in crm("complete", "T-1", "--result", "lost").err
    assert crm("complete", "T-1", "--result", "lost", "-s", "lost_reason=price").code == 0
    assert (shown(crm, "D-1")["stage"], open_tasks(crm)) == ("lost", [])


def test_a_result_converts_the_lead_and_the_next_task_is_for_the_deal(crm) -> None:
    crm("create", "lead", "Ирина", "-s", "first_name=Ирина", "-q")
    crm("create", "task", "--template", "call", "--for", "L-1", "-q")
    assert crm("complete", "T-2", "--result", "good", "-s", "deal.ticket=7").code == 0
    assert shown(crm, "L-1")["converted_to"] == ["C-1", "D-2"]
    assert shown(crm, "D-2")["ticket"] == "7"
    found = {shown(crm, each)["template"]: shown(crm, each)["for"] for each in open_tasks(crm)[1:]}
    assert found == {"call": ["D-2"], "offer": ["D-2"]}


def test_the_one_open_deal_of_a_contact_is_what_its_task_moves(crm) -> None:
    crm("create", "contact", "Ирина", "-q")
    crm("update", "D-1", "-s", "contact=C-1")
    crm("create", "task", "--template", "offer", "--for", "C-1", "-q")
    crm("create", "deal", "Beta", "-s", "contact=C-1", "-q")
    ran = crm("complete", "T-2", "--result", "ordered")
    assert (ran.code, "could be about D-1, D-2" in ran.err) == (2, True)
    crm("move", "D-2", "lost", "--reason", "price")
    given = ("-s", "visit_date=2026-12-01", "-s", "ticket=7")
    assert crm("complete", "T-2", "--result", "ordered", *given).code == 0
    assert shown(crm, "D-1")["stage"] == "won"


def test_a_task_does_not_end_without_a_result_or_with_one_of_other_tasks(crm) -> None:
    ran = crm("complete", "T-1")
    assert (ran.code, "hint: crmctl complete T-1 --result '<Result>'" in ran.err) == (1, True)
    crm("create", "task", "--template", "offer", "--for", "D-1", "-q")
    ran = crm("complete", "T-2", "--result", "trial")
    assert (ran.code, ran.err) == (
        2,
        'error: unknown result "trial" of this task\nhint: one of: ordered, silent\n',
    )


def test_a_chain_does_not_break_off_unless_somebody_says_so(crm) -> None:
    ran = crm("complete", "T-1", "--result", "silent")
    assert (ran.code, "or --no-next where nothing does" in ran.err) == (1, True)
    assert "hint: crmctl complete T-1 --result silent --next '<Template>'\n" in ran.err
    assert crm("complete", "T-1", "--result", "silent", "--no-next").code == 0
    assert "no next step" in crm("log", "T-1").out
    crm("create", "task", "--template", "offer", "--for", "D-1", "-q")
    assert crm("complete", "T-2", "--result", "silent", "--next", "call:+5d").code == 0
    assert shown(crm, "T-3")["due"] == "2026-11-26T00:00:00+00:00"
    assert crm("complete", "T-3", "--result", "think", "--no-next").code == 0
    assert open_tasks(crm) == []
    assert crm("complete", "T-3", "--next", "call", "--no-next").code == 2


def test_an_internal_task_is_simply_done(crm) -> None:
    crm("create", "task", "--template", "water", "-q")
    assert crm("complete", "T-2").code == 0
    assert (shown(crm, "T-2")["result"], open_tasks(crm)) == ("done", ["T-1"])


def test_a_call_of_a_round_ends_with_the_results_of_the_round(crm) -> None:
    crm("create", "deal", "Beta", "-q")
    crm("create", "task", "--template", "round", "--for", "D-1,D-2", "-q")
    assert crm("complete", "T-3", "--result", "silent", "--next", "round").code == 0
    assert (shown(crm, "T-5")["type"], shown(crm, "T-5")["for"]) == ("call", ["D-1"])


def test_what_a_dry_run_of_a_completion_would_do_is_told_and_not_done(crm) -> None:
    ran = crm("complete", "T-1", "--result", "think", "-n")
    assert (ran.code, "+ create T-2" in ran.out, "~ status: new -> done" in ran.out) == (0, True, True)
    assert crm("complete", "T-1", "--result", "ordered", "-n").code == 1
    assert shown(crm, "T-1")["status"] == "new"


def test_taking_a_task_makes_it_mine_and_begins_it(crm) -> None:
    crm("update", "T-1", "-s", "assignee=oleg")
    assert crm("take", "T-1").code == 0
    assert (shown(crm, "T-1")["status"], shown(crm, "T-1")["assignee"]) == ("in_progress", "anna")


def test_a_cancelled_task_leads_nowhere_and_stays_as_it_is(crm) -> None:
    assert crm("cancel", "T-1", "--note", "Сам позвонил").code == 0
    assert (shown(crm, "T-1")["status"], shown(crm, "T-1")["comment"]) == ("cancelled", "Сам позвонил")
    assert open_tasks(crm) == []
    for argv in (
        ("take", "T-1"),
        ("complete", "T-1", "--result", "think"),
        ("reschedule", "T-1", "+1d"),
        ("cancel", "T-1"),
    ):
        ran = crm(*argv)
        assert (ran.code, 'T-1 "Звонок" is cancelled' in ran.err) == (1, True)


def test_a_reminder_keeps_its_distance_from_another_due_time(crm) -> None:
    crm("update", "T-1", "-s", "due=2026-11-22T12:00", "-s", "remind_at=2026-11-22T11:30")
    assert crm("reschedule", "T-1", "2026-12-01T15:00").code == 0
    assert shown(crm, "T-1")["remind_at"] == "2026-12-01T14:30:00+00:00"
    ran = crm("reschedule", "T-1", "yesterday")
    assert (ran.code, "is in the past" in ran.err) == (2, True)
    assert crm("reschedule", "T-1", "whenever").code == 2


@pytest.mark.parametrize(
    "argv", [("take", "D-1"), ("cancel", "D-1"), ("complete", "D-1"), ("reschedule", "D-1", "+1d")]
)
def test_only_tasks_are_worked_as_tasks(crm, argv: tuple[str, ...]) -> None:
    ran = crm(*argv)
    assert (ran.code, 'D-1 "Acme" is no task' in ran.err) == (2, True)


def test_an_agenda_begins_with_what_is_late_and_ends_with_what_has_no_date(
    crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm("create", "task", "Сегодня", "--due", "2026-11-23T15:00", "--for", "D-1")
    crm("create", "task", "Когда-нибудь")
    crm("create", "task", "Позже", "--due", "2027-01-15")
    crm("create", "task", "Скоро", "--due", "2026-11-30")
    crm("create", "task", "Чужое", "--assignee", "oleg")
    monkeypatch.setenv("CRMCTL_NOW", "2026-11-23T10:00:00+00:00")
    lines = [line.split("  ")[0] for line in crm("agenda").out.splitlines() if line and line[0] not in "I-"]
    assert lines == [
        *("Overdue (1)", "T-1", "Today (1)", "T-2", "Next 7 days (1)", "T-5"),
        *("Without a date (1)", "T-3"),
    ]  # fmt: skip
    ran = crm("agenda", "-o", "json")
    assert [(each["id"], each["part"]) for each in json.loads(ran.out)] == [
        ("T-1", "overdue"),
        ("T-2", "today"),
        ("T-5", "next"),
        ("T-3", "undated"),
    ]
    assert "1 due later" in ran.err
    assert crm("agenda", "--days", "60", "-o", "ids").out.split() == ["T-1", "T-2", "T-5", "T-4", "T-3"]
    assert crm("agenda", "--assignee", "oleg", "-o", "ids").out.split() == ["T-6"]
    assert "T-6" in crm("agenda", "--everyone", "-o", "ids").out
    assert crm("agenda", "--assignee", "nobody").code == 2


def test_without_rules_for_tasks_nothing_is_done_that_would_create_one(crm, tmp_path: Path) -> None:
    (tmp_path / "tasks.yaml").write_text(
        "version: 1\ntemplates: {call: {type: unknown}, offer: {type: client}}\n", "utf-8"
    )
    ran = crm("create", "deal", "Beta")
    assert (ran.code, "tasks.yaml:2:" in ran.err, "unknown" in ran.err) == (3, True, True)
    assert crm("create", "lead", "Ирина").code == 0
    assert crm("move", "L-1", "good", "--next", "offer").code == 3
    (tmp_path / "deals.jsonl").write_text('{"title": "Gamma"}\n', "utf-8")
    assert crm("import", "deals", "deals.jsonl", "--run-actions", "--partial").code == 3
    assert crm("list", "deals", "--count").out == "1\n"
    assert crm("agenda").code == 3
    assert crm("complete", "T-1", "--result", "think").code == 3


def test_a_stage_whose_template_is_gone_stops_only_what_would_create_that_task(crm, edit) -> None:
    edit("pipelines/deals.yaml", "on_enter: [{task: call}]", "on_enter: [{task: ring}]")
    assert "deals.yaml:6" in crm("validate").out
    assert (crm("list", "deals").code, crm("agenda").code) == (0, 0)
    ran = crm("create", "deal", "Beta")
    assert (ran.code, 'there is no task template "ring"' in ran.err) == (3, True)
    assert crm("create", "deal", "Beta", "--stage", "visit", "-s", "visit_date=2026-12-05").code == 0
    assert crm("create", "task", "Дело", "--for", "D-1").code == 0
    assert "1 error" in crm("status").out
    assert "ring: no such template" in crm("tasks", "graph", "-o", "mermaid").out
