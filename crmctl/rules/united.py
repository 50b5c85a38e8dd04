"""What of records that are one the winner takes: empty fields are filled, fields of many values united.

A value of the winner's is never replaced: where another record holds another one, that is told as left.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

import msgspec

from crmctl.model import letter, message, note
from crmctl.model.field import Conventions, Field
from crmctl.model.merging import FROM
from crmctl.model.records import Record, Value
from crmctl.model.standard_fields import REASONS
from crmctl.rules.create import built_title

COUNTS = (note.COUNT, message.COUNT, letter.COUNT)
"""What was said to and of all of them is found with the winner."""
_BOUND = frozenset({"pipeline", "stage", "probability", "closed_at", *REASONS})
"""Fields that go with a record's place in its pipeline: another's would belong to another place."""
_ONE_YES_HOLDS = frozenset({"do_not_contact"})
"""Fields of which one yes is enough: whoever said it once is not asked again."""
_WHOLE = frozenset({"items"})
"""Fields of many values that are one thing: the lines of two records that are one deal are not two orders."""
_FILLED_THOUGH_COMPUTED = frozenset({"origin_lead", "converted_to"})


class Left(msgspec.Struct, frozen=True):
    """A value that the winner does not take, and the record that has it."""

    field: str
    record: str
    value: Value


class Taken(msgspec.Struct, frozen=True):
    """What the winner takes: values by field, the record that each filled field comes from, what was left."""

    values: Mapping[str, Value | None]
    filled: Mapping[str, str]
    united: tuple[str, ...]
    left: tuple[Left, ...]


def taken(
    winner: Record,
    losers: Sequence[Record],
    fields: Mapping[str, Field],
    conventions: Conventions,
    absent: Collection[str] = (),
) -> Taken:
    """Return what a winner takes of the others; references among them lead nowhere any more.

    Nor does it take a reference to what is `absent`.
    """
    own = {winner.id, *(each.id for each in losers)}
    winner_now = winner.having(_without(winner, fields, own))
    others = [each.having(_without(each, fields, own.union(absent))) for each in losers]
    values: dict[str, Value | None] = _changed(winner, winner_now)
    filled: dict[str, str] = {}
    for field in mergeable(fields):
        if is_united(field):
            values |= _union(field, winner_now, others, conventions)
        elif source := _source(field, winner_now, others, fields):
            filled[field.name] = source.id
            values |= _copied(field, source)
    united = tuple(
        name for name in values if name in fields and is_united(fields[name]) and not fields[name].computed
    )
    after = winner_now.having(values)
    return Taken({**values, **_upkeep(winner, losers)}, filled, united, tuple(_left(after, others, fields)))


def joined(
    record: Record, values: Mapping[str, Value | None], fields: Mapping[str, Field], conventions: Conventions
) -> dict[str, Value | None]:
    """Return what a record has of all values in the fields of many, and a yes that holds, where more is said of it."""
    other = Record({"id": record.id, "record": record.type.value}).having(values)
    found: dict[str, Value | None] = {}
    for field in mergeable(fields):
        if is_united(field) and field.name in values:
            found |= {name: record.get(name) for name in field.assign([], conventions)}
            found |= _union(field, record, [other], conventions)
        elif field.name in _ONE_YES_HOLDS and other.get(field.name) is True:
            found[field.name] = True
    return found


def mergeable(fields: Mapping[str, Field]) -> Iterator[Field]:
    """Yield the fields that a winner takes from others; a currency goes with its amount."""
    paired = {field.paired for field in fields.values() if field.paired}
    for field in fields.values():
        usual = not field.computed and field.name not in (*_BOUND, *paired, "title")
        if usual or field.name in _FILLED_THOUGH_COMPUTED:
            yield field


def is_united(field: Field) -> bool:
    """Tell whether a field's values are put together."""
    return field.multiple and field.name not in _WHOLE


def without(value: Value | None, gone: set[str], refers: Callable[[str], str]) -> Value | None:
    """Return a value without the references to some records."""
    if isinstance(value, list):
        return [one for one in value if refers(one) not in gone] or None
    return None if isinstance(value, str) and refers(value) in gone else value


def points(field: Field) -> bool:
    """Tell whether a field names other records, and is to name those that stand for them."""
    return field.type.points and field.name not in ("id", "contacts", FROM)


def equal(field: Field, one: Value, other: Value) -> bool:
    """Tell whether two values of a field say the same, however written."""
    with suppress(ValueError, ArithmeticError):
        return sorted(map(field.type.key, _listed(one))) == sorted(map(field.type.key, _listed(other)))
    return one == other


def differ(field: Field, values: Sequence[Value | None]) -> bool:
    """Tell whether records differ in a field, so that somebody may want to choose: also in how it is written."""
    filled = [value for value in values if value is not None]
    if len(filled) < len(values):
        return bool(filled)
    if field.multiple:
        return not all(equal(field, filled[0], each) for each in filled)
    return any(each != filled[0] for each in filled)


