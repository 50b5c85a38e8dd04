"""The lead or deal that the result of a task moves or converts, and what is given for it."""

from collections.abc import Mapping, Sequence

import msgspec

from crmctl.errors import BadValue, WrongUse
from crmctl.model.change import Change
from crmctl.model.configuration import Configuration
from crmctl.model.records import Record, RecordType
from crmctl.model.tasks import Result
from crmctl.rules.actions import converted
from crmctl.rules.assignment import Assignment, assigned
from crmctl.rules.decision import Refusal
from crmctl.rules.move import Move, move
from crmctl.storage.interface import column
from crmctl.workspace.transaction import Transaction


class Given(msgspec.Struct, frozen=True):
    """What was set with a result: fields of the task, of the record that is moved, of those that it becomes."""

    task: tuple[Assignment, ...] = ()
    record: tuple[Assignment, ...] = ()
    aimed: Mapping[RecordType, Sequence[Assignment]] = {}


class Led(msgspec.Struct, frozen=True):
    """Where a result led: the changes of the client's record, and what clients became."""

    changes: tuple[Change, ...] = ()
    became: Mapping[str, Sequence[str]] = {}


def subject_of(tx: Transaction, task: Record, result: Result) -> Record | None:
    """Return the record that a result moves or converts: a client, or the one open deal of a client.

    Nothing is returned where there is none. Raises WrongUse where several could be meant.
    """
    if not result.move and not result.convert:
        return None
    clients = [record for each in task.many("for") if (record := tx.writer.get(each))]
    found = [each for each in clients if _goes(tx, each, result)]
    if not found and result.move:
        found = [each for client in clients for each in _deals_of(tx, client) if _goes(tx, each, result)]
    if len(found) > 1:
        named = ", ".join(each.id for each in found)
        hint = f"crmctl update {task.id} -s for={found[0].id} says which"
        raise WrongUse(f'{task.label}: "{result.id}" could be about {named}', hint=hint)
    return found[0] if found else None


def _goes(tx: Transaction, record: Record, result: Result) -> bool:
    """Tell whether a result can lead a record anywhere."""
    if result.convert:
        return record.type is RecordType.LEAD
    pipeline = tx.context.pipeline_of(record)
    return pipeline is not None and pipeline.stage(result.move) is not None


def _deals_of(tx: Transaction, client: Record) -> list[Record]:
    """Return the open deals of a contact or a company."""
    if client.type not in (RecordType.CONTACT, RecordType.COMPANY):
        return []
    held = column(client.type.value)
    rows = tx.writer.scan(RecordType.DEAL, ("id", client.type.value, "closed_at"))
    ids = [row.f_id for row in rows if held(row) == client.id and row.f_closed_at is None]
    return [record for each in ids if (record := tx.writer.get(each))]


def apart_for(
    assignments: Sequence[Assignment], task: Record, result: Result, subject: Record | None, tx: Transaction
) -> Given:
    """Tell apart what is given for the task, and what for the record that its result moves.

    `deal.amount=...` names the record. A bare field is the task's where it has one; a field of the result goes to
    the record as well where that has one of this name, so that nobody types it twice.
    """
    of_task = _names_of(task, result, tx.configuration)
    asked = {field.name for field in result.fields}
    own: list[Assignment] = []
    record: list[Assignment] = []
    aimed: dict[RecordType, list[Assignment]] = {}
    kinds = {kind.value: kind for kind in RecordType}
    for each in assignments:
        head, dot, name = each.field.partition(".")
        if dot and head in kinds and subject:
            bare = msgspec.structs.replace(each, field=name)
            (record if kinds[head] is subject.type else aimed.setdefault(kinds[head], [])).append(bare)
            continue
        mine = _field_id(each.field, RecordType.TASK, tx.configuration)
        theirs = _field_id(each.field, subject.type, tx.configuration, subject.pipeline) if subject else ""
        if theirs and (mine in asked or mine not in of_task):
            record.append(each)
        if mine in of_task or not theirs:
            own.append(each)
    return Given(tuple(own), tuple(record), aimed)


def _names_of(task: Record, result: Result, configuration: Configuration) -> set[str]:
    """Return the fields of tasks of this kind that end so: those of other kinds and results are not among them."""
    kind = configuration.tasks_book().type(task.text("type"))
    common = (field for field in configuration.fields[RecordType.TASK] if not field.owned_by)
    return {field.name for field in (*common, *result.fields, *(kind.fields if kind else ()))}


def _field_id(name: str, kind: RecordType, configuration: Configuration, pipeline: str = "") -> str:
    """Return the id of the field that a name means, empty for none."""
    try:
        return configuration.field(kind, name, pipeline).name
    except BadValue:
        return ""


def led(tx: Transaction, task: Record, result: Result, subject: Record | None, given: Given) -> Led | Refusal:
    """Move or convert the record that a result is about, through the gate, with what its stages set off."""
    if subject is None:
        return Led()
    values = assigned(given.record, subject.type, tx.context, subject, subject.pipeline)
    tx.set_off.aimed = given.aimed
    if result.convert:
        answer = _converted(tx, subject, subject.having(values), result)
    else:
        answer = tx.set_off.follow(move(subject, Move(result.move, values=values), tx.context))
    tx.set_off.aimed = {}
    if isinstance(answer, Refusal):
        return _of_task(answer, task, result)
    last = answer[-1].record if answer else subject
    return Led(tuple(answer), {last.id: last.many("converted_to")})


def _converted(tx: Transaction, before: Record, lead: Record, result: Result) -> list[Change] | Refusal:
    answer = converted(lead, result.convert, tx.context, tx.set_off.around)
    tx.set_off.aimed = {}  # what was given for the new records is in them
    if isinstance(answer, Refusal):
        return answer
    *made, own = answer
    return tx.set_off.follow([*made, msgspec.structs.replace(own, before=before)])


def _of_task(refusal: Refusal, task: Record, result: Result) -> Refusal:
    """Return the refusal of a gate as that of the task; its fields are named with the record they are of."""
    kind = refusal.record.type.value if refusal.record else ""
    missing = tuple(
        each if each.target else msgspec.structs.replace(each, target=kind) for each in refusal.missing
    )
    message = f'{task.label} cannot end with "{result.id}": {refusal.message}'
    return msgspec.structs.replace(refusal, message=message, missing=missing)
