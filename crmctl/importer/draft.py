"""A row while it is read: its values so far, and what is wrong with its cells."""

from __future__ import annotations

from collections.abc import Iterable

from crmctl.errors import BadValue
from crmctl.importer.batch import CellFault
from crmctl.importer.cell import CellReader, Reading
from crmctl.importer.table import CellError, RawRow
from crmctl.model.field_types.base import SEPARATOR
from crmctl.model.records import Value
from crmctl.text import plural, visible


class Draft:
    """A row of one record while it is read; `head` stands before its fields' names in messages, as `contact.`."""

    __slots__ = (
        "_head",
        "_header",
        "_original",
        "cells",
        "errors",
        "line",
        "values",
        "warnings",
    )

    def __init__(
        self, raw: RawRow, header: tuple[str, ...], head: str = "", values: dict[str, Value] | None = None
    ) -> None:
        self.cells = raw.cells if raw.read is None else raw.read
        self.values = {} if values is None else values
        self.errors: list[CellError] = []
        self.warnings: list[str] = []
        self.line = raw.line
        self._original = raw.cells
        self._header = header
        self._head = head

    def take(self, at: int, reader: CellReader, found: Reading, into: dict[str, Value]) -> None:
        """Take what a cell writes, or note why it cannot."""
        if isinstance(found, BadValue):
            self._note(at, reader.field.name, found)
        else:
            into.update(found)

    def refuse(self, at: int, field: str, reason: str, hint: str = "") -> None:
        """Note what is wrong with a cell, which is told as it stands in the file."""
        self._note(at, field, BadValue(reason, hint=hint))

    def note_all(self, faults: Iterable[CellFault]) -> None:
        """Note the faults of cells that were read with those of other rows."""
        for fault in faults:
            self._note(*fault)

    def first_of(self, at: int, field: str) -> str:
        """Return the first of the values in a cell of which the field holds one, and note how many are left out."""
        first, *others = [part for each in self.cells[at].split(SEPARATOR) if (part := each.strip())] or [""]
        if others:
            left = f"{visible(first)} is taken, {plural(len(others), 'other')} left out: it holds one"
            self.warnings.append(f"line {self.line}: {self._head}{field}: {left}")
        return first

    def read_typed(self, at: int, reader: CellReader) -> None:
        """Take the forms in which values were typed where they still mean the same values."""
        if not self.cells[at]:
            return
        found, name = reader.read(self.cells[at]), reader.field.name
        if isinstance(found, dict) and found.get(name) == self.values.get(name):
            self.values.update(found)

    def _note(self, at: int, field: str, found: BadValue) -> None:
        text = self._original[at] if at < len(self._original) else self.cells[at]
        column, name, hint = self._header[at], self._head + field, found.hint or ""
        self.errors.append(CellError(self.line, column, name, text, found.reason, hint, found.code))
