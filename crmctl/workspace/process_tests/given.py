"""The records that a test is given, placed as they stand: read by their fields, held back by no gate."""

from collections.abc import Sequence

import msgspec

from crmctl.activities.plan import filled
from crmctl.errors import CrmError
from crmctl.model.change import Change
from crmctl.model.process_result import Failure
from crmctl.model.process_test import GivenRecord
from crmctl.model.records import Record, RecordType, Value, number_of
from crmctl.render.error import told
from crmctl.rules.assignment import STAGED, Assignment, assigned
from crmctl.rules.create import NewRecord, built_title, entering, placed
from crmctl.rules.gate import missing_fields
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.transaction import Transaction, transaction
from crmctl.workspace.workspace import Workspace

_ORDER = (
    *(RecordType.COMPANY, RecordType.CONTACT, RecordType.PRODUCT),
    *(RecordType.LEAD, RecordType.DEAL, RecordType.TASK),
)
"""In which records are placed, so that each may refer to those before it."""


class Placed(msgspec.Struct, frozen=True):
    """The ids of the records in the order in which they are written, or the failure of one of them.

    `notes` tell what a record lacks where it stands.
    """

    ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    failure: Failure | None = None


def place_given(workspace: Workspace, given: Sequence[GivenRecord]) -> Placed:
    """Put the records into the store. Ids are given out by type in the order in which they are written."""
    with transaction(workspace, WriteOptions()) as tx:
        ids = [tx.writer.new_id(each.kind) for each in given]
        notes = []
        for record_id, each in sorted(
            zip(ids, given, strict=True), key=lambda pair: _ORDER.index(pair[1].kind)
        ):
            try:
                record = _record(record_id, each, tx)
                tx.apply(Change("create", None, record, at=record.text("created_at"), cleared=True))
            except CrmError as error:
                return Placed(failure=Failure("given", each.place, "a record", told(error)))
            notes += _lacking(record, tx)
        tx.commit()
    return Placed(tuple(ids), tuple(notes))


def _record(record_id: str, given: GivenRecord, tx: Transaction) -> Record:
    """Return a record as it is written, with what being on its stage writes, and a title. Raises WrongUse."""
    tx.configuration.check_kind(given.kind)
    texts = {field.name: field.texts for field in given.fields}
    pipeline, stage = placed(
        NewRecord(given.kind, {}, *("".join(texts.get(name, ())) for name in STAGED)), tx.context
    )
    values: dict[str, Value | None] = {}
    if pipeline and stage:
        values = {"pipeline": pipeline.id, "stage": stage.id}
    written = _written(given, tx, pipeline.id if pipeline else "")
    if given.kind is RecordType.TASK:
        written = filled(written, tx.context)
    if stage:
        known = {"record": given.kind.value, **written}
        values |= entering(stage, known, str(written.get("created_at") or tx.context.at))
    record = Record({"id": record_id, "record": given.kind.value}).having(values | written)
    usual = f"{given.kind.value.capitalize()} {number_of(record_id)}"
    return record if record.title else record.having({"title": built_title(record) or usual})


def _written(given: GivenRecord, tx: Transaction, pipeline: str) -> dict[str, Value | None]:
    """Return the values that are written; what only imports bring along may stand there, too. Raises WrongUse."""
    fields = tx.configuration.fields_of(given.kind, pipeline)
    own = [each for each in given.fields if each.name not in STAGED]
    typed = [Assignment(each.name, each.texts) for each in own if not fields[each.name].computed]
    values = assigned(typed, given.kind, tx.context, pipeline=pipeline)
    for each in own:
        if fields[each.name].computed:
            values |= fields[each.name].assign(list(each.texts), tx.context.conventions)
    return values


def _lacking(record: Record, tx: Transaction) -> list[str]:
    missing = missing_fields(record, tx.context)
    return [f"{record.label} is given without {each.field.label}: {each.reason}" for each in missing]
