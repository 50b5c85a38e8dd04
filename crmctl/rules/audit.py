"""The audit of stored records: what the present configuration would not let them be.

Records came in under another configuration, by a hand edit, or back from an undo. Each fault has the id of one
of the rules below; `RULES` has what each finds.
"""

from collections.abc import Callable, Iterator

import msgspec

from crmctl.errors import BadValue
from crmctl.model.field import Field
from crmctl.model.finding import Severity
from crmctl.model.records import Record, RecordType, Scalar, Value
from crmctl.model.tasks import FINISHED
from crmctl.rules.assignment import STAGED
from crmctl.rules.context import Context
from crmctl.rules.decision import placeholder
from crmctl.rules.gate import missing_fields

NEXT_STEP = "data-next-step"
"""The rule by which an open record wants a task."""
RULES = {
    "data-gate": (Severity.ERROR, "A record lacks what its stage or its type requires."),
    "data-stage": (Severity.ERROR, "A record is on a stage, or in a pipeline, that is not there any more."),
    "data-value": (Severity.ERROR, "A record holds a value that its field no longer takes."),
    "data-unique": (Severity.ERROR, "A record has a value that another one has, in a field that is unique."),
    "data-reference": (Severity.ERROR, "A record refers to one that is not there."),
    "data-field": (Severity.WARNING, "A record has a field that is not configured any more."),
    NEXT_STEP: (Severity.WARNING, "A record is open, and no task says what comes next."),
    "data-dates": (Severity.WARNING, "A record was closed before it was created."),
}
"""Severity and sentence of each rule, in the order in which a record is held against them."""


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a record: the rule that says so, and the cure if there is one to paste."""

    rule: str
    message: str
    hint: str = ""


def audit(record: Record, context: Context, exists: Callable[[str], bool]) -> Iterator[Fault]:
    """Yield what is wrong with a record; `exists` tells whether there is a record of an id."""
    history = record.type is RecordType.TASK and record.text("status") in FINISHED
    yield from _gate(record, context)
    yield from _stage(record, context)
    fields = context.configuration.fields_of(record.type, record.pipeline)
    for field in fields.values():
        value = None if field.computed or field.name in STAGED else field.read(record.values)
        if value is not None:
            # A task that is over keeps the template, the users and whatever else has gone since.
            yield from () if history and field.choices else _values(value, field, context)
            yield from _references(value, field, exists)
    gone = () if history else (name for name in record.values if name not in fields)
    yield from (Fault("data-field", f'field "{name}" is not configured any more') for name in gone)
    yield from _next_step(record, context)
    yield from _dates(record)


def _gate(record: Record, context: Context) -> Iterator[Fault]:
    for missing in missing_fields(record, context):
        hint = f"crmctl update {record.id} -s {missing.name}='{placeholder(missing.field)}'"
        yield Fault("data-gate", f"{missing.field.label} is empty: {missing.reason}", hint)


def _next_step(record: Record, context: Context) -> Iterator[Fault]:
    """Yield a record that is open and that nobody has to do anything for, where tasks are configured."""
    stage = context.stage_of(record)
    if context.configuration.tasks and stage and stage.open and not context.lookups.has_open_task(record.id):
        yield Fault(NEXT_STEP, "no task says what comes next", f"crmctl create task --for {record.id}")


def _stage(record: Record, context: Context) -> Iterator[Fault]:
    if not record.type.staged:
        return
    pipeline = context.pipeline_of(record)
    if pipeline is None:
        yield Fault("data-stage", f'pipeline "{record.pipeline}" is not there any more')
    elif pipeline.stage(record.stage) is None:
        hint = f"crmctl move {record.id} {pipeline.first.id}"
        yield Fault("data-stage", f'stage "{record.stage}" of {pipeline.id} is not there any more', hint)


def _values(value: Value, field: Field, context: Context) -> Iterator[Fault]:
    """Hold each value against what would be taken if it were typed now."""
    if isinstance(value, list) and len(value) > 1 and not field.multiple:
        yield Fault("data-value", f"{field.label} has {len(value)} values, and takes one")
    if field.type.searched and not (field.choices or field.pattern or field.min or field.max):
        return  # any text will do
    for one in _each(value):
        try:
            field.parse(field.show(one, context.conventions), context.conventions)
        except BadValue as error:
            yield Fault("data-value", f'{field.label} "{one}": {error.reason}', error.hint or "")


def _references(value: Value, field: Field, exists: Callable[[str], bool]) -> Iterator[Fault]:
    if field.kind == "reference":
        gone = [str(one) for one in _each(value) if not exists(str(one))]
        yield from (Fault("data-reference", f"{field.label}: {name} is not there") for name in gone)


def _each(value: Value) -> list[str] | list[Scalar]:
    return value if isinstance(value, list) else [value]


def _dates(record: Record) -> Iterator[Fault]:
    created, closed = record.text("created_at"), record.text("closed_at")
    if created and closed and closed < created:
        yield Fault("data-dates", f"closed at {closed}, before it was created at {created}")
