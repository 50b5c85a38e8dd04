"""Rows of text to rows of values, every cell that cannot be read named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress, islice, repeat

import msgspec

from crmctl.importer.batch import DEFERRED, Batch, BatchReader
from crmctl.importer.cell import CellReader
from crmctl.importer.column_map import ColumnMap
from crmctl.importer.draft import Draft
from crmctl.importer.mapping import TYPED_FORMS
from crmctl.importer.row import ImportRow, LineCells, packed_cells
from crmctl.importer.table import CellError, NumberCell, RawRow
from crmctl.model.field import Conventions, Field
from crmctl.model.field_types.base import SEPARATOR
from crmctl.model.records import RecordType, Value, read_id, type_of
from crmctl.text import is_blank

_MOST_REVISION_DIGITS = 15
_TOGETHER = 256
"""Rows whose cells are read together: enough to make little of what is done once for all of them."""
_NOTHING: dict[str, str] = {}
_NONE: dict[RecordType, ImportRow] = {}
"""Shared by rows that have nothing of a kind, as a hundred thousand empty ones are not small."""
_Parts = Iterator["ImportRow | None"]
"""What the rows of a batch, one by one, say of the records of one type that they bring along."""


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
        self._typed = [(at, readers[TYPED_FORMS[name]]) for name, at in columns.typed.items()]
        self._moment = readers.get("closed_at")
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
        self._batch_reader = BatchReader(columns, readers)
        self._references = [
            (name, places, readers[name])
            for name, places in columns.fields.items()
            if fields[name].kind == "reference" and name not in DEFERRED
        ]
        self._by_row = bool(self._typed or self._references or columns.separate or self._more)

    def rows(self, raws: Iterable[RawRow]) -> Iterator[ImportRow]:
        """Yield the values of rows, in their order. What is wrong with one is in its `errors`."""
        waiting = iter(raws)
        while batch := list(islice(waiting, _TOGETHER)):
            faults = [(*raw.faults, *self._odd(raw)) if raw.odd else raw.faults for raw in batch]
            sound = [raw for raw, found in zip(batch, faults, strict=True) if not found]
            read = self._read(sound, [packed_cells(raw.cells) for raw in sound])
            if len(sound) == len(batch):
                yield from read
                continue
            for raw, found in zip(batch, faults, strict=True):
                yield self._unread(raw, found) if found else next(read)

    def _unread(self, raw: RawRow, found: Sequence[CellError]) -> ImportRow:
        """Return a row that is not read for what its file's reader found wrong with it."""
        named, _ = self._identity(Draft(raw, self._columns.header))
        faults = tuple(self._at_field(fault) for fault in found)
        packed = packed_cells(raw.cells)
        return ImportRow(raw.line, packed, {}, id=named, errors=faults, warnings=raw.warnings)

    def _odd(self, raw: RawRow) -> list[CellError]:
        """Return what is odd about cells that are read, and of which a profile leaves something to read."""
        cells = dict(zip(self._columns.header, raw.cells if raw.read is None else raw.read, strict=False))
        return [odd for odd in raw.odd if odd.column in self._field_at and cells[odd.column].strip()]

    def _said(self, raws: Sequence[RawRow]) -> Iterator[ImportRow | None]:
        """Yield what each row says of the record that it brings along; nothing where it says nothing."""
        filled = [
            not all(is_blank(cells[at]) for at in self._places)
            for cells in (raw.cells if raw.read is None else raw.read for raw in raws)
        ]
        read = self._read(list(compress(raws, filled)), repeat(b""))
        return (next(read) if each else None for each in filled)

    def _read(self, raws: Sequence[RawRow], packed: Iterable[bytes]) -> Iterator[ImportRow]:
        """Yield rows that are as their file's reader wants them."""
        batch = self._batch_reader.read([raw.cells if raw.read is None else raw.read for raw in raws])
        parts = [(kind, parser._said(raws)) for kind, parser in self._parts.items()]
        apart = range(len(raws)) if self._by_row else batch.at_fault()
        read = zip(packed, raws, batch.values, batch.texts, batch.kept, batch.bare, strict=False)
        for at, (cells, raw, values, texts, kept, bare) in enumerate(read):
            row = ImportRow(
                line=raw.line,
                packed=cells,
                values=values,
                texts=texts,
                kept=kept,
                bare=bare,
                warnings=raw.warnings,
                sought=_NOTHING,
                linked=_NONE,
            )
            yield self._completed(row, raw, batch, at, parts) if at in apart else row

    def _completed(
        self, row: ImportRow, raw: RawRow, batch: Batch, at: int, parts: Sequence[tuple[RecordType, _Parts]]
    ) -> ImportRow:
        """Return a row with what is read of it alone, and with the faults of its cells."""
        draft = Draft(raw, self._columns.header, self._columns.head, batch.values[at])
        draft.note_all(batch.plain_faults.of.get(at, ()))
        draft.note_all(batch.amount_faults.of.get(at, ()))
        for place, reader in self._typed:
            draft.read_typed(place, reader)
        draft.note_all(batch.kept_faults.of.get(at, ()))
        sought = self._read_references(draft) if self._references else _NOTHING
        record_id, external_id = self._identity(draft)
        row = msgspec.structs.replace(
            row,
            id=record_id,
            revision=self._revision(draft) if self._columns.separate else None,
            external_id=external_id,
            sought=sought,
            errors=tuple(draft.errors),
            warnings=(*raw.warnings, *draft.warnings) if draft.warnings else raw.warnings,
        )
        linked = {kind: part for kind, said in parts if (part := next(said))}
        return self._with_more(row, raw, draft, linked) if self._more else row

    def _with_more(
        self, row: ImportRow, raw: RawRow, draft: Draft, linked: dict[RecordType, ImportRow]
    ) -> ImportRow:
        """Return a row with what it says beside its own record's values."""
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
