"""Records as rows for a format with types of its own: amounts as numbers, days and moments as such.

A value goes as text where its type would not give it back: an import reads that as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from crmctl.dates import zone
from crmctl.exporter.records import reading, shown_cell
from crmctl.exporter.sheet import Cell
from crmctl.model.field import Conventions, Field
from crmctl.model.records import Record, Value

MOST_DIGITS = 15
"""Significant digits that a number keeps in every spreadsheet."""
_FIRST_DAY = date(1900, 3, 1)
"""Before it spreadsheets disagree: to one 1900 had a 29 February, to another days began a day earlier."""

Native = Callable[[Value, Conventions], Cell]


def native_rows(
    fields: Sequence[Field], records: Iterable[Record], conventions: Conventions
) -> Iterator[list[Cell]]:
    """Yield each record as values of their own types, in the order of the fields; lists as text."""
    columns = [(field, reading(field, fields), _NATIVE.get(field.kind)) for field in fields]
    for record in records:
        yield [_cell(field, native, read(record), conventions) for field, read, native in columns]


def _cell(field: Field, native: Native | None, value: Value | None, conventions: Conventions) -> Cell:
    if value is None:
        return None
    found = None if native is None or isinstance(value, list) else native(value, conventions)
    return shown_cell(field, value, conventions) if found is None else found


def _number(value: Value, _: Conventions) -> Cell:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if len(Decimal(str(value)).normalize().as_tuple().digits) <= MOST_DIGITS else None


def _amount(value: Value, _: Conventions) -> Cell:
    """Return an amount whose currency another column has; one that names its own is text."""
    if not isinstance(value, str) or not value.removeprefix("-").replace(".", "", 1).isdigit():
        return None
    amount = Decimal(value)
    return amount if len(amount.as_tuple().digits) <= MOST_DIGITS else None


def _flag(value: Value, _: Conventions) -> Cell:
    return value if isinstance(value, bool) else None


def _day(value: Value, _: Conventions) -> Cell:
    try:
        found = date.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found >= _FIRST_DAY and found.isoformat() == value else None


def _moment(value: Value, conventions: Conventions) -> Cell:
    """Return a moment as the clock in the workspace showed it, unless that was twice the same within an hour."""
    try:
        moment = datetime.fromisoformat(str(value))
        local = moment.astimezone(zone(conventions.timezone)).replace(tzinfo=None)
        back = local.replace(tzinfo=zone(conventions.timezone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    exact = back == moment and back.isoformat() == value and local.date() >= _FIRST_DAY
    return local if exact and not _is_twice(local, conventions) else None


def _is_twice(local: datetime, conventions: Conventions) -> bool:
    offsets = {local.replace(tzinfo=zone(conventions.timezone), fold=fold).utcoffset() for fold in (0, 1)}
    return len(offsets) > 1


_NATIVE: dict[str, Native] = {
    "number": _number,
    "integer": _number,
    "money": _amount,
    "boolean": _flag,
    "date": _day,
    "datetime": _moment,
}
