"""Changing a task by hand: what ends it has commands of its own, and the number of its clients goes on to hold."""

from collections.abc import Mapping
from datetime import datetime

from crmctl.activities.plan import check_clients, list_of
from crmctl.activities.when import check_due
from crmctl.dates import stored_moment
from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.records import Record, Value
from crmctl.model.tasks import FINISHED
from crmctl.rules.context import Context
from crmctl.rules.decision import Refusal
from crmctl.rules.update import update

_ENDING = {"done": "complete {} --result RESULT", "cancelled": "cancel {}"}


def changed(
    task: Record, values: Mapping[str, Value | None], context: Context, op: str = "update"
) -> Change | Refusal:
    """Decide on new values for a task. Raises WrongUse for those that only a command of their own writes."""
    book = context.configuration.tasks_book()
    after = task.having(values)
    status = after.text("status")
    if status != task.text("status"):
        if finished(task):
            return over(task)
        if status in _ENDING:
            raise WrongUse(
                f"status: {task.label} is not ended by an update",
                hint=f"crmctl {_ENDING[status].format(task.id)}",
            )
    if after.get("due") != task.get("due"):
        check_due(after.get("due"), context.conventions)
    kind = book.type(after.text("type"))
    if kind and not kind.creates and {"for", "type"} & values.keys():
        check_clients(kind, list_of(after.get("for")))
    return update(task, values, context, op)


def finished(task: Record) -> bool:
    """Tell whether a task is done or cancelled."""
    return task.text("status") in FINISHED


def over(task: Record) -> Refusal:
    """Return the refusal to do anything more with a task that is done or cancelled."""
    told = f"{task.label} is {task.text('status')}"
    return Refusal(
        task, told, hint=f"crmctl log {task.id} tells when; crmctl undo takes it back", code="not_allowed"
    )


def taken(task: Record, context: Context) -> Change | Refusal:
    """Decide on beginning a task: it is in progress, and with whoever takes it."""
    if finished(task):
        return over(task)
    values = {"status": "in_progress", "assignee": acting(context) or task.get("assignee")}
    return changed(task, values, context, "take")


def cancelled(task: Record, note: str, context: Context) -> Change | Refusal:
    """Decide on dropping a task; nothing follows from it."""
    if finished(task):
        return over(task)
    values = {
        "status": "cancelled",
        "closed_at": context.at,
        "comment": with_note(task.text("comment"), note),
    }
    return update(task, values, context, "cancel")


def rescheduled(task: Record, due: Value | None, context: Context) -> Change | Refusal:
    """Decide on another due time; the reminder keeps its distance. Raises WrongUse for one that is over."""
    if finished(task):
        return over(task)
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
