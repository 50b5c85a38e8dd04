"""The cells of one field: text to what is written, each text once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from crmctl.errors import BadValue
from crmctl.importer.serial_dates import DATED, serial_assigned
from crmctl.importer.sheet_number import number_for
from crmctl.importer.table import NumberCell, SheetNumber
from crmctl.model.field import Conventions, Field
from crmctl.model.field_types import FieldType
from crmctl.model.field_types.base import LONGEST_TEXT
from crmctl.model.records import Value

Reading = dict[str, Value] | BadValue
"""What a cell writes, by field name, or why it cannot. Shared between rows: not to be changed."""

_REMEMBERED = 8192
_VARIOUS = 1000
"""Different texts after which those that keep being new are taken for names and numbers, of which few come again."""
_MOSTLY = 15 / 16
_TEXT = frozenset({str})
_VALUES = frozenset({dict})


class Column(NamedTuple):
    """What the cells of a column write, by field name, None for nothing; and why some cannot, by their place."""

    values: dict[str, list[Value | None]]
    faults: dict[int, BadValue]

    def take(self, at: int, found: Reading) -> None:
        """Take what one cell writes, in the place of what others wrote for it."""
        if isinstance(found, BadValue):
            self.faults[at] = found
            return
        count = len(next(iter(self.values.values())))
        for name, value in found.items():
            self.values.setdefault(name, [None] * count)[at] = value


class CellReader:
    """Reads cells as the field's type reads what is typed, and remembers what it read."""

    def __init__(self, field: Field, conventions: Conventions) -> None:
        self.field = field
        self._conventions = conventions
        counted = conventions.serial_dates and field.kind in DATED
        self._assigned = serial_assigned if counted else field.type.assigned
        bounded = field.min or field.max or field.pattern
        plain = not bounded and conventions.longest >= LONGEST_TEXT
        self._quick_type = field.type if plain else FieldType()
        self._seen: dict[str, Reading] = {"": {}}
        self._written: dict[str, None] = {field.name: None}
        self._various = False
        self._in_currency: dict[str, CellReader] = {}
        self._numbers: CellReader | None = None

    def read(self, text: str) -> Reading:
        """Return what the cell writes; nothing for a blank one."""
        if isinstance(text, NumberCell):
            return self._read_number(text)
        found = self._seen.get(text)
        return self._read_new(text) if found is None else found

    def read_all(self, texts: Sequence[str]) -> list[Reading]:
        """Return what each cell writes; what the same text writes is the same object, mostly."""
        if not _TEXT.issuperset(map(type, texts)):
            return [self.read(text) for text in texts]
        found = list(map(self._seen.get, texts))
        if None not in found:
            return found  # type: ignore[return-value]
        known, pairs = len(self._seen), zip(texts, found, strict=True)
        read = [self.read(text) if each is None else each for text, each in pairs]
        new, filled = len(self._seen) - known, len(texts) - texts.count("")
        self._various = known > _VARIOUS and new > filled * _MOSTLY
        return read

    def column(self, texts: Sequence[str]) -> Column:
        """Return what the cells of a column write."""
        if self._various and _TEXT.issuperset(map(type, texts)):
            values = self._quick_type.quick_all(texts, self.field, self._conventions)
            if values is not None:
                return self._mended(Column(values, {}), texts)
        found, faults = parted(self.read_all(texts))
        return Column({name: [each.get(name) for each in found] for name in self._written}, faults)

    def _mended(self, column: Column, texts: Sequence[str]) -> Column:
        """Read one by one what the type did not take together."""
        own = column.values[self.field.name]
        if None in own:
            for at, (value, text) in enumerate(zip(own, texts, strict=True)):
                if value is None and text:
                    column.take(at, self.read(text))
        return column

    def _read_new(self, text: str) -> Reading:
        quick = self._quick_type.quick(text, self.field, self._conventions)
        found = self.read_several(text) if quick is None else quick
        # What comes often comes early; names and numbers, which are all different, need not be taken down for ever.
        if len(self._seen) < _REMEMBERED:
            self._seen[text] = found
        return self._told(found)

    def _told(self, found: Reading) -> Reading:
        """Return what was read, when the names of the fields that it writes are taken down."""
        if isinstance(found, dict):
            self._written |= dict.fromkeys(found)
        return found

    def read_several(self, texts: str | list[str]) -> Reading:
        """Return what the cells of several columns write together."""
        try:
            if isinstance(texts, list):
                texts = [self._plain(text) for text in texts]
            written = self._assigned(self.field, texts, self._conventions)
        except BadValue as error:
            return error
        if None in written.values():
            written = {name: value for name, value in written.items() if value is not None}
        return written  # type: ignore[return-value]

    def in_currency(self, code: str) -> CellReader:
        """Return the reader of amounts that name no currency of their own and are in this one."""
        if code not in self._in_currency:
            self._in_currency[code] = CellReader(self.field, replace(self._conventions, currency=code))
        return self._in_currency[code]

    def _plain(self, text: str) -> str:
        """Return text, that of a number of a worksheet if it may stand in the field. Raises BadValue."""
        return number_for(text, self.field, self._conventions) if isinstance(text, SheetNumber) else text

    def _read_number(self, text: NumberCell) -> Reading:
        try:
            plain = str(self._plain(text))
        except BadValue as error:
            return error
        if self._numbers is None:
            self._numbers = CellReader(self.field, replace(self._conventions, decimal_mark="."))
        return self._told(self._numbers.read(plain))


def parted(found: Sequence[Reading]) -> tuple[Sequence[dict[str, Value]], dict[int, BadValue]]:
    """Return what cells write, nothing for those at fault, and the faults by their place."""
    if _VALUES.issuperset(map(type, found)):
        return found, {}  # type: ignore[return-value]
    faults = {at: each for at, each in enumerate(found) if isinstance(each, BadValue)}
    return [{} if isinstance(each, BadValue) else each for each in found], faults
