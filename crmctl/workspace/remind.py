"""`remind`: reminders that are due, told once each: shown, or handed one by one to a program; and to a hook.

What was told is written after it was told. Killed in between, it is told again: none is lost, and one may come twice.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from crmctl.activities.remind import Reminder, due_reminders, moment_to_remind
from crmctl.dates import stored_moment
from crmctl.errors import LockTimeout, Refused
from crmctl.model.records import RecordType, Value
from crmctl.rules.assign import user
from crmctl.storage.interface import Reader
from crmctl.workspace.presentation import Presenters
from crmctl.workspace.task_clients import open_rows
from crmctl.workspace.told_reminders import mark_told, told_reminders
from crmctl.workspace.workspace import Workspace

_OF_CLIENTS = ("id", "record", "title", "phone", "email", "messenger")
"""What a reminder says of the clients of its task: enough to reach them."""

Rows = Sequence[dict[str, object]]
Tell = Callable[[Sequence[Reminder]], Refused | None]
"""Tells reminders; returns why that failed, and then they stay untold."""


class Reminded(msgspec.Struct, frozen=True):
    """The reminders that were told, and why others were not."""

    told: tuple[Reminder, ...] = ()
    failures: tuple[Refused, ...] = ()


def due_now(workspace: Workspace, assignee: str = "") -> list[Reminder]:
    """Return the reminders that are due and untold, of one user or all. Raises WrongUse, NotConfigured."""
    workspace.configuration.check_kind(RecordType.TASK)
    whose = workspace.by if assignee == "me" else assignee and user(assignee, workspace.configuration)
    reader, now = workspace.read(), stored_moment(workspace.now)
    told = told_reminders(reader)
    rows = open_rows(reader, ("id", "due", "remind_at", "assignee"))
    wanted = [
        row.f_id
        for row in rows
        if "" < (at := moment_to_remind(row.f_remind_at, row.f_due)) <= now
        and told.get(row.f_id) != at
        and whose in ("", row.f_assignee)
    ]
    return due_reminders((task for each in wanted if (task := reader.get(each))), told, now)


def remind(workspace: Workspace, assignee: str, tell: Tell, *, one_by_one: bool) -> Reminded:
    """Tell the reminders that are due and mark them told: all at once, or each for itself.

    Raises LockTimeout at once where another process is about it, which is to tell them then.
    """
    if not due_now(workspace, assignee):
        return Reminded()
    with _alone(workspace):
        due = due_now(workspace, assignee)
        lots = [[each] for each in due] if one_by_one else [due] if due else []
        told: list[Reminder] = []
        failures: list[Refused] = []
        for lot in lots:
            fault = tell(lot) or _hooked(workspace, lot)
            if fault:
                failures.append(fault)
            else:
                mark_told(workspace, lot)
                told += lot
    return Reminded(tuple(told), tuple(failures))


def reminder_rows(workspace: Workspace, reminders: Sequence[Reminder]) -> Rows:
    """Return reminders as programs get them: the task as `-o json` shows it, with its clients."""
    reader = workspace.read()
    presenters = Presenters(workspace, reader)
    return [
        {
            **presenters[RecordType.TASK].json(each.task.values),
            "clients": _clients(each, reader, presenters),
        }
        for each in reminders
    ]


def _clients(reminder: Reminder, reader: Reader, presenters: Presenters) -> list[dict[str, Value]]:
    found = (record for each in reminder.task.many("for") if (record := reader.get(each)))
    shown = (presenters[record.type].json(record.values) for record in found)
    return [{name: each[name] for name in _OF_CLIENTS if name in each} for each in shown]


def _hooked(workspace: Workspace, reminders: Sequence[Reminder]) -> Refused | None:
    """Tell the hook on-reminder, where there is one that may be run; returns how it failed."""
    if workspace.hooks is None:
        return None
    from crmctl.workspace.hooks.folder import ON_REMINDER
    from crmctl.workspace.hooks.hooked import run_hook
    from crmctl.workspace.hooks.watched import line_of

    hook = workspace.hooks.ready(ON_REMINDER)
    if hook is None:
        return None
    rows = reminder_rows(workspace, reminders)
    ended = run_hook(workspace, hook, [line_of("remind", workspace.by, None, row) for row in rows])
    if not ended.fault:
        workspace.hooks.tell(hook, ended)
        return None
    named = ", ".join(each.task.id for each in reminders[:5]) + ", ..." * (len(reminders) > 5)
    return untold(named, f"hook {hook.name} failed: {ended.fault}", ended.said)


def untold(what: str, why: str, said: Sequence[str] = ()) -> Refused:
    """Return the error that tells of reminders which stay untold."""
    details = [{"message": line} for line in said]
    return Refused(f"{what} stays untold until the next remind: {why}", details=details)


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """Keep other processes from telling reminders of the same database meanwhile. Raises LockTimeout at once."""
    from crmctl.storage.lock import locked

    target = Path(os.path.realpath(workspace.database))
    held = locked(target.with_name(f"{target.name}.remind"), timeout=0)
    try:
        held.__enter__()
    except LockTimeout:
        raise LockTimeout(
            "another crmctl remind is at work, so this one told nothing", hint="it goes on by itself"
        ) from None
    try:
        yield
    finally:
        held.__exit__(None, None, None)
