"""Records as rows: a column for each field, and cells that an import reads back as they were."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from crmctl.exporter.sheet import Cell
from crmctl.model.field import Conventions, Field
from crmctl.model.records import Record, Value

# Three digits after the mark could be thousands; a zero more cannot.
_TWO_READINGS = re.compile(r"(-?[1-9][0-9]{0,2}\.[0-9]{3})(?![0-9])")


def shown_rows(
    fields: Sequence[Field], records: Iterable[Record], conventions: Conventions
) -> Iterator[list[Cell]]:
    """Yield each record as texts, in the order of the fields: what is typed to set them."""
    columns = [(field, reading(field, fields)) for field in fields]
    for record in records:
        yield [shown_cell(field, read(record), conventions) for field, read in columns]


def typed_rows(
    fields: Sequence[Field], records: Iterable[Record], conventions: Conventions
) -> Iterator[list[Cell]]:
    """Yield each record as the values JSON output shows, in the order of the fields."""
    columns = [(field, reading(field, fields)) for field in fields]
    for record in records:
        yield [typed_cell(field, read(record), conventions) for field, read in columns]


def reading(field: Field, fields: Sequence[Field]) -> Callable[[Record], Value | None]:
    """Return what takes a field's value out of a record: with the currency that no column has."""
    if field.paired and field.type.carries_pair and all(each.name != field.paired for each in fields):
        return lambda record: field.read(record.values)
    return lambda record: record.get(field.name)


def shown_cell(field: Field, value: Value | None, conventions: Conventions) -> str:
    """Return a value as text with one reading."""
    if value is None:
        return ""
    text = field.show(value, conventions)
    return _TWO_READINGS.sub(r"\g<1>0", text) if field.type.numeric else text


def typed_cell(field: Field, value: Value | None, conventions: Conventions) -> Cell:
    """Return a value as JSON output shows it, amounts as text with one reading."""
    if value is None:
        return None
    found = field.dump(value, conventions)
    if isinstance(found, str) and field.type.numeric:
        return _TWO_READINGS.sub(r"\g<1>0", found)
    return found