def _without(record: Record, fields: Mapping[str, Field], gone: set[str]) -> dict[str, Value | None]:
    return {
        field.name: without(record.get(field.name), gone, field.type.refers)
        for field in fields.values()
        if points(field)
    }


def _changed(before: Record, after: Record) -> dict[str, Value | None]:
    names = dict.fromkeys((*before.values, *after.values))
    return {name: after.get(name) for name in names if before.get(name) != after.get(name)}


def _union(
    field: Field, winner: Record, others: Sequence[Record], conventions: Conventions
) -> dict[str, Value | None]:
    """Return all values, each once, with what was typed for it beside it where the field keeps that."""
    beside = [name for name in field.assign([], conventions) if name != field.name]
    rows = _rows(field, winner, beside)
    known = {_key(field, row[0]) for row in rows}
    held = len(rows)
    for record in others:
        for row in _rows(field, record, beside):
            if (key := _key(field, row[0])) not in known:
                known.add(key)
                rows.append(row)
    if len(rows) == held:
        return {}
    main, *typed = (list(column) for column in zip(*rows, strict=True))
    return {
        field.name: main,
        **{name: None if column == main else column for name, column in zip(beside, typed, strict=True)},
    }


def _rows(field: Field, record: Record, beside: Sequence[str]) -> list[tuple[str, ...]]:
    """Return each value of a field with what is kept beside it."""
    held = record.many(field.name)
    return list(zip(held, *(_as_long(record.many(name), held) for name in beside), strict=True))


def _key(field: Field, value: str) -> object:
    with suppress(ValueError, ArithmeticError):
        return field.type.union_key(value)
    return value


def _as_long(typed: list[str], held: list[str]) -> list[str]:
    return typed if len(typed) == len(held) else held


def _source(
    field: Field, winner: Record, others: Sequence[Record], fields: Mapping[str, Field]
) -> Record | None:
    """Return the record whose value the winner takes, which has none, or only a no where one yes holds."""
    held = winner.get(field.name)
    having = [each for each in others if each.get(field.name) is not None]
    if field.name in _ONE_YES_HOLDS and held is not True:
        said = [each for each in having if each.get(field.name) is True]
        return next(iter(said or (having if held is None else ())), None)
    if held is not None:
        return None
    return next((each for each in having if _may_bring(field, winner, each, fields)), None)


def _may_bring(field: Field, winner: Record, other: Record, fields: Mapping[str, Field]) -> bool:
    """Tell whether an amount may bring its currency: no other amount of the winner's may be in another."""
    if not field.paired or winner.get(field.paired) in (None, other.get(field.paired)):
        return True
    sharing = (each for each in fields.values() if each.paired == field.paired and each.name != field.name)
    return not any(winner.get(each.name) is not None for each in sharing)


def _copied(field: Field, source: Record) -> dict[str, Value | None]:
    names = [field.name, *([field.paired] if field.paired else [])]
    return {name: source.get(name) for name in names}


def _upkeep(winner: Record, losers: Sequence[Record]) -> dict[str, Value | None]:
    """Return when the first of them came in and by whom, how often all were spoken to, and who they were."""
    every = (winner, *losers)
    first = min((each for each in every if each.text("created_at")), key=_born, default=winner)
    found: dict[str, Value | None] = {name: first.get(name) for name in ("created_at", "created_by")}
    for name in COUNTS:
        counts = [value for each in every if isinstance(value := each.get(name), int)]
        found[name] = sum(counts) or None
    former = [one for each in losers for one in (each.id, *each.many(FROM))]
    found[FROM] = list(dict.fromkeys([*winner.many(FROM), *former]))
    return found


def _born(record: Record) -> str:
    return record.text("created_at")


def _left(after: Record, others: Sequence[Record], fields: Mapping[str, Field]) -> Iterator[Left]:
    """Yield the values that are other than those the winner has now."""
    for field in (*mergeable(fields), *_places(fields)):
        held = field.read(after.values)
        for other in () if is_united(field) or field.name in _ONE_YES_HOLDS else others:
            value = field.read(other.values)
            if value is None or (held is not None and equal(field, held, value)):
                continue
            if field.name != "title" or other.title != built_title(other):
                yield Left(field.name, other.id, value)


def _places(fields: Mapping[str, Field]) -> Iterable[Field]:
    """Yield what else is told where it differs; the stage without its pipeline, which is told by itself."""
    names = (name for name in ("title", "pipeline", "stage") if name in fields)
    return (msgspec.structs.replace(fields[name], paired="") for name in names)


def _listed(value: Value) -> list[str]:
    return value if isinstance(value, list) else [value]  # type: ignore[list-item]
