"""Rows of text to rows of values, every cell that cannot be read named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

import msgspec

from crmctl.errors import BadValue
from crmctl.importer.cell import CellReader, Reading
from crmctl.importer.column_map import ColumnMap
from crmctl.importer.draft import Draft
from crmctl.importer.mapping import TYPED_FORMS
from crmctl.importer.row import ImportRow, LineCells, packed_cells
from crmctl.importer.table import CellError, NumberCell, RawRow
from crmctl.model.field import Conventions, Field
from crmctl.model.field_types.base import SEPARATOR
from crmctl.model.import_profile import CLOSED_AS
from crmctl.model.records import RecordType, Value, read_id, type_of
from crmctl.model.standard_fields import REASONS
from crmctl.text import is_blank

DEFERRED = frozenset({"pipeline", "stage", *REASONS})
"""Fields whose values depend on the record's pipeline: their cells stay text for the rules to read."""
_MOST_REVISION_DIGITS = 15
_MOST_DEFERRED = 1000
_BARE = re.compile(r"[-+\u2212\d.,'\u2019()\s]*")
"""An amount without the name or the sign of a currency."""
_NOTHING: dict[str, str] = {}
"""Shared by rows that have nothing of a kind, as a hundred thousand empty ones are not small."""


class RowParser:
    """Reads the rows of one file."""

    def __init__(
        self,
        columns: ColumnMap,
        fields: Mapping[str, Field],
        kind: RecordType,
        conventions: Conventions,
        linked: Mapping[RecordType, Mapping[str, Field]] | None = None,
    ) -> None:
        """Prepare for a file's columns. Cells have no shorthand such as `10k` or `today`.

        `linked` has the fields of the records that rows may bring along.
        """
        conventions = msgspec.structs.replace(conventions, shorthand=False)
        readers = {name: CellReader(field, conventions) for name, field in fields.items()}
        self._columns = columns
        self._kind = kind
        self._mark = conventions.decimal_mark
        self._external = readers["external_id"]
        self._kept = [(at, readers[name]) for name, at in columns.kept.items()]
        self._typed = [(at, readers[TYPED_FORMS[name]]) for name, at in columns.typed.items()]
        self._moment = readers.get("closed_at")
        self._deferred_seen: dict[tuple[str, ...], Mapping[str, str]] = {(): _NOTHING}
        self._texts = [
            (name, at) for name, all_at in columns.fields.items() if name in DEFERRED for at in all_at
        ]
        if columns.closed_as is not None:
            self._texts.append((CLOSED_AS, columns.closed_as))
        self._parts = {
            kind: RowParser(columns.linked[kind], known, kind, conventions)
            for kind, known in (linked or {}).items()
            if kind in columns.linked
        }
        company = (linked or {}).get(RecordType.COMPANY)
        self._other = (
            CellReader(company["title"], conventions) if company and columns.others is not None else None
        )
        self._more = bool(self._parts or columns.entered or columns.items or self._other)
        self._places = columns.places()
        self._sort_out(fields, readers)

    def _sort_out(self, fields: Mapping[str, Field], readers: Mapping[str, CellReader]) -> None:
        """Sort the columns by how their cells are read."""
        self._plain: list[tuple[int, dict[str, Reading], CellReader]] = []
        self._joined: list[tuple[tuple[int, ...], CellReader]] = []
        self._amounts: list[tuple[int, CellReader]] = []
        self._references: list[tuple[str, tuple[int, ...], CellReader]] = []
        read_now = {name: places for name, places in self._columns.fields.items() if name not in DEFERRED}
        for name, places in read_now.items():
            if fields[name].kind == "reference":
                self._references.append((name, places, readers[name]))
            elif len(places) > 1:
                self._joined.append((places, readers[name]))
            elif fields[name].paired:
                self._amounts.append((places[0], readers[name]))
            else:
                self._plain.append((places[0], readers[name].seen, readers[name]))

    def parse(self, raw: RawRow) -> ImportRow:
        """Return the row's values. What is wrong with it is in `errors`."""
        packed = packed_cells(raw.cells)
        found = (*raw.faults, *self._odd(raw)) if raw.odd else raw.faults
        if not found:
            return self._row(raw, packed)
        named, _ = self._identity(Draft(raw, self._columns.header))
        faults = tuple(self._at_field(fault) for fault in found)
        return ImportRow(raw.line, packed, {}, id=named, errors=faults, warnings=raw.warnings)

    def _odd(self, raw: RawRow) -> list[CellError]:
        """Return what is odd about cells that are read, and of which a profile leaves something to read."""
        cells = dict(zip(self._columns.header, raw.cells if raw.read is None else raw.read, strict=False))
        return [odd for odd in raw.odd if odd.column in self._field_at and cells[odd.column].strip()]

    def part(self, raw: RawRow) -> ImportRow | None:
        """Return what the row says of the record that it brings along; nothing where it says nothing."""
        cells = raw.cells if raw.read is None else raw.read
        return None if all(is_blank(cells[at]) for at in self._places) else self._row(raw, b"")

    def _row(self, raw: RawRow, packed: bytes) -> ImportRow:
        draft = Draft(raw, self._columns.header, self._columns.head)
        self._read_values(draft)
        sought = self._read_references(draft) if self._references else _NOTHING
        record_id, external_id = self._identity(draft)
        row = ImportRow(
            line=raw.line,
            packed=packed,
            values=draft.values,
            id=record_id,
            revision=self._revision(draft) if self._columns.separate else None,
            external_id=external_id,
            texts=self._deferred(draft.cells),
            kept=draft.kept or _NOTHING,
            bare=tuple(draft.bare),
            sought=sought,
            errors=tuple(draft.errors),
            warnings=(*raw.warnings, *draft.warnings) if draft.warnings else raw.warnings,
        )
        return self._with_more(row, raw, draft) if self._more else row

    def _with_more(self, row: ImportRow, raw: RawRow, draft: Draft) -> ImportRow:
        """Return a row with what it says beside its own record's values."""
        linked = {kind: part for kind, parser in self._parts.items() if (part := parser.part(raw))}
        others = list(self._others(draft)) if self._other else []
        if others and RecordType.COMPANY not in linked:
            linked[RecordType.COMPANY] = others.pop(0)
        entered = tuple(
            (moment, at)
            for at, each in enumerate(self._columns.entered)
            if (moment := self._entered(draft, each.at))
        )
        errors = [*draft.errors, *(error for part in linked.values() for error in part.errors)]
        told = [one for part in linked.values() for one in part.warnings[len(raw.warnings) :]]
        return msgspec.structs.replace(
            row,
            linked=linked,
            others=tuple(others),
            entered=entered,
            lines=self._lines(draft) if self._columns.items else (),
            errors=tuple(errors),
            warnings=(*row.warnings, *told),
        )

    def _others(self, draft: Draft) -> Iterator[ImportRow]:
        """Yield the further companies that a contact's row names."""
        at = self._columns.others
        assert at is not None
        assert self._other is not None
        for title in filter(None, map(str.strip, draft.cells[at].split("\n"))):
            found: dict[str, Value] = {}
            draft.take(at, self._other, self._other.read(title), found)
            if found:
                yield ImportRow(draft.line, b"", found)

    def _lines(self, draft: Draft) -> tuple[LineCells, ...]:
        """Return the line of a deal that a row is, if it is one."""
        texts = {name: text for name, at in self._columns.items.items() if (text := draft.cells[at].strip())}
        if not texts:
            return ()
        typed = any(isinstance(draft.cells[at], NumberCell) for at in self._columns.items.values())
        return (LineCells(**texts, mark="." if typed else self._mark),)

    def _entered(self, draft: Draft, at: int) -> str:
        """Return the moment in a cell, in its kept form; nothing where there is none."""
        text = draft.cells[at]
        if self._moment is None or not text.strip():
            return ""
        found: dict[str, Value] = {}
        draft.take(at, self._moment, self._moment.read(text), found)
        return str(found.get("closed_at", ""))

    def _at_field(self, fault: CellError) -> CellError:
        """Return what the file's reader found wrong with a cell with the field that the cell is for."""
        return msgspec.structs.replace(fault, field=self._field_at.get(fault.column, fault.field))

    @cached_property
    def _field_at(self) -> dict[str, str]:
        """Return the field of each column that is read."""
        return dict(self._columns.pairs())

    def _read_values(self, draft: Draft) -> None:
        self._read_plain(draft)
        for places, reader in self._joined:
            draft.read_joined(places, reader)
        for at, reader in self._amounts:
            self._read_amount(draft, at, reader)
        for at, reader in self._typed:
            draft.read_typed(at, reader)
        for at, reader in self._kept:
            if draft.cells[at]:
                draft.read_kept(at, reader)

    def _read_plain(self, draft: Draft) -> None:
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

    def _read_references(self, draft: Draft) -> Mapping[str, str]:
        """Read cells that name records by their ids; return the others, by field, for the store to be asked."""
        sought: dict[str, str] = {}
        for name, places, reader in self._references:
            text = f"{SEPARATOR} ".join([cell for at in places if (cell := draft.cells[at].strip())])
            if not text:
                continue
            parts = reader.field.parts(text) if reader.field.multiple else [text]
            if all(map(read_id, parts)):
                found = reader.read_several(text)
                if isinstance(found, dict):
                    draft.values.update(found)
                    continue
            # Also an id of another type: elsewhere that may be what a record is called.
            sought[name] = text
        return sought

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

    def _read_amount(self, draft: Draft, at: int, reader: CellReader) -> None:
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

    def _identity(self, draft: Draft) -> tuple[str, str]:
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
        text = draft.cells[place]
        if "external_id" in self._columns.several:
            text = draft.first_of(place, "external_id")
        draft.take(place, self._external, self._external.read(text), taken)
        return record_id, str(taken.get("external_id", ""))

    def _revision(self, draft: Draft) -> int | None:
        at = self._columns.separate.get("revision")
        text = draft.cells[at].strip() if at is not None else ""
        if at is None or not text:
            return None
        if text.isascii() and text.isdigit() and len(text) <= _MOST_REVISION_DIGITS:
            return int(text)
        draft.refuse(at, "revision", "not a revision", "leave it as the export wrote it")
        return None
