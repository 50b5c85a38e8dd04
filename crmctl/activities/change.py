"""Changing a task by hand: what ends it has commands of its own, and the number of its clients goes on to hold."""

from collections.abc import Mapping

from crmctl.activities.plan import FINISHED, check_clients, list_of
from crmctl.activities.when import check_due
from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.records import Record, Value
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
