"""What is said of a task: twice, in vain, of another one, or too late; and the commands that hints name."""

import json
import shlex
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _workspace(club: Path) -> None:
    """Every test has L-1 and a call to them."""


def shown(crm, record: str) -> dict[str, object]:
    return json.loads(crm("show", record, "-o", "json").out)


def hinted(err: str) -> list[str]:
    """Return the words of the command that a hint names."""
    hint = next(line for line in err.splitlines() if line.startswith("hint: crmctl "))
    return shlex.split(hint)[2:]


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("-s", "result=bought"), '"thinking; bought" are 2 values'),
        (("-s", "status=new"), "status is not set with a result"),
        (("-s", "for=L-2"), "for is not set with a result"),
        (("--next", "cold_call:+1d", "-s", "due=2026-12-01"), 'due: --next says when already, "+1d"'),
        (("--no-next", "-s", "due=+3d"), "due: nothing comes next that it could be for"),
        (("--no-next", "-s", "remind_at=-1h"), "remind_at: nothing comes next that it could be for"),
        (("--next", "internal"), '"internal" is for nobody, and no next step for L-1'),
        (("-s", "refusal_reason=far"), 'only tasks of result "refused" have it'),
        (("-s", "due=2026-12-01", "-s", "remind_at=2026-12-02T09:00"), "is after due, 2026-12-01 00:00"),
    ],
)  # fmt: skip
def test_what_is_said_twice_in_vain_or_of_other_tasks_ends_none(
    crm, argv: tuple[str, ...], told: str
) -> None:
    ran = crm("complete", "T-1", "--result", "thinking", *argv)
    assert (ran.code, told in ran.err) == (2, True), ran.err
    assert shown(crm, "T-1")["status"] == "new"


def test_a_time_for_the_next_task_is_in_vain_where_the_result_ends_the_chain(crm) -> None:
    ran = crm("complete", "T-1", "--result", "bought", "-s", "due=+1d")
    assert (ran.code, "due: nothing comes next" in ran.err) == (2, True)


def test_a_next_task_for_nobody_is_refused_with_a_move_too(crm) -> None:
    ran = crm("move", "L-1", "won", "--next", "order_water")
    assert (ran.code, '"order_water" is for nobody' in ran.err) == (2, True)
    assert crm(*hinted(ran.err)).code == 0


def test_an_internal_task_may_be_followed_by_an_internal_one(crm) -> None:
    crm("create", "task", "--template", "order_water", "-q")
    assert crm("complete", "T-2", "--next", "order_water:+1w").code == 0
    assert shown(crm, "T-3")["template"] == "order_water"


def test_the_hint_for_a_task_that_is_over_takes_back_what_ended_it(crm) -> None:
    crm("complete", "T-1", "--result", "thinking")
    crm("update", "L-1", "-s", "comment=позже")
    ran = crm("complete", "T-1", "--result", "nothing_of_the_kind")
    assert (ran.code, 'T-1 "Звонки холодным клиентам" is done' in ran.err) == (1, True)
    assert crm(*hinted(ran.err)).code == 0
    assert (shown(crm, "T-1")["status"], shown(crm, "L-1")["comment"]) == ("new", "позже")


@pytest.mark.parametrize(
    "argv",
    [
        ("update", "T-1", "-s", "due=+9d"),
        ("update", "T-1", "-s", "for=L-2"),
        ("update", "T-1", "-s", "title=Другое"),
        ("update", "T-1", "-s", "status=new"),
        ("assign", "T-1", "--to", "oleg"),
    ],
)
def test_a_task_that_is_over_is_not_planned_again(crm, argv: tuple[str, ...]) -> None:
    crm("create", "lead", "Олег", "-q")
    crm("complete", "T-1", "--result", "trial", "-s", "visit_date=2026-12-01", "-s", "group=Йога")
    ran = crm(*argv)
    assert (ran.code, 'T-1 "Звонки холодным клиентам" is done' in ran.err) == (1, True)


def test_what_came_of_a_task_may_be_corrected_afterwards(crm) -> None:
    crm("complete", "T-1", "--result", "trial", "-s", "visit_date=2026-12-01", "-s", "group=Йога")
    for given in ("group=Пилатес", "comment=Хочет утром", "place=Клуб"):
        assert crm("update", "T-1", "-s", given).code == 0


