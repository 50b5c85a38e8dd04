"""`move` and `reject`: records to another stage, through the gate."""

from collections.abc import Sequence

import msgspec

from crmctl.dates import read_moment, stored_moment
from crmctl.errors import WrongUse, wrong_use
from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType
from crmctl.model.tasks import NextTask
from crmctl.rules.assignment import Assignment, apart, assigned
from crmctl.rules.decision import Refusal
from crmctl.rules.move import Move, move
from crmctl.workspace.each import change_each
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.transaction import Transaction
from crmctl.workspace.workspace import Workspace


class MoveRequest(msgspec.Struct, frozen=True):
    """A move as it was typed. An empty stage with a pipeline means that pipeline's first; `next` is TEMPLATE[:WHEN]."""

    stage: str
    pipeline: str = ""
    assignments: tuple[Assignment, ...] = ()
    reason: str = ""
    date: str = ""
    next: str = ""


def move_records(
    workspace: Workspace, ids: Sequence[str], asked: MoveRequest, options: WriteOptions
) -> Outcome:
    """Move every record named. Raises Refused, WrongUse, NotFound."""
    if not asked.stage and not asked.pipeline:
        raise WrongUse("no stage is named", hint="crmctl move ID STAGE")
    at = happened(asked.date, workspace)

    def decide(record: Record, tx: Transaction) -> Change | Refusal:
        if at and at < record.text("created_at"):
            return Refusal(record, f"{record.label} was not there yet on {asked.date}")
        pipeline = record.pipeline
        if asked.pipeline and record.type.staged:
            pipeline = tx.configuration.pipeline(asked.pipeline, record.type).id
        own, tx.set_off.aimed = apart(asked.assignments, record.type)
        values = assigned(own, record.type, tx.context, record, pipeline)
        step = Move(asked.stage, asked.pipeline, values, asked.reason, at)
        if asked.next:
            tx.set_off.next_steps.ask(record.id, _next(asked.next, record, tx))
        return move(record, step, tx.context)

    return change_each(workspace, ids, options, "move", decide)


def _next(text: str, record: Record, tx: Transaction) -> NextTask:
    """Return the task that is to follow. Raises WrongUse for no template, and for a time that is over."""
    from crmctl.activities.onward import read_next
    from crmctl.activities.when import check_due, moment_of

    step = read_next(text, tx.configuration.tasks_book(), record)
    check_due(moment_of(step.due, tx.context.conventions), tx.context.conventions)
    return step


class Rejection(msgspec.Struct, frozen=True):
    """A rejection as it was typed. With `blacklist` the lead's phones and addresses are not taken in again."""

    reason: str = ""
    assignments: tuple[Assignment, ...] = ()
    blacklist: bool = False


def reject_leads(
    workspace: Workspace, ids: Sequence[str], asked: Rejection, options: WriteOptions
) -> Outcome:
    """Move every lead named to its lost stage. Raises Refused, WrongUse, NotFound."""

    def decide(record: Record, tx: Transaction) -> Change | Refusal:
        if record.type is not RecordType.LEAD:
            raise WrongUse(f"{record.label} is no lead", hint=_instead(record, tx))
        pipeline = tx.context.pipeline_of(record)
        lost = pipeline.lost.id if pipeline else ""
        own, tx.set_off.aimed = apart(asked.assignments, record.type)
        values = assigned(own, record.type, tx.context, record, record.pipeline)
        answer = move(record, Move(lost, values=values, reason=asked.reason, op="reject"), tx.context)
        if asked.blacklist and pipeline and isinstance(answer, Change):
            why = answer.record.text(pipeline.reason_field) or "rejected"
            return msgspec.structs.replace(answer, unwanted=why)
        return answer

    return change_each(workspace, ids, options, "reject", decide)


def _instead(record: Record, tx: Transaction) -> str | None:
    """Return how what is no lead is given up, where it can be."""
    if record.type is RecordType.TASK:
        return f"crmctl cancel {record.id}"
    pipeline = tx.context.pipeline_of(record)
    return f"crmctl move {record.id} {pipeline.lost.id} --reason REASON" if pipeline else None


def happened(text: str, workspace: Workspace) -> str:
    """Return the kept form of when something happened, empty for now. Raises WrongUse; the future has not."""
    if not text:
        return ""
    with wrong_use(f'--date "{text}": '):
        moment = read_moment(text, workspace.now, workspace.configuration.timezone)
    if moment > workspace.now:
        raise WrongUse(f'--date "{text}" is in the future')
    return stored_moment(moment)
