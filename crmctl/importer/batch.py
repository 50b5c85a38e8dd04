"""The cells of many rows, read a column at a time: a step for each of a million cells is what takes time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import NamedTuple

from crmctl.errors import BadValue
from crmctl.importer.cell import CellReader, Column, parted
from crmctl.importer.column_map import ColumnMap
from crmctl.model.field_types.base import SEPARATOR
from crmctl.model.import_profile import CLOSED_AS
from crmctl.model.records import Value, Values
from crmctl.model.standard_fields import REASONS

DEFERRED = frozenset({"pipeline", "stage", *REASONS})
"""Fields whose values depend on the record's pipeline: their cells stay text for the rules to read."""
_MOST_TEXTS = 1000
_BARE = re.compile(r"[-+\u2212\d.,'\u2019()\s]*")
"""An amount without the name or the sign of a currency."""
_NOTHING: dict[str, str] = {}
"""Shared by rows that have nothing of a kind, as a hundred thousand empty ones are not small."""
_Cells = Sequence[Sequence[str]]
"""The columns of a batch: each holds the cells of all its rows."""


class CellFault(NamedTuple):
    """Why a cell cannot be read: where it is in its row, and the field that it was read for."""

    at: int
    field: str
    found: BadValue


class Faults:
    """The faults of the cells of one kind, by the place of their row in the batch."""

    def __init__(self) -> None:
        self.of: dict[int, list[CellFault]] = {}

    def take(self, at: int, reader: CellReader, found: Mapping[int, BadValue]) -> None:
        """Take the faults of a column."""
        for row, each in found.items():
            self.of.setdefault(row, []).append(CellFault(at, reader.field.name, each))


class Batch(NamedTuple):
    """What some rows say, as far as it is read a column at a time; of `kept` and `texts` rows may share theirs."""

    values: list[dict[str, Value]]
    texts: Iterable[Mapping[str, str]]
    kept: Iterable[Values]
    bare: Iterable[tuple[str, ...]]
    plain_faults: Faults
    amount_faults: Faults
    kept_faults: Faults

    def at_fault(self) -> set[int]:
        """Return the places of the rows that have a cell at fault."""
        return {*self.plain_faults.of, *self.amount_faults.of, *self.kept_faults.of}


