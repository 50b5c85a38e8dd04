"""Rows of text to rows of values, every cell that cannot be read named."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from crmctl.errors import BadValue
from crmctl.importer.cell import CellReader, Reading
from crmctl.importer.mapping import TYPED_FORMS, ColumnMap
from crmctl.importer.row import ImportRow, packed_cells
from crmctl.importer.table import CellError, RawRow
from crmctl.model.field import Conventions, Field
from crmctl.model.field_types.base import SEPARATOR
from crmctl.model.records import RecordType, Value, read_id, type_of
from crmctl.model.standard_fields import REASONS

DEFERRED = frozenset({"pipeline", "stage", *REASONS})
"""Fields whose values depend on the record's pipeline: their cells stay text for the rules to read."""
_DEFERRED_OF = {RecordType.TASK: DEFERRED | {"for"}}
"""Whom a task is for may be named by an outside id, which only the store knows."""
_MOST_REVISION_DIGITS = 15
_MOST_DEFERRED = 1000
_BARE = re.compile(r"[-+\u2212\d.,'\u2019()\s]*")
"""An amount without the name or the sign of a currency."""
_NOTHING: dict[str, str] = {}
"""Shared by rows that have nothing of a kind, as a hundred thousand empty ones are not small."""


class RowParser:
    """Reads the rows of one file."""

    def __init__(
        self, columns: ColumnMap, fields: Mapping[str, Field], kind: RecordType, conventions: Conventions
    ) -> None:
        """Prepare for a file's columns. Cells have no shorthand such as `10k` or `today`."""
        conventions = msgspec.structs.replace(conventions, shorthand=False)
        readers = {name: CellReader(field, conventions) for name, field in fields.items()}
        self._columns = columns
        self._read = frozenset(name for name, _ in columns.pairs())
        self._kind = kind
        self._external = readers["external_id"]
        self._kept = [(at, readers[name]) for name, at in columns.kept.items()]
        self._typed = [(at, readers[TYPED_FORMS[name]]) for name, at in columns.typed.items()]
        self._deferred_seen: dict[tuple[str, ...], Mapping[str, str]] = {(): _NOTHING}
        deferred = _DEFERRED_OF.get(kind, DEFERRED)
        self._texts = [
            (name, at) for name, all_at in columns.fields.items() if name in deferred for at in all_at
        ]
        self._plain: list[tuple[int, dict[str, Reading], CellReader]] = []
        self._joined: list[tuple[tuple[int, ...], CellReader]] = []
        self._amounts: list[tuple[int, CellReader]] = []
        read_now = {name: places for name, places in columns.fields.items() if name not in deferred}
        for name, places in read_now.items():
            if len(places) > 1:
                self._joined.append((places, readers[name]))
            elif fields[name].paired:
                self._amounts.append((places[0], readers[name]))
            else:
                self._plain.append((places[0], readers[name].seen, readers[name]))

    def parse(self, raw: RawRow) -> ImportRow:
        """Return the row's values. What is wrong with it is in `errors`."""
        packed = packed_cells(raw.cells)
        draft = _Draft(raw, self._columns.header)
        found = (
            (*raw.faults, *(odd for odd in raw.odd if odd.column in self._read)) if raw.odd else raw.faults
        )
        if found:
            named, _ = self._identity(draft)
            faults = tuple(self._at_field(fault) for fault in found)
            return ImportRow(raw.line, packed, {}, id=named, errors=faults, warnings=raw.warnings)
        self._read_values(draft)
        record_id, external_id = self._identity(draft)
        return ImportRow(
            line=raw.line,
            packed=packed,
            values=draft.values,
            id=record_id,
            revision=self._revision(draft) if self._columns.separate else None,
            external_id=external_id,
            texts=self._deferred(raw.cells),
            kept=draft.kept or _NOTHING,
            bare=tuple(draft.bare),
            errors=tuple(draft.errors),
            warnings=raw.warnings,
        )

    def _at_field(self, fault: CellError) -> CellError:
        """Return what the file's reader found wrong with a cell with the field that the cell is for."""
        field = dict(self._columns.pairs()).get(fault.column, fault.field)
        return msgspec.structs.replace(fault, field=field)

    def _read_values(self, draft: _Draft) -> None:
        self._read_plain(draft)
        for places, reader in self._joined:
            _read_joined(draft, places, reader)
        for at, reader in self._amounts:
            self._read_amount(draft, at, reader)
        for at, reader in self._typed:
            _read_typed(draft, at, reader)
        for at, reader in self._kept:
            if draft.cells[at]:
                _read_kept(draft, at, reader)

    def _read_plain(self, draft: _Draft) -> None:
        cells, values = draft.cells, draft.values
        for at, seen, reader in self._plain:
            if text := cells[at]:
                # Spares a call or two for each of a million cells: most were seen, nearly all are good.
                if text.__class__ is str:
                    found = seen.get(text)
                    if found is None:
                        found = reader.read_new(text)
                else:
                    found = reader.read(text)
                if found.__class__ is dict:
                    values.update(found)
                else:
                    draft.take(at, reader, found, values)

    def _deferred(self, cells: list[str]) -> Mapping[str, str]:
        """Return the cells left as text. The same few stages come again and again, and are kept once."""
        key = tuple([cells[at].strip() for _, at in self._texts])
        found = self._deferred_seen.get(key)
        if found is None:
            found = {}
            for (name, _), text in zip(self._texts, key, strict=True):
                if text:
                    found[name] = f"{found[name]}{SEPARATOR} {text}" if name in found else text
            if len(self._deferred_seen) < _MOST_DEFERRED:
                self._deferred_seen[key] = found
        return found

    def _read_amount(self, draft: _Draft, at: int, reader: CellReader) -> None:
        """Read an amount in the currency that its row names."""
        text, paired = draft.cells[at], reader.field.paired
        places = self._columns.fields.get(paired)
        stated = draft.cells[places[0]].strip() if places else ""
        if not text or (stated and paired not in draft.values):
            return
        code = str(draft.values[paired]) if stated else ""
        found = (reader.in_currency(code) if code else reader).read(text)
        if code and isinstance(found, dict) and found.get(paired, code) != code:
            found = BadValue(f"is in {found[paired]}, but the currency of its row is {code}")
        if not code and _BARE.fullmatch(text):
            draft.bare.append(reader.field.name)
        draft.take(at, reader, found, draft.values)

    def _identity(self, draft: _Draft) -> tuple[str, str]:
        """Return the record's id and its external one: what is no id in an `id` column is the latter."""
        if not self._columns.separate:
            return "", ""
        at, other = self._columns.separate.get("id"), self._columns.separate.get("external_id")
        record_id = (read_id(draft.cells[at]) or "") if at is not None else ""
        if at is not None and record_id and type_of(record_id) is not self._kind:
            draft.refuse(at, "id", f"{record_id} is no {self._kind}")
        place = at if other is None and not record_id else other
        if place is None or not draft.cells[place]:
            return record_id, ""
        taken: dict[str, Value] = {}
        draft.take(place, self._external, self._external.read(draft.cells[place]), taken)
        return record_id, str(taken.get("external_id", ""))

    def _revision(self, draft: _Draft) -> int | None:
        at = self._columns.separate.get("revision")
        text = draft.cells[at].strip() if at is not None else ""
        if at is None or not text:
            return None
        if text.isascii() and text.isdigit() and len(text) <= _MOST_REVISION_DIGITS:
            return int(text)
        draft.refuse(at, "revision", "not a revision", "leave it as the export wrote it")
        return None


