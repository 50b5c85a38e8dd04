"""Where the result of a task leads: its client's record is converted, moved, or first one and then the other."""

from collections.abc import Mapping, Sequence

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType
from crmctl.model.tasks import Result
from crmctl.rules.actions import converted, place_of, targets_of
from crmctl.rules.assignment import Assignment, assigned
from crmctl.rules.decision import Missing, Refusal
from crmctl.rules.move import Move, move
from crmctl.rules.update import update
from crmctl.workspace.task_given import Given
from crmctl.workspace.task_subject import cannot_end, deal_of, is_converted, lacks_stage
from crmctl.workspace.transaction import Transaction


class Led(msgspec.Struct, frozen=True):
    """Where a result led: the changes of records, what clients became, and what there was nothing to do for."""

    changes: tuple[Change, ...] = ()
    became: Mapping[str, Sequence[str]] = {}
    note: str = ""


class Asked(msgspec.Struct, frozen=True):
    """The task that ends, its result, the record that this is about, and what is set with it."""

    task: Record
    result: Result
    subject: Record
    given: Given


def led(tx: Transaction, task: Record, result: Result, subject: Record | None, given: Given) -> Led | Refusal:
    """Move or convert the record that a result is about, through the gate, with what its stages set off."""
    changes: list[Change] = []
    note = ""
    if subject is not None:
        asked = Asked(task, result, subject, given)
        if result.convert and subject.type is RecordType.LEAD:
            answer = _converted(tx, asked)
            if isinstance(answer, Refusal):
                return _of_task(answer, task, result)
            changes = answer
        if result.move:
            onward = _moved(tx, asked, changes)
            if isinstance(onward, Refusal):
                return _of_task(onward, task, result)
            changes, note = onward
    return Led(tuple(changes), _became(tx, task, changes), note)


def _converted(tx: Transaction, asked: Asked) -> list[Change] | Refusal:
    lead, result, given = asked.subject, asked.result, asked.given
    values = assigned(given.record, lead.type, tx.context, lead, lead.pipeline)
    if lead.many("converted_to"):
        _check_nothing_aimed(lead, result, given)
        return tx.set_off.follow(update(lead, values, tx.context)) if values else []
    if several := _several_pipelines(tx, asked):
        return several
    tx.set_off.aimed = given.aimed
    answer = converted(lead.having(values), result.convert, tx.context, tx.set_off.around)
    tx.set_off.aimed = {}  # what was given for the new records is in them
    if isinstance(answer, Refusal):
        return answer
    *made, own = answer
    return tx.set_off.follow([*made, msgspec.structs.replace(own, before=lead)])


def _several_pipelines(tx: Transaction, asked: Asked) -> Refusal | None:
    """Return the refusal to guess in which of several pipelines a new deal is to be."""
    wanted, given = asked.result.convert, asked.given.aimed.get(RecordType.DEAL, ())
    if RecordType.DEAL not in targets_of(wanted) or place_of(wanted, given)[0]:
        return None
    if len(tx.configuration.pipelines_of(RecordType.DEAL)) <= 1:
        return None
    field = tx.configuration.fields_of(RecordType.DEAL)["pipeline"]
    told = f"{asked.subject.label} becomes a deal, and several pipelines could be meant"
    return Refusal(asked.subject, told, (Missing(field, target=RecordType.DEAL.value),))


def _check_nothing_aimed(lead: Record, result: Result, given: Given) -> None:
    """Raise WrongUse for fields of records that are not made, as the lead became them before."""
    for kind, group in given.aimed.items():
        if kind is RecordType.DEAL and result.move:
            continue
        told = f"{kind.value}.{group[0].field}: {lead.label} was converted already"
        raise WrongUse(told, hint=f"crmctl show {' '.join(lead.many('converted_to'))}")


def _moved(tx: Transaction, asked: Asked, changes: Sequence[Change]) -> tuple[list[Change], str] | Refusal:
    """Return the changes with the move among them, and a note where the record was there already.

    With a conversion before it the move means the deal: one that is made here is made on that stage.
    """
    stage = asked.result.move
    goal, texts = _goal(tx, asked, changes)
    if why := goal if isinstance(goal, str) else lacks_stage(tx, goal, stage):
        return cannot_end(asked.task, asked.result, why)
    assert isinstance(goal, Record)
    values = assigned(texts, goal.type, tx.context, goal, goal.pipeline)
    answer = tx.set_off.follow(move(goal, Move(stage, values=values), tx.context))
    if isinstance(answer, Refusal):
        return answer
    *others, own = answer
    if any(each.after is goal for each in changes):
        return [*others, *(_further(each, goal, own) for each in changes)], ""
    there = f'{goal.label} is on "{stage}" already' if goal.stage == stage else ""
    return [*changes, *answer], there


def _goal(
    tx: Transaction, asked: Asked, changes: Sequence[Change]
) -> tuple[Record | str, Sequence[Assignment]]:
    """Return what moves, or why nothing does, and what is set with that: the subject, or the deal it becomes."""
    subject, given = asked.subject, asked.given
    if not asked.result.convert or subject.type is not RecordType.LEAD:
        return subject, given.record
    fresh = next((each.record for each in changes if _makes_deal(each)), None)
    if fresh:
        return fresh, ()
    lead = changes[-1].record if changes else subject
    deals = deal_of(tx, lead)
    if len(deals) == 1:
        return deals[0], given.aimed.get(RecordType.DEAL, ())
    if not deals and lead.stage == asked.result.move:
        return lead, ()
    named = ", ".join(each.id for each in deals) or "no deal"
    return f"{lead.label} became {named}, and one deal is to move", ()


def _further(change: Change, goal: Record, own: Change) -> Change:
    """Return a change with the move in it where it is that of the record that moves."""
    return msgspec.structs.replace(change, after=own.after) if change.after is goal else change


def _makes_deal(change: Change) -> bool:
    return change.before is None and change.record.type is RecordType.DEAL


def _became(tx: Transaction, task: Record, changes: Sequence[Change]) -> dict[str, list[str]]:
    """Return what those clients are worked as from now on that are converted leads."""
    after = {each.record.id: each.record for each in changes}
    found: dict[str, list[str]] = {}
    for client in task.many("for"):
        record = after.get(client) or tx.writer.get(client)
        if record and is_converted(record):
            there = [each for each in record.many("converted_to") if each in after or tx.writer.get(each)]
            found[client] = there
    return found


def _of_task(refusal: Refusal, task: Record, result: Result) -> Refusal:
    """Return the refusal of a gate as that of the task; its fields are named with the record they are of."""
    if refusal.record is not None and refusal.record.id == task.id:
        return refusal
    kind = refusal.record.type.value if refusal.record else ""
    missing = tuple(
        each if each.target else msgspec.structs.replace(each, target=kind) for each in refusal.missing
    )
    message = f'{task.label} cannot end with "{result.id}": {refusal.message}'
    return msgspec.structs.replace(refusal, message=message, missing=missing)
