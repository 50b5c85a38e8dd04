"""Setting fields by hand: `-s field=value`, `+=`, `-=` and `--unset`, read by the fields' own types."""

from collections.abc import Mapping, Sequence

import msgspec

from crmctl.errors import BadValue, WrongUse
from crmctl.model.field import Conventions, Field
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.standard_fields import KEPT_FROM_IMPORT
from crmctl.rules.context import Context
from crmctl.rules.decision import placeholder
from crmctl.text import is_blank, name_key

STAGED = ("pipeline", "stage")
"""Fields that only a move, or a creation, sets."""
_LONGEST_TOLD = 100
"""Characters of a refused value that messages repeat."""


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


def apart(
    assignments: Sequence[Assignment], kind: RecordType
) -> tuple[list[Assignment], dict[RecordType, list[Assignment]]]:
    """Return what is meant for a record itself, and what `contact.city=Киев` means for another."""
    own: list[Assignment] = []
    aimed: dict[RecordType, list[Assignment]] = {}
    types = {each.value: each for each in RecordType}
    for each in assignments:
        head, dot, name = each.field.partition(".")
        target = types.get(head) if dot else None
        bare = msgspec.structs.replace(each, field=name) if target else each
        (own if target in (None, kind) else aimed.setdefault(types[head], [])).append(bare)
    return own, aimed


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
    written: dict[str, Value | None] = {}
    for field, each in _in_order(assignments, kind, pipeline, context):
        base = (record or Record({})).having(written)
        found = _write(field, each, _meant(field, base, context.conventions), base)
        _check_one_currency(field, found, written)
        written |= found
    return requantized(written, record, context.configuration.fields_of(kind, pipeline), context)


def _in_order(
    assignments: Sequence[Assignment], kind: RecordType, pipeline: str, context: Context
) -> list[tuple[Field, Assignment]]:
    """Return the assignments with their fields, those by other names of one field joined, currencies first.

    A bare amount is in the currency given beside it.
    """
    fields = [_field(each.field, kind, pipeline, context) for each in assignments]
    by_name = {field.name: field for field in fields}
    named = [
        msgspec.structs.replace(each, field=field.name)
        for each, field in zip(assignments, fields, strict=True)
    ]
    found = [(by_name[each.field], each) for each in grouped(named)]
    return sorted(found, key=lambda pair: pair[0].kind != "currency")


def _meant(field: Field, record: Record, conventions: Conventions) -> Conventions:
    """Return the conventions with the currency that the record's amounts are in, where it has one."""
    currency = record.text(field.paired) if field.paired else ""
    return msgspec.structs.replace(conventions, currency=currency) if currency else conventions


def _check_one_currency(
    field: Field, found: dict[str, Value | None], written: dict[str, Value | None]
) -> None:
    """Raise WrongUse where an amount names another currency than the one given beside it."""
    own, beside = found.get(field.paired), written.get(field.paired)
    if own and beside and own != beside:
        raise WrongUse(f"{field.label}: is in {own}, but {field.paired} is {beside}")


def _field(name: str, kind: RecordType, pipeline: str, context: Context) -> Field:
    try:
        field = context.configuration.field(kind, name, pipeline)
    except BadValue as error:
        raise WrongUse(f"{error.reason} of {kind.value}", hint=error.hint) from None
    if field.name in STAGED:
        raise WrongUse(f"{field.name} is set by a move", hint="crmctl move ID STAGE")
    if field.computed:
        told = "an import brings it along" if field.name in KEPT_FROM_IMPORT else "crmctl writes it"
        raise WrongUse(f"{field.name} cannot be set by hand: {told}")
    return field


