"""A wait ends early when its client gets in touch: which messages do, and what the task holds then."""

import json
from pathlib import Path

import pytest

PHONE = "0501234567"
FROM_CLIENT = {"channel": "viber", "from": {"phone": PHONE, "name": "Ирина"}, "text": "Перезвоните"}


@pytest.fixture(autouse=True)
def _club(tmp_path: Path, crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRMCTL_NOW", "2026-11-21T10:00:00+02:00")
    crm("init", "--template", "club", "-q")


def take(crm, **more: object) -> int:
    text = json.dumps({**FROM_CLIENT, **more}, ensure_ascii=False)
    return json.loads(crm("inbox", "-", "-o", "json", stdin=text).out)["waits_ended"]


def task(crm, task_id: str = "T-1") -> dict[str, object]:
    return json.loads(crm("show", task_id, "-o", "json").out)


def test_a_message_ends_the_wait_and_the_task_says_why(crm) -> None:
    crm("create", "lead", "Ирина", "-s", f"phone={PHONE}")
    crm("wait", "L-1", "--until", "+3d", "--note", "думает")
    assert take(crm, at="2026-11-21T12:30:00+02:00") == 1
    found = task(crm)
    assert (found["status"], found["result"]) == ("done", "done")
    assert found["closed_at"] == "2026-11-21T12:30:00+02:00"
    assert found["comment"] == f"думает\nended by a message: viber, Ирина ({PHONE})"
    assert crm("filter", "leads", "idle", "-o", "ids").out == "L-1\n"


@pytest.mark.parametrize(
    ("at", "ended"),
    [("2026-11-21T09:59:59+02:00", 0), ("2026-11-21T10:00:00+02:00", 1), (None, 1)],
)
def test_only_what_came_after_the_wait_began_ends_it(crm, at: str | None, ended: int) -> None:
    crm("create", "lead", "Ирина", "-s", f"phone={PHONE}")
    crm("wait", "L-1", "--until", "+3d")
    assert take(crm, at=at) == ended
    assert task(crm)["status"] == ("done" if ended else "waiting")


def test_messages_in_any_order_end_a_wait_once(crm) -> None:
    crm("create", "lead", "Ирина", "-s", f"phone={PHONE}")
    crm("wait", "L-1", "--until", "+3d")
    moments = ("2026-11-20T10:00Z", "2026-11-21T10:00Z", "2026-11-21T09:00Z")
    lines = (json.dumps({**FROM_CLIENT, "at": at}) for at in moments)
    found = json.loads(crm("inbox", "-", "-o", "json", stdin="\n".join(lines)).out)
    assert (found["joined"], found["waits_ended"]) == (3, 1)


def test_the_waits_of_all_records_of_the_client_end(crm) -> None:
    crm("create", "company", "Ромашка")
    crm("create", "contact", "Ирина", "-s", f"phone={PHONE}", "-s", "companies=O-1")
    crm("create", "contact", "Олег", "-s", "companies=O-1")
    crm("create", "deal", "Личный", "-s", "contact=C-1")
    crm("create", "deal", "Фирмы", "-s", "company=O-1")
    crm("create", "deal", "Олега", "-s", "company=O-1", "-s", "contact=C-2")
    for record in ("C-1", "O-1", "D-1", "D-2", "C-2", "D-3"):
        crm("wait", record, "--until", "+3d")
    assert take(crm) == 4
    assert crm("list", "tasks", "--where", "waiting", "-o", "ids").out.split() == ["T-5", "T-6"]


def test_the_wait_of_a_lead_that_was_converted_meanwhile_ends(crm) -> None:
    crm("create", "lead", "Ирина")
    crm("wait", "L-1", "--until", "+3d")
    crm("convert", "L-1", "--to", "contact")
    crm("update", "C-1", "-s", f"phone={PHONE}")
    assert take(crm) == 1


def test_other_tasks_go_on(crm) -> None:
    crm("create", "lead", "Ирина", "-s", f"phone={PHONE}")
    crm("create", "task", "--template", "cold_call", "--for", "L-1", "-s", "status=waiting")
    crm("wait", "L-1", "--until", "+3d")
    crm("cancel", "T-2")
    assert take(crm) == 0
    assert (task(crm)["status"], task(crm, "T-2")["status"]) == ("waiting", "cancelled")


def test_a_wait_for_two_ends_with_the_first_who_writes(crm) -> None:
    crm("create", "lead", "Ирина", "-s", f"phone={PHONE}")
    crm("create", "lead", "Олег", "-s", "phone=0501234568")
    Path("tasks.yaml").write_text("version: 1\ntypes:\n  wait: {clients: many}\n", "utf-8")
    crm("create", "task", "-s", "type=wait", "--for", "L-1,L-2", "--due", "+3d")
    assert take(crm) == 1
    assert take(crm, **{"from": {"phone": "0501234568"}}) == 0


def test_somebody_unknown_ends_no_wait(crm) -> None:
    crm("create", "lead", "Ирина")
    crm("wait", "L-1", "--until", "+3d")
    assert take(crm) == 0


def test_while_tasks_are_broken_no_message_is_taken_in_that_would_create_one(crm, edit) -> None:
    edit("pipelines/leads.yaml", "{stage: contact,", "{stage: contact, on_enter: [{task: cold_call}],")
    edit("tasks.yaml", "results: personal_call", "results: personal_cal")
    ran = crm("inbox", "-", stdin=json.dumps(FROM_CLIENT))
    assert (ran.code, "tasks.yaml has errors" in ran.err) == (3, True)
    assert crm("list", "leads", "--count").out == "0\n"
