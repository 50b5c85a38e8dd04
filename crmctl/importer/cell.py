"""The cells of one field: text to what is written, each text once."""

from __future__ import annotations

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


class CellReader:
    """Reads cells as the field's type reads what is typed, and remembers what it read."""

    def __init__(self, field: Field, conventions: Conventions) -> None:
        self.field = field
        self._conventions = conventions
        counted = conventions.serial_dates and field.kind in DATED
        self._assigned = serial_assigned if counted else field.type.assigned
        bounded = field.min or field.max or field.pattern
        plain = not bounded and conventions.longest >= LONGEST_TEXT
        self._quick = field.type.quick if plain else FieldType().quick
        self.seen: dict[str, Reading] = {}
        self._in_currency: dict[str, CellReader] = {}
        self._numbers: CellReader | None = None

    def read(self, text: str) -> Reading:
        """Return what the cell writes; nothing for a blank one. What `seen` has of it is the same."""
        if isinstance(text, NumberCell):
            return self._read_number(text)
        found = self.seen.get(text)
        return self.read_new(text) if found is None else found

    def read_new(self, text: str) -> Reading:
        """Return the same of text that is not among what was `seen`."""
        quick = self._quick(text, self.field, self._conventions)
        found = self.read_several(text) if quick is None else quick
        # What comes often comes early; names and numbers, which are all different, need not be taken down for ever.
        if len(self.seen) < _REMEMBERED:
            self.seen[text] = found
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
        return self._numbers.read(plain)
