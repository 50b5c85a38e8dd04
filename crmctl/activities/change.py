"""Changing a task by hand: what ends it has commands of its own, and the number of its clients goes on to hold."""

from collections.abc import Mapping
from datetime import datetime

from crmctl.activities.fields import check_fields, is_own
from crmctl.activities.plan import check_clients, list_of
from crmctl.activities.when import check_due, check_reminder, reminder_before
from crmctl.dates import stored_moment
from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.records import Record, Value
from crmctl.model.tasks import FINISHED
from crmctl.rules.context import Context
from crmctl.rules.decision import Refusal
from crmctl.rules.update import update

_CORRECTED = ("comment", "tags")
"""What may be changed of a task that is over, beside the fields of its kind and its result."""
_PLANNED = ("status", "type", "template", "for", "assignee", "due", "remind_at")
_ENDING = {"done": "complete {} --result RESULT", "cancelled": "cancel {}"}


def changed(
    task: Record, values: Mapping[str, Value | None], context: Context, op: str = "update", remind: str = ""
) -> Change | Refusal:
    """Decide on new values for a task; `remind` is a reminder that counts from its due time.

    Raises WrongUse for those that only a command of their own writes, or that a task of its kind has not.
    """
    after = task.having(values)
    if remind:
        counted = reminder_before(remind, after.get("due"), context.conventions)
        values = {**values, "remind_at": counted}
        after = after.having({"remind_at": counted})
    if finished(task) and any(_is_settled(name, task, after, context) for name in values):
        return over(task, context)
    status = after.text("status")
    if status != task.text("status") and status in _ENDING:
        raise WrongUse(
            f"status: {task.label} is not ended by an update",
            hint=f"crmctl {_ENDING[status].format(task.id)}",
        )
    if after.get("due") != task.get("due"):
        check_due(after.get("due"), context.conventions)
    if op == "update" and after.get("remind_at") != task.get("remind_at"):
        check_reminder(after.get("remind_at"), after.get("due"), context.conventions)
    _check_kind(after, values, context)
    return update(task, values, context, op)


def _check_kind(task: Record, values: Mapping[str, Value | None], context: Context) -> None:
    """Raise WrongUse for clients, a template or fields that go with another kind of task."""
    book = context.configuration.tasks_book()
    kind = book.type(task.text("type"))
    if kind and not kind.creates and {"for", "type"} & values.keys():
        check_clients(kind, list_of(task.get("for")))
    template = book.template(task.text("template")) if "template" in values else None
    made = book.type(template.type) if template else None
    if kind and template and made and kind.id not in (made.id, made.creates):
        told = f'template "{template.id}" is of type "{template.type}", not "{kind.id}"'
        raise WrongUse(told, hint="a task keeps its type").at("template")
    check_fields(values, (task.text("type"),), task.text("result"), context)


def _is_settled(name: str, before: Record, after: Record, context: Context) -> bool:
    """Tell whether a changed field of a finished task is one that stays as it is.

    What came of it may still be corrected, and what was left empty be filled in, except when, for whom and by
    whom it was to be done.
    """
    if before.get(name) == after.get(name) or name in _CORRECTED or is_own(name, context):
        return False
    return name in _PLANNED or before.get(name) is not None


def finished(task: Record) -> bool:
    """Tell whether a task is done or cancelled."""
    return task.text("status") in FINISHED


def over(task: Record, context: Context) -> Refusal:
    """Return the refusal to do anything more with a task that is done or cancelled."""
    told = f"{task.label} is {task.text('status')}"
    ended_by = context.lookups.commit_of(task.id, "status")
    hint = f"crmctl undo {ended_by}" if ended_by else f"crmctl log {task.id}"
    return Refusal(task, told, hint=hint, code="not_allowed")


def taken(task: Record, context: Context, *, from_others: bool = False) -> Change | Refusal:
    """Decide on beginning a task: it is in progress, and with whoever takes it.

    One that a colleague is at is left with them, unless it is to be taken over.
    """
    if finished(task):
        return over(task, context)
    if not from_others and (whose := held_by(task, context)):
        told = f"{task.label} is in progress with {whose}"
        return Refusal(task, told, hint=f"crmctl take {task.id} --yes", code="in_progress")
    values = {"status": "in_progress", "assignee": acting(context) or task.get("assignee")}
    return changed(task, values, context, "take")


def held_by(task: Record, context: Context) -> str:
    """Return which colleague is at a task, empty for none."""
    whose = task.text("assignee") if task.text("status") == "in_progress" else ""
    return "" if whose == (acting(context) or context.by) else whose


def cancelled(task: Record, note: str, context: Context) -> Change | Refusal:
    """Decide on dropping a task; nothing follows from it."""
    if finished(task):
        return over(task, context)
    values = {
        "status": "cancelled",
        "closed_at": context.at,
        "comment": with_note(task.text("comment"), note),
    }
    return update(task, values, context, "cancel")


def rescheduled(task: Record, due: Value | None, context: Context) -> Change | Refusal:
    """Decide on another due time; the reminder keeps its distance. Raises WrongUse for one that is over."""
    if finished(task):
        return over(task, context)
    values = {"due": due}
    before, reminder = task.text("due"), task.text("remind_at")
    if before and reminder and isinstance(due, str):
        distance = datetime.fromisoformat(reminder) - datetime.fromisoformat(before)
        values["remind_at"] = stored_moment(datetime.fromisoformat(due) + distance)
    return changed(task, values, context, "reschedule")


def acting(context: Context) -> str | None:
    """Return who acts, where the workspace knows them or any name is a user."""
    return context.actor


def with_note(comment: str, note: str) -> str:
    """Return a comment with a note below it."""
    return "\n".join(part for part in (comment, note) if part)