class _Draft:
    """A row while it is read."""

    __slots__ = ("_header", "_line", "bare", "cells", "errors", "kept", "values")

    def __init__(self, raw: RawRow, header: tuple[str, ...]) -> None:
        self.cells = raw.cells
        self.values: dict[str, Value] = {}
        self.kept: dict[str, Value] = {}
        self.bare: list[str] = []
        self.errors: list[CellError] = []
        self._line = raw.line
        self._header = header

    def take(self, at: int, reader: CellReader, found: Reading, into: dict[str, Value]) -> None:
        """Take what a cell writes, or note why it cannot."""
        if isinstance(found, BadValue):
            self.refuse(at, reader.field.name, found.reason, found.hint or "")
        else:
            into.update(found)

    def refuse(self, at: int, field: str, reason: str, hint: str = "") -> None:
        """Note what is wrong with a cell."""
        self.errors.append(CellError(self._line, self._header[at], field, self.cells[at], reason, hint))


def _read_kept(draft: _Draft, at: int, reader: CellReader) -> None:
    """Read a date or a name of upkeep."""
    found = reader.read(draft.cells[at])
    if isinstance(found, dict) and not draft.kept:
        draft.kept = found  # shared with the other rows of that day: nobody changes it
        return
    draft.kept = dict(draft.kept)
    draft.take(at, reader, found, draft.kept)


def _read_joined(draft: _Draft, places: tuple[int, ...], reader: CellReader) -> None:
    """Read the cells of several columns as one many-valued field."""
    filled = [at for at in places if draft.cells[at].strip()]
    if not filled:
        return
    found = reader.read_several([draft.cells[at] for at in filled])
    if isinstance(found, dict):
        draft.values.update(found)
        return
    for at in filled:
        draft.take(at, reader, reader.read(draft.cells[at]), {})


def _read_typed(draft: _Draft, at: int, reader: CellReader) -> None:
    """Take the forms in which values were typed where they still mean the same values."""
    if not draft.cells[at]:
        return
    found, name = reader.read(draft.cells[at]), reader.field.name
    if isinstance(found, dict) and found.get(name) == draft.values.get(name):
        draft.values.update(found)