@pytest.mark.parametrize("named", ["", ","])
def test_clients_that_are_none_make_no_internal_task(crm, named: str) -> None:
    ran = crm("create", "task", "Позвонить", "--for", named)
    assert (ran.code, "--for names nobody" in ran.err) == (2, True)
    assert crm("list", "tasks", "--count").out == "1\n"


def test_no_clients_on_standard_input_make_no_task(crm) -> None:
    ran = crm("create", "task", "Позвонить", "--for", "-", stdin="")
    assert (ran.code, ran.out, ran.err) == (0, "", "nothing to change\n")
    assert crm("create", "task", "Позвонить", "--for", "-", "-o", "json", stdin="").out == "[]\n"
    assert crm("create", "task", "Позвонить", "--for", "-", stdin="L-1\n").out == "T-2\n"


def test_a_date_that_the_next_task_is_due_by_is_named_where_it_is_over(crm) -> None:
    ran = crm("complete", "T-1", "--result", "trial", "-s", "visit_date=2020-01-01")
    assert ran.code == 2
    assert "visit_date (Дата, когда удобно посетить): 2020-01-01 00:00 is in the past" in ran.err
    ran = crm("complete", "T-1", "--result", "trial", "-s", "visit_date=2020-01-01", "-o", "json")
    assert shown(crm, "T-1")["status"] == "new"


@pytest.mark.parametrize("argv", [("--no-next",), ("--next", "cold_call:+1d")])
def test_a_time_is_not_asked_for_where_it_is_said_or_nothing_comes_next(crm, argv: tuple[str, ...]) -> None:
    assert crm("complete", "T-1", "--result", "call_back", *argv).code == 0


def test_a_reminder_counts_back_from_the_due_time(crm) -> None:
    crm("create", "task", "Дело", "--for", "L-1", "--due", "2026-12-01T15:00", "-s", "remind_at=-1h", "-q")
    assert shown(crm, "T-2")["remind_at"] == "2026-12-01T14:00:00+02:00"
    crm("update", "T-2", "-s", "due=2026-12-02T15:00", "-s", "remind_at=-30min")
    assert shown(crm, "T-2")["remind_at"] == "2026-12-02T14:30:00+02:00"
    crm("complete", "T-1", "--result", "thinking", "-s", "due=2026-12-05T12:00", "-s", "remind_at=-2h")
    assert shown(crm, "T-3")["remind_at"] == "2026-12-05T10:00:00+02:00"


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("-s", "remind_at=-1h"), '"-1h" counts from due, which is empty'),
        (("--due", "2026-12-01T10:00", "-s", "remind_at=2026-12-01T11:00"), "is after due, 2026-12-01 10:00"),
        (("--due", "2026-12-01T10:00", "-s", "remind_at=2026-11-20"), "2026-11-20 00:00 is in the past"),
        (("--due", "+1h", "-s", "remind_at=-2h"), "is in the past"),
        (("--due", "today", "-s", "remind_at=tomorrow"), "is after due, 2026-11-21 00:00"),
        (("--due", "+2d", "-s", "remind_at=-soon"), 'remind_at: "-soon": not a date'),
        (("-s", "visit_date=2026-12-01"), 'only tasks of result "trial" have it'),
    ],
)
def test_a_reminder_that_is_too_late_or_over_makes_no_task(crm, argv: tuple[str, ...], told: str) -> None:
    ran = crm("create", "task", "Дело", "--for", "L-1", *argv)
    assert (ran.code, told in ran.err) == (2, True), ran.err


def test_on_a_whole_day_a_reminder_may_come_at_any_hour(crm) -> None:
    given = ("--due", "2026-12-01", "-s", "remind_at=2026-12-01T09:00")
    assert crm("create", "task", "Дело", "--for", "L-1", *given).code == 0
    ran = crm("update", "T-2", "-s", "remind_at=2026-12-02T09:00")
    assert (ran.code, "is after due" in ran.err) == (2, True)


