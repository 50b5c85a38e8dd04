"""`wait`: a pause with a client, as a task that waits."""

import json
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _lead(empty_club: None, crm) -> None:
    crm("create", "lead", "Ирина")


def task(crm, task_id: str = "T-1") -> dict[str, object]:
    return json.loads(crm("show", task_id, "-o", "json").out)


def test_a_wait_is_a_task_of_the_client_that_waits(crm) -> None:
    ran = crm("wait", "L-1", "--until", "+3d", "--note", "думает")
    assert (ran.code, ran.out) == (0, "T-1\n")
    found = task(crm)
    assert (found["type"], found["status"], found["for"]) == ("wait", "waiting", ["L-1"])
    assert (found["due"], found["comment"]) == ("2026-11-24T00:00:00+02:00", "думает")
    assert crm("list", "tasks", "--where", "waiting", "-o", "ids").out == "T-1\n"


@pytest.mark.parametrize("kind", ["contact", "company", "deal"])
def test_any_client_can_be_waited_for(crm, kind: str) -> None:
    record = crm("create", kind, "Олег").out.strip()
    assert crm("wait", record, "--until", "tomorrow").code == 0
    assert task(crm)["for"] == [record]


@pytest.mark.parametrize(
    ("argv", "code", "told"),
    [
        (("L-1", "--until", "yesterday"), 2, "is in the past"),
        (("L-1", "--until", "когда-нибудь"), 2, "not a date"),
        (("L-1", "--until", " "), 2, "--until says nothing"),
        (("L-1",), 2, "missing option '--until'"),
        (("L-9", "--until", "+1d"), 4, "lead L-9 does not exist"),
        (("P-1", "--until", "+1d"), 2, "is no lead, contact, company or deal"),
    ],
)
def test_a_wait_that_means_nothing_is_refused(crm, argv: tuple[str, ...], code: int, told: str) -> None:
    crm("create", "product", "Абонемент", "-s", "price=100")
    ran = crm("wait", *argv)
    assert (ran.code, told in ran.err) == (code, True), ran.err
    assert crm("list", "tasks", "--count").out == "0\n"


def test_who_waits_already_waits_until_the_new_time(crm) -> None:
    crm("wait", "L-1", "--until", "+3d", "--note", "думает")
    again = crm("wait", "L-1", "--until", "+5d", "--note", "просил позже")
    assert (again.code, again.out) == (0, "T-1\n")
    assert (task(crm)["due"], task(crm)["comment"]) == ("2026-11-26T00:00:00+02:00", "думает\nпросил позже")
    same = crm("wait", "L-1", "--until", "+5d")
    assert (same.code, same.out, same.err) == (0, "T-1\n", "nothing to change\n")
    assert json.loads(crm("wait", "L-1", "--until", "+6d", "-o", "json").out)["id"] == "T-1"
    crm("undo")
    crm("undo")
    assert (task(crm)["due"], task(crm)["comment"]) == ("2026-11-24T00:00:00+02:00", "думает")


def test_a_wait_that_is_over_is_followed_by_another(crm) -> None:
    crm("wait", "L-1", "--until", "+3d")
    crm("cancel", "T-1")
    assert crm("wait", "L-1", "--until", "+5d").out == "T-2\n"


def test_several_wait_at_once_as_one_run(crm) -> None:
    crm("create", "lead", "Олег")
    assert crm("wait", "-", "--until", "+3d", stdin="L-1\nL-2\n").out == "T-1\nT-2\n"
    assert crm("undo", "R-1", "--yes").code == 0
    assert crm("list", "tasks", "--count").out == "0\n"


def test_a_wait_is_a_next_step_and_is_due_when_its_time_has_come(crm) -> None:
    assert crm("filter", "leads", "idle", "-o", "ids").out == "L-1\n"
    crm("wait", "L-1", "--until", "+3d")
    assert crm("filter", "leads", "idle", "-o", "ids").out == ""

    def part(now: str) -> str:
        return json.loads(crm("agenda", "-o", "json", "--now", now).out)[0]["part"]

    assert [part(f"2026-11-{day}T12:00:00+02:00") for day in (21, 24, 25)] == ["next", "today", "overdue"]


def test_a_wait_ends_by_hand_with_what_comes_next(crm) -> None:
    crm("wait", "L-1", "--until", "+3d")
    assert "does not say what comes next" in crm("complete", "T-1").err
    assert crm("complete", "T-1", "--next", "call:+1d").code == 0
    assert (task(crm)["status"], task(crm, "T-2")["previous_task"]) == ("done", "T-1")


def test_a_dry_run_waits_for_nobody(crm) -> None:
    ran = crm("wait", "L-1", "--until", "+3d", "-n")
    assert (ran.code, '+ create T-1 "Ожидание"' in ran.out) == (0, True)
    assert crm("list", "tasks", "--count").out == "0\n"


def test_any_task_of_the_type_waits_from_the_beginning(crm) -> None:
    crm("create", "task", "-s", "type=wait", "--for", "L-1", "--due", "+1d")
    assert task(crm)["status"] == "waiting"


def test_errors_in_the_file_of_tasks_stop_it(crm) -> None:
    Path("tasks.yaml").write_text("version: 1\ntypes: 5\n", "utf-8")
    assert crm("wait", "L-1", "--until", "+3d").code == 3
