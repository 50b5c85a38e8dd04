"""`take`, `cancel` and `reschedule`: a task is begun, dropped, or due at another time."""

from collections.abc import Callable, Sequence

from crmctl.activities.change import cancelled, held_by, rescheduled, taken
from crmctl.errors import WrongUse, wrong_use
from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType, read_id
from crmctl.rules.context import Context
from crmctl.rules.decision import Refusal
from crmctl.text import is_blank
from crmctl.workspace.complete import check_task
from crmctl.workspace.each import change_each
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.transaction import Transaction
from crmctl.workspace.workspace import Workspace


def take_tasks(
    workspace: Workspace, ids: Sequence[str], options: WriteOptions, *, from_others: bool = False
) -> Outcome:
    """Begin every task named, those that colleagues are at only with `from_others`.

    Raises Refused, WrongUse, NotFound, NotConfigured.
    """
    return _each(
        workspace, ids, options, "take", lambda task, context: taken(task, context, from_others=from_others)
    )


def held_by_others(workspace: Workspace, ids: Sequence[str]) -> list[str]:
    """Return which of the tasks named colleagues are at: `T-7 (oleg)`."""
    reader = workspace.read()
    context = workspace.context(reader)
    found = [task for each in dict.fromkeys(ids) if (name := read_id(each)) and (task := reader.get(name))]
    return [f"{task.id} ({whose})" for task in found if (whose := held_by(task, context))]


def cancel_tasks(workspace: Workspace, ids: Sequence[str], note: str, options: WriteOptions) -> Outcome:
    """Drop every task named. Raises Refused, WrongUse, NotFound, NotConfigured."""
    return _each(workspace, ids, options, "cancel", lambda task, context: cancelled(task, note, context))


def reschedule_tasks(workspace: Workspace, ids: Sequence[str], when: str, options: WriteOptions) -> Outcome:
    """Let every task named be due at another time. Raises Refused, WrongUse, NotFound, NotConfigured."""
    if is_blank(when):
        raise WrongUse("no time is named", hint=f"crmctl update {ids[0]} --unset due")
    field = workspace.configuration.fields_of(RecordType.TASK)["due"]
    with wrong_use(f'"{when}": ', field="due"):
        due = field.parse(when, workspace.conventions)
    return _each(workspace, ids, options, "reschedule", lambda task, context: rescheduled(task, due, context))


def _each(
    workspace: Workspace,
    ids: Sequence[str],
    options: WriteOptions,
    op: str,
    rule: Callable[[Record, Context], Change | Refusal],
) -> Outcome:
    def decide(record: Record, tx: Transaction) -> Change | Refusal:
        return rule(check_task(record, tx.configuration), tx.context)

    return change_each(workspace, ids, options, op, decide)
