"""The values of a file that rows would be rejected for, each once and counted."""

from __future__ import annotations

import msgspec

from crmctl import dates
from crmctl.errors import BadValue, UnknownName
from crmctl.importer.batch import DEFERRED
from crmctl.importer.reading_evidence import date_formats, two_readings
from crmctl.importer.row import ImportRow
from crmctl.importer.table import CellError
from crmctl.model.field import Field
from crmctl.money import TwoReadings
from crmctl.workspace.import_reading import Reading

_KNOWN_BY_NAME = frozenset({"stage", "list", "user", "currency"})
_DATES = frozenset({"date", "datetime"})
_MOST_VALUES = 10_000
UNKNOWN = UnknownName.code
TWO_READINGS = TwoReadings.code
"""What is the matter with a value that only a declared form or mark gives one reading."""
REFUSED = "refused"


class Trouble(msgspec.Struct, frozen=True):
    """A value that rows are rejected for: `kind` is `unknown`, `two_readings` or `refused`.

    `formed` tells a date that could be read if its format were declared.
    """

    kind: str
    column: str
    field: str
    value: str
    count: int
    line: int
    reason: str
    hint: str
    formed: bool = False


class Troubles:
    """The values of a file that rows are rejected for, each counted."""

    def __init__(self, reading: Reading) -> None:
        self._columns = reading.columns
        self._targets = reading.targets
        self._found: dict[tuple[str, str, str], Trouble] = {}
        self._deferred = {name: field for name, field in self._targets.fields.items() if name in DEFERRED}

    def take(self, row: ImportRow) -> None:
        """Look at a row: at what its cells could not be read as, and at the names in cells that are read later."""
        for error in row.errors:
            self._count(error)
        for name, text in row.texts.items():
            field = self._deferred.get(name)
            if field and field.choices and not field.choices.get(text):
                at = self._columns.place(name)
                column = self._columns.header[at] if at is not None else name
                reason = f'unknown {field.choices.noun} "{text}"'
                self._count(CellError(row.line, column, name, text, reason, _allowed(field, text), UNKNOWN))

    def all(self) -> tuple[Trouble, ...]:
        """Return what was found, the most frequent first."""
        return tuple(sorted(self._found.values(), key=lambda each: -each.count))

    def _count(self, error: CellError) -> None:
        key = (error.column, error.field, error.value if error.column else error.reason)
        known = self._found.get(key)
        if known:
            self._found[key] = msgspec.structs.replace(known, count=known.count + 1)
        elif len(self._found) < _MOST_VALUES:
            field = self._targets.field(error.field)
            kind, reason, hint = _kind_of(error, field), error.reason, error.hint
            is_date = field is not None and field.kind in _DATES
            if kind == TWO_READINGS and is_date:
                reason, hint = "day and month may be either way round", dates.ABSOLUTE
            formed = is_date and bool(date_formats([error.value]))
            self._found[key] = Trouble(
                kind, error.column, error.field, error.value, 1, error.line, reason, hint, formed
            )


def _kind_of(error: CellError, field: Field | None) -> str:
    if error.code == TWO_READINGS or (field and field.kind in _DATES and two_readings(error.value)):
        return TWO_READINGS
    chosen = field and (field.choices or field.kind in _KNOWN_BY_NAME)
    return UNKNOWN if chosen and error.code == UNKNOWN else REFUSED


def _allowed(field: Field, text: str) -> str:
    try:
        if field.choices:
            field.choices.find(text)
    except BadValue as error:
        return error.hint or ""
    return ""
