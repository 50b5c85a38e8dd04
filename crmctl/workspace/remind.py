"""`remind`: reminders that are due, told once each: shown, or handed one by one to a program; and to a hook.

What was told is taken down after it was told. Killed in between, it is told again: none is lost, and one may come
twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from crmctl.activities.remind import Reminder, due_reminders
from crmctl.dates import stored_moment
from crmctl.errors import Refused
from crmctl.model.records import RecordType, Value
from crmctl.rules.assign import user
from crmctl.storage.interface import Reader
from crmctl.workspace.presentation import Presenters
from crmctl.workspace.task_clients import open_rows
from crmctl.workspace.told_reminders import telling, told_before, told_reminders
from crmctl.workspace.workspace import Workspace

_OF_CLIENTS = ("id", "record", "title", "phone", "email", "messenger")
"""What a reminder says of the clients of its task: enough to reach them."""

Rows = Sequence[dict[str, object]]
Tell = Callable[[Sequence[Reminder], Rows], Refused | None]
"""Tells reminders, given as programs get them, too; returns why that failed, and then they stay untold."""


class Reminded(msgspec.Struct, frozen=True):
    """The reminders that were told, as programs get them, too, and why others were not."""

    told: tuple[Reminder, ...] = ()
    rows: tuple[dict[str, object], ...] = ()
    failures: tuple[Refused, ...] = ()


def due_now(workspace: Workspace, assignee: str = "") -> list[Reminder]:
    """Return the reminders that are due and untold, of one user or all. Raises WrongUse, NotConfigured."""
    workspace.configuration.check_kind(RecordType.TASK)
    whose = workspace.by if assignee == "me" else assignee and user(assignee, workspace.configuration)
    before = told_before(workspace)  # first: what goes from there to the store meanwhile is in one of them
    reader = workspace.read()
    rows = open_rows(reader, ("id", "due", "remind_at", "assignee"))
    theirs = ((row.f_id, row.f_remind_at, row.f_due) for row in rows if whose in ("", row.f_assignee))
    due = due_reminders(theirs, told_reminders(reader) | before, stored_moment(workspace.now))
    return [Reminder(task, at) for each, at in due if (task := reader.get(each))]


def remind(workspace: Workspace, assignee: str, tell: Tell, *, one_by_one: bool) -> Reminded:
    """Tell the reminders that are due and mark them told: all at once, or each for itself.

    Raises LockTimeout at once where another process is about it, which is to tell them then.
    """
    if not due_now(workspace, assignee):
        return Reminded()
    told: list[tuple[Reminder, dict[str, object]]] = []
    failures: list[Refused] = []
    with telling(workspace) as marked:
        marked.settle()
        due = due_now(workspace, assignee)
        pairs = list(zip(due, reminder_rows(workspace, due), strict=True))
        for batch in [[each] for each in pairs] if one_by_one else [pairs] if pairs else []:
            reminders, rows = [each for each, _ in batch], [row for _, row in batch]
            if fault := tell(reminders, rows) or _hooked(workspace, reminders, rows):
                failures.append(fault)
            else:
                marked.told(reminders)
                told += batch
        marked.settle()
    return Reminded(tuple(each for each, _ in told), tuple(row for _, row in told), tuple(failures))


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


def _hooked(workspace: Workspace, reminders: Sequence[Reminder], rows: Rows) -> Refused | None:
    """Tell the hook on-reminder, where there is one that may be run; returns how it failed."""
    if workspace.hooks is None:
        return None
    from crmctl.workspace.hooks.folder import ON_REMINDER
    from crmctl.workspace.hooks.hooked import run_hook
    from crmctl.workspace.hooks.watched import line_of

    hook = workspace.hooks.ready(ON_REMINDER)
    if hook is None:
        return None
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