def test_a_template_of_another_type_does_not_fit_a_task(crm) -> None:
    ran = crm("update", "T-1", "-s", "template=send_info")
    assert (ran.code, 'template "send_info" is of type "client", not "call"' in ran.err) == (2, True)
    assert crm("update", "T-1", "-s", "template=potential_call").code == 0
    assert crm("update", "T-1", "-s", "template=invite_yoga").code == 0


def test_a_task_that_a_colleague_is_at_is_taken_over_only_with_a_yes(crm) -> None:
    crm("take", "T-1", "--user", "oleg")
    ran = crm("take", "T-1")
    assert (ran.code, 'T-1 "Звонки холодным клиентам" is in progress with oleg' in ran.err) == (1, True)
    assert shown(crm, "T-1")["assignee"] == "oleg"
    assert crm("take", "T-1", "--user", "oleg").code == 0
    assert crm(*hinted(ran.err)).code == 0
    assert shown(crm, "T-1")["assignee"] == "anna"


def test_no_time_is_no_time_to_reschedule_to(crm) -> None:
    ran = crm("reschedule", "T-1", "")
    assert (ran.code, "no time is named" in ran.err) == (2, True)
    assert "due" in shown(crm, "T-1")
    assert crm(*hinted(ran.err)).code == 0
    assert "due" not in shown(crm, "T-1")


def test_what_is_no_lead_is_given_up_by_a_command_that_it_knows(crm) -> None:
    assert crm(*hinted(crm("reject", "T-1").err)).code == 0
    assert shown(crm, "T-1")["status"] == "cancelled"
    crm("create", "contact", "Олег", "-q")
    ran = crm("reject", "C-1")
    assert (ran.code, ran.err) == (2, 'error: C-1 "Олег" is no lead\n')


def test_ids_of_tasks_are_among_those_that_are_told(crm) -> None:
    assert "T-5" in crm("complete", "-").err


def test_a_view_and_a_pipeline_of_other_records_are_told_as_that(crm) -> None:
    ran = crm("list", "tasks", "--view", "no-next-step")
    assert (ran.code, "is of lead and deal records" in ran.err) == (2, True)
    assert crm(*hinted(ran.err)).code == 0
    ran = crm("list", "tasks", "--pipeline", "leads")
    assert (ran.code, "task records have no pipelines" in ran.err) == (2, True)


def test_the_answer_is_what_was_asked_for_and_what_follows_is_told_beside_it(crm, edit) -> None:
    old = "{stage: choose, title: Подобрать абонемент,"
    edit("pipelines/memberships.yaml", old, f"{old} on_enter: [{{task: cold_call}}],")
    ran = crm("create", "deal", "Абонемент")
    assert (ran.out, 'T-2 "Звонки холодным клиентам" created' in ran.err) == ("D-1\n", True)
    assert crm("create", "deal", "Абонемент", "-o", "ids").out == "D-2\n"
    assert json.loads(crm("create", "deal", "Абонемент", "-o", "json").out)["id"] == "D-3"
    assert crm("convert", "L-1", "--to", "contact,deal").out == "C-1\nD-4\n"
    assert crm("complete", "T-1", "--result", "thinking", "-o", "ids").out == "T-1\n"
    given = ("-s", "amount=5", "--next", "cold_call", "-o", "json")
    assert json.loads(crm("move", "D-1", "payment", *given).out)["id"] == "D-1"


def test_a_workspace_without_templates_knows_the_types_as_what_comes_next(crm, tmp_path: Path) -> None:
    folder = tmp_path / "b2b"
    assert crm("init", "--template", "b2b", "-q", "-C", str(folder)).code == 0
    crm("create", "lead", "A", "-q", "-C", str(folder))
    crm("create", "task", "Позвонить", "--for", "L-1", "-q", "-C", str(folder))
    ran = crm("complete", "T-1", "-C", str(folder))
    assert (ran.code, "hint: crmctl complete T-1 -C" in ran.err) == (1, True)
    assert ran.err.endswith(" --next '<Template>'\n")
    assert crm("complete", "T-1", "--next", "call:2026-12-01", "-C", str(folder)).code == 0
    ran = crm("complete", "T-2", "--next", "<Template>", "-C", str(folder))
    assert (ran.code, "one of: call, group_call, client" in ran.err) == (2, True)
