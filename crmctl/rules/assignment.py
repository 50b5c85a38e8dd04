"""Setting fields by hand: `-s field=value`, `+=`, `-=` and `--unset`, read by the fields' own types."""

from collections.abc import Sequence

import msgspec

from crmctl.errors import BadValue, WrongUse
from crmctl.model.field import Conventions, Field
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.standard_fields import KEPT_DATES
from crmctl.rules.context import Context
from crmctl.rules.decision import placeholder

STAGED = ("pipeline", "stage")
"""Fields that only a move, or a creation, sets."""


class Assignment(msgspec.Struct, frozen=True):
    """One `-s`: the field as typed, `=`, `+=` or `-=`, and the texts given for it."""

    field: str
    texts: tuple[str, ...]
    operator: str = "="


def grouped(assignments: Sequence[Assignment]) -> list[Assignment]:
    """Join repeated `=` for one field into one assignment: together they replace all its values."""
    joined: dict[tuple[str, str], Assignment] = {}
    for each in assignments:
        key = (each.field, each.operator)
        texts = (*joined[key].texts, *each.texts) if key in joined else each.texts
        joined[key] = Assignment(each.field, texts, each.operator)
    return list(joined.values())


def assigned(
    assignments: Sequence[Assignment],
    kind: RecordType,
    context: Context,
    record: Record | None = None,
    pipeline: str = "",
) -> dict[str, Value | None]:
    """Return what the assignments write, by field name, None for a field that is emptied.

    `record` is what `+=` and `-=` start from. Raises WrongUse for unknown fields and values.
    """
    configuration = context.configuration
    written: dict[str, Value | None] = {}
    todo = [(_field(each.field, kind, pipeline, context), each) for each in grouped(assignments)]
    # The currency first: a bare amount is in the one given beside it.
    todo.sort(key=lambda pair: pair[0].kind != "currency")
    conventions = context.conventions
    for field, each in todo:
        if field.name in STAGED:
            raise WrongUse(f"{field.name} is set by a move", hint="crmctl move ID STAGE")
        written |= _write(field, each, conventions, record)
        if field.kind == "currency" and written.get(field.name):
            conventions = msgspec.structs.replace(conventions, currency=str(written[field.name]))
    return _requantized(written, record, configuration.fields_of(kind, pipeline), conventions)


def _field(name: str, kind: RecordType, pipeline: str, context: Context) -> Field:
    try:
        field = context.configuration.field(kind, name, pipeline)
    except BadValue as error:
        raise WrongUse(f"{error.reason} of {kind.value}", hint=error.hint) from None
    if field.computed:
        told = "an import brings it along" if field.name in KEPT_DATES else "crmctl writes it"
        raise WrongUse(f"{field.name} cannot be set by hand: {told}")
    return field


def _write(
    field: Field, each: Assignment, conventions: Conventions, record: Record | None
) -> dict[str, Value | None]:
    texts = [text for text in each.texts if text.strip()]
    if any(text.strip() == placeholder(field) for text in texts):
        raise WrongUse(
            f"{field.label}: {placeholder(field)} stands for a value", hint="put the value in its place"
        )
    try:
        if each.operator == "=":
            return field.assign(texts if field.multiple else _single(field, texts), conventions)
        return _added(field, each.operator, texts, conventions, record)
    except BadValue as error:
        raise WrongUse(f"{field.label}: {_told(error.reason, each.texts)}", hint=error.hint) from None


def _told(reason: str, texts: Sequence[str]) -> str:
    """Return what is wrong with the value that was given, which a reason may name already."""
    given = f'"{"; ".join(texts)}"'
    if given in reason:
        return reason
    return (
        f"{given} {reason}" if reason.startswith(("is ", "has ", "does ", "must ")) else f"{given}: {reason}"
    )


def _single(field: Field, texts: list[str]) -> str:
    if len(texts) > 1:
        raise BadValue(f"{field.label} takes one value, not {len(texts)}")
    return texts[0] if texts else ""


def _added(
    field: Field, operator: str, texts: list[str], conventions: Conventions, record: Record | None
) -> dict[str, Value | None]:
    """Return the field with values added to, or taken from, what the record has."""
    if not field.multiple:
        raise BadValue(f"has one value: {operator} is for fields with many")
    named = field.assign(texts, conventions)
    present = {name: record.many(name) if record else [] for name in named}
    changed = named[field.name]
    values = changed if isinstance(changed, list) else []
    key = field.type.key
    if operator == "-=":
        gone = {key(value) for value in values}
        stay = [at for at, value in enumerate(present[field.name]) if key(value) not in gone]
        return {name: [kept[at] for at in stay if at < len(kept)] for name, kept in present.items()}
    known = {key(value) for value in present[field.name]}
    fresh = [at for at, value in enumerate(values) if key(value) not in known]
    return {
        name: _beside(present, name, field.name) + [_beside(named, name, field.name)[at] for at in fresh]
        for name in named
    }


def _beside(values: dict[str, Value | None] | dict[str, list[str]], name: str, main: str) -> list[str]:
    """Return a companion's values, or the main field's where the companion has none of its own."""
    found = values.get(name) or values.get(main)
    return list(found) if isinstance(found, list) else []


def _requantized(
    written: dict[str, Value | None],
    record: Record | None,
    fields: dict[str, Field],
    conventions: Conventions,
) -> dict[str, Value | None]:
    """Give an amount that was there before the decimals of a currency set now. Raises WrongUse."""
    for field in fields.values():
        new = written.get(field.paired) if field.paired else None
        old = record.get(field.name) if record and field.name not in written else None
        if new is None or old is None:
            continue
        try:
            written |= field.assign(f"{old} {new}", msgspec.structs.replace(conventions, decimal_mark="."))
        except BadValue as error:
            raise WrongUse(f"{field.label}: {old} {new}: {error.reason}") from None
    return written