class _Builder:
    """A batch while it is read: its cells by column, and what they write so far, row by row, None for nothing."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self.cells: _Cells = list(zip(*rows, strict=False))
        self.count = len(rows)
        self.written: dict[str, list[Value | None]] = {}
        # What a row says of a field only after all that it says of others, so that its values keep their order.
        self.later: list[tuple[int, str]] = []
        self.plain_faults, self.amount_faults, self.kept_faults = Faults(), Faults(), Faults()

    def take(self, at: int, reader: CellReader, column: Column, faults: Faults) -> None:
        """Take what a column writes; where several write a field, the last that says something does."""
        faults.take(at, reader, column.faults)
        for name, values in column.values.items():
            known = self.written.get(name)
            if known is not None:
                pairs = zip(values, known, strict=True)
                values = [old if new is None else new for new, old in pairs]  # noqa: PLW2901
            self.written[name] = values

    def join(self, places: Sequence[int], reader: CellReader) -> None:
        """Take what several columns write together; where that is not to be read, what is wrong with each cell."""
        joined = Column({reader.field.name: [None] * self.count}, {})
        cells = [self.cells[at] for at in places]
        for row, texts in enumerate(zip(*cells, strict=True)):
            filled = [at for at, text in zip(places, texts, strict=True) if text.strip()]
            found = reader.read_several([self.cells[at][row] for at in filled]) if filled else {}
            if isinstance(found, dict):
                joined.take(row, found)
                continue
            for at in filled:
                if isinstance(fault := reader.read(self.cells[at][row]), BadValue):
                    self.plain_faults.take(at, reader, {row: fault})
        self.take(places[0], reader, joined, self.plain_faults)

    def values(self) -> list[dict[str, Value]]:
        """Return the values of each row, by field name, in the order in which its columns are read."""
        if not self.written:
            return [{} for _ in range(self.count)]
        names, rows = tuple(self.written), zip(*self.written.values(), strict=True)
        if any(None in values for values in self.written.values()):
            found = [
                {name: value for name, value in zip(names, row, strict=False) if value is not None}
                for row in rows
            ]
        else:
            found = [dict(zip(names, row, strict=False)) for row in rows]
        for row, name in self.later:
            found[row][name] = found[row].pop(name)
        return found


class BatchReader:
    """Reads the columns of one file, but those that name records, or stand apart from what a record holds."""

    def __init__(self, columns: ColumnMap, readers: Mapping[str, CellReader]) -> None:
        self._columns = columns
        self._plain: list[tuple[int, CellReader]] = []
        self._joined: list[tuple[Sequence[int], CellReader]] = []
        self._amounts: list[tuple[int, CellReader]] = []
        self._kept = [(at, readers[name]) for name, at in columns.kept.items()]
        self._texts: list[tuple[str, int]] = []
        self._texts_seen: dict[tuple[str, ...], Mapping[str, str]] = {}
        for name, places in columns.fields.items():
            self._sort_out(places, readers[name])
        if columns.closed_as is not None:
            self._texts.append((CLOSED_AS, columns.closed_as))

    def _sort_out(self, places: Sequence[int], reader: CellReader) -> None:
        """Put the columns of a field to those that are read alike."""
        if reader.field.name in DEFERRED:
            self._texts += [(reader.field.name, at) for at in places]
        elif reader.field.kind == "reference":
            pass
        elif len(places) > 1:
            self._joined.append((places, reader))
        elif reader.field.paired:
            self._amounts.append((places[0], reader))
        else:
            self._plain.append((places[0], reader))

    def read(self, rows: Sequence[Sequence[str]]) -> Batch:
        """Read the cells of some rows."""
        builder = _Builder(rows)
        for at, reader in self._plain:
            builder.take(at, reader, reader.column(builder.cells[at]), builder.plain_faults)
        for places, reader in self._joined:
            builder.join(places, reader)
        bare = [self._amount(at, reader, builder) for at, reader in self._amounts]
        return Batch(
            builder.values(),
            self._deferred(builder.cells),
            self._upkeep(builder),
            _bare(bare),
            builder.plain_faults,
            builder.amount_faults,
            builder.kept_faults,
        )

    def _amount(self, at: int, reader: CellReader, builder: _Builder) -> list[str]:
        """Read amounts in the currencies that their rows state; returns the field where nothing names any."""
        texts, name, paired = builder.cells[at], reader.field.name, reader.field.paired
        places = self._columns.fields.get(paired)
        if not places:
            builder.take(at, reader, reader.column(texts), builder.amount_faults)
            return [name if text and _BARE.fullmatch(text) else "" for text in texts]
        codes = _codes(builder.cells[places[0]], builder.written[paired])
        bare = [""] * len(texts)
        for code in dict.fromkeys(codes):
            own = [text if each == code else "" for text, each in zip(texts, codes, strict=True)]
            if code:
                column = reader.in_currency(code).column(own)
                _hold_to(column, name, paired, code)
                builder.take(at, reader, column, builder.amount_faults)
            elif code is not None:
                column = reader.column(own)
                builder.later += [
                    (row, paired) for row, each in enumerate(column.values.get(paired, ())) if each
                ]
                builder.take(at, reader, column, builder.amount_faults)
                bare = [name if text and _BARE.fullmatch(text) else "" for text in own]
        return bare

    def _upkeep(self, builder: _Builder) -> Iterable[Values]:
        """Return the dates and names of upkeep; rows of one day share what they say where it is but one column's."""
        columns = []
        for at, reader in self._kept:
            found, refused = parted(reader.read_all(builder.cells[at]))
            builder.kept_faults.take(at, reader, refused)
            columns.append(found)
        if not columns:
            return repeat(_NOTHING)
        if len(columns) == 1:
            return columns[0]
        return map(_together, zip(*columns, strict=True))

    def _deferred(self, cells: _Cells) -> Iterable[Mapping[str, str]]:
        """Return the cells left as text. The same few stages come again and again, and are kept once."""
        if not self._texts:
            return repeat(_NOTHING)
        keys = list(zip(*(map(str.strip, cells[at]) for _, at in self._texts), strict=True))
        found = map(self._texts_seen.get, keys)
        pairs = zip(keys, found, strict=True)
        return [self._new_texts(key) if each is None else each for key, each in pairs]

    def _new_texts(self, key: tuple[str, ...]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for (name, _), text in zip(self._texts, key, strict=True):
            if text:
                found[name] = f"{found[name]}{SEPARATOR} {text}" if name in found else text
        if len(self._texts_seen) < _MOST_TEXTS:
            self._texts_seen[key] = found
        return found


def _codes(cells: Sequence[str], read: Sequence[Value | None]) -> list[str | None]:
    """Return the currency that each row states; empty where it states none, nothing where none that is known."""
    if None not in read:
        return read  # type: ignore[return-value]
    pairs = zip(cells, read, strict=True)
    return [(None if cell.strip() else "") if code is None else str(code) for cell, code in pairs]


def _hold_to(column: Column, name: str, paired: str, code: str) -> None:
    """Refuse amounts in another currency than the one that their rows state, and write it no second time."""
    read = column.values.pop(paired, ())
    if not {None, code}.issuperset(read):
        for row, own in enumerate(read):
            if own not in (None, code):
                column.faults[row] = BadValue(f"is in {own}, but the currency of its row is {code}")
                column.values[name][row] = None


def _bare(columns: Sequence[Sequence[str]]) -> Iterable[tuple[str, ...]]:
    """Return the amounts of each row that name no currency."""
    if not any(map(any, columns)):
        return repeat(())
    return [tuple(filter(None, names)) for names in zip(*columns, strict=True)]


def _together(parts: Iterable[dict[str, Value]]) -> dict[str, Value]:
    """Return what several columns say as one."""
    said = [part for part in parts if part]
    return said[0] if len(said) == 1 else {name: value for part in said for name, value in part.items()}