def _write(
    field: Field, each: Assignment, conventions: Conventions, record: Record
) -> dict[str, Value | None]:
    texts = [text for text in each.texts if not is_blank(text)]
    if any(text.strip() == placeholder(field) for text in texts):
        raise WrongUse(
            f"{field.label}: {placeholder(field)} stands for a value", hint="put the value in its place"
        )
    try:
        if each.operator == "=":
            return field.assign(texts if field.multiple else _single(texts), conventions)
        if not field.multiple:
            raise BadValue(f"has one value: {each.operator} is for fields with many")
        change = _added if each.operator == "+=" else _removed
        return _without_twins(change(field, texts, conventions, record), field.name)
    except BadValue as error:
        told = f"{field.label}: {_told(error.reason, each.texts)}"
        raise WrongUse(told, hint=error.hint).at(field.name) from None


def _told(reason: str, texts: Sequence[str]) -> str:
    """Return what is wrong with the value that was given, which a reason may name already."""
    whole = "; ".join(texts)
    given = f'"{whole}"' if len(whole) <= _LONGEST_TOLD else f'"{whole[:_LONGEST_TOLD]}..."'
    if f'"{whole}"' in reason:
        return reason.replace(f'"{whole}"', given)
    return (
        f"{given} {reason}"
        if reason.startswith(("is ", "are ", "has ", "does ", "must "))
        else f"{given}: {reason}"
    )


def _single(texts: list[str]) -> str:
    if len(texts) > 1:
        raise BadValue(f"are {len(texts)} values: it takes one")
    return texts[0] if texts else ""


def _added(
    field: Field, texts: list[str], conventions: Conventions, record: Record
) -> dict[str, Value | None]:
    """Return the field's values, and those kept beside them, with new ones after what the record has."""
    named = field.assign(texts, conventions)
    present: dict[str, Value | None] = {name: record.many(name) for name in named}
    key = field.type.key
    known = {key(value) for value in record.many(field.name)}
    fresh = [at for at, value in enumerate(_beside(named, field.name, "")) if key(value) not in known]
    return {
        name: _beside(present, name, field.name) + [_beside(named, name, field.name)[at] for at in fresh]
        for name in named
    }


def _removed(
    field: Field, texts: list[str], conventions: Conventions, record: Record
) -> dict[str, Value | None]:
    """Return the field's values, and those kept beside them, without some.

    A value that its list no longer has can still be taken away.
    """
    present = record.many(field.name)
    gone: set[str] = set()
    for text in field.parts(texts):
        held = [value for value in present if name_key(value) == name_key(text)]
        meant = held or [str(field.type.parse(text, field, conventions))]
        gone.update(value for value in present if field.type.key(value) in map(field.type.key, meant))
    stay = [at for at, value in enumerate(present) if value not in gone]
    beside = [name for name in field.assign([], conventions) if record.many(name)]
    columns = {name: record.many(name) for name in dict.fromkeys([field.name, *beside])}
    return {name: [held[at] for at in stay if at < len(held)] for name, held in columns.items()}


def _without_twins(found: dict[str, Value | None], main: str) -> dict[str, Value | None]:
    """Return what is written, without companions that say the same as the field itself."""
    return {name: None if name != main and value == found[main] else value for name, value in found.items()}


def _beside(values: Mapping[str, Value | None], name: str, main: str) -> list[str]:
    """Return a companion's values, or the main field's where the companion has none of its own."""
    found = values.get(name) or values.get(main)
    return list(found) if isinstance(found, list) else []


def requantized(
    written: dict[str, Value | None], record: Record | None, fields: Mapping[str, Field], context: Context
) -> dict[str, Value | None]:
    """Give an amount that was there before the decimals of a currency set now. Raises WrongUse.

    An amount does not stay behind without a currency.
    """
    plain = msgspec.structs.replace(context.conventions, decimal_mark=".")
    for field in fields.values():
        old = record.get(field.name) if record and field.name not in written else None
        if old is None or field.paired not in written:
            continue
        new = written[field.paired]
        if new is None:
            raise WrongUse(
                f"{field.label}: {old} would have no {field.paired}", hint=f"empty {field.name} too"
            )
        try:
            written |= field.assign(f"{old} {new}", plain)
        except BadValue as error:
            raise WrongUse(f"{field.label}: {old} {new}: {error.reason}") from None
    return written
