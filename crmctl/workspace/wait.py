"""`wait`: a pause with a client, a task that any inbound message ends."""

from collections.abc import Sequence

import msgspec

from crmctl.activities.change import rescheduled, with_note
from crmctl.activities.plan import planned
from crmctl.errors import WrongUse, wrong_use
from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.tasks import WAIT
from crmctl.rules.create import NewRecord, create
from crmctl.rules.decision import Refusal
from crmctl.text import is_blank
from crmctl.workspace.each import change_each
from crmctl.workspace.open_tasks import open_tasks_of
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.transaction import Transaction
from crmctl.workspace.workspace import Workspace


def wait_for(
    workspace: Workspace, ids: Sequence[str], until: str, note: str, options: WriteOptions
) -> Outcome:
    """Let every record named wait; one that waits already does so until the new time.

    Raises WrongUse for a time that is over and for what is no client, NotFound, NotConfigured, Refused.
    """
    due = _read_until(workspace, until)

    def decide(record: Record, tx: Transaction) -> Change | Refusal:
        tx.configuration.tasks_book()
        if waiting := _wait_of(record, tx):
            return _until(waiting, due, note, tx)
        given = {"type": WAIT, "for": [record.id], "due": due, "comment": note or None}
        (values,) = planned(given, tx.context)
        return create(tx.writer.new_id(RecordType.TASK), NewRecord(RecordType.TASK, values), tx.context)

    return change_each(workspace, ids, options, "wait", decide)


def _read_until(workspace: Workspace, until: str) -> Value | None:
    if is_blank(until):
        raise WrongUse("--until says nothing", hint="write it like +3d, fri or 2026-12-01")
    field = workspace.configuration.fields_of(RecordType.TASK)["due"]
    with wrong_use(f'--until "{until}": ', field="due"):
        return field.parse(until, workspace.conventions)


def _wait_of(record: Record, tx: Transaction) -> Record | None:
    """Return the wait that a record is in; not one that is for others, too."""
    found = open_tasks_of({record.id}, tx.writer)
    return next(
        (each for each in found if each.text("type") == WAIT and each.many("for") == [record.id]), None
    )


def _until(waiting: Record, due: Value | None, note: str, tx: Transaction) -> Change | Refusal:
    comment = with_note(waiting.text("comment"), note)
    answer = rescheduled(waiting.having({"comment": comment}) if note else waiting, due, tx.context)
    return answer if isinstance(answer, Refusal) else msgspec.structs.replace(answer, before=waiting)
