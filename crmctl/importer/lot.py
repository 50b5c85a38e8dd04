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
from crmctl.model.records import Value, Values

_MOST_TEXTS = 1000
_BARE = re.compile(r"[-+\u2212\d.,'\u2019()\s]*")
"""An amount without the name or the sign of a currency."""
_NOTHING: dict[str, str] = {}
"""Shared by rows that have nothing of a kind, as a hundred thousand empty ones are not small."""
Cells = Sequence[Sequence[str]]
"""The columns of a lot: each holds the cells of all its rows."""


class CellFault(NamedTuple):
    """Why a cell cannot be read: where it is in its row, and the field that it was read for."""

    at: int
    field: str
    found: BadValue


class Faults:
    """The faults of the cells of one kind, by the place of their row in the lot."""

    def __init__(self) -> None:
        self.of: dict[int, list[CellFault]] = {}

    def take(self, at: int, reader: CellReader, found: Mapping[int, BadValue]) -> None:
        """Take the faults of a column."""
        for row, each in found.items():
            self.of.setdefault(row, []).append(CellFault(at, reader.field.name, each))


class Lot(NamedTuple):
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


class LotReader:
    """Reads the columns of one field each, amounts in the currency of their row, and those of upkeep fields.

    `texts` are the columns that stay text, each with its field.
    """

    def __init__(
        self,
        columns: ColumnMap,
        plain: Sequence[tuple[int, CellReader]],
        amounts: Sequence[tuple[int, CellReader]],
        kept: Sequence[tuple[int, CellReader]],
        texts: Sequence[tuple[str, int]],
    ) -> None:
        self._columns = columns
        self._plain = plain
        self._amounts = amounts
        self._kept = kept
        self._texts = texts
        self._texts_seen: dict[tuple[str, ...], Mapping[str, str]] = {}

    def read(self, rows: Sequence[Sequence[str]]) -> Lot:
        """Read the cells of some rows."""
        cells = list(zip(*rows, strict=False))
        written: dict[str, list[Value | None]] = {}
        faults = Faults(), Faults(), Faults()
        for at, reader in self._plain:
            column = reader.column(cells[at])
            faults[0].take(at, reader, column.faults)
            _write(written, column)
        bare = [self._amount(at, reader, cells, written, faults[1]) for at, reader in self._amounts]
        return Lot(
            _values(written, len(rows)),
            self._deferred(cells),
            self._upkeep(cells, faults[2]),
            _bare(bare),
            *faults,
        )

    def _amount(
        self,
        at: int,
        reader: CellReader,
        cells: Cells,
        written: dict[str, list[Value | None]],
        faults: Faults,
    ) -> list[str]:
        """Read amounts in the currencies that their rows name; returns the field where one names none, else nothing."""
        texts, name, paired = cells[at], reader.field.name, reader.field.paired
        places = self._columns.fields.get(paired)
        if not places:
            column = reader.column(texts)
            faults.take(at, reader, column.faults)
            _write(written, column)
            return [name if text and _BARE.fullmatch(text) else "" for text in texts]
        codes = _codes(cells[places[0]], written[paired])
        bare = [""] * len(texts)
        for code in dict.fromkeys(codes):
            if code is None:
                continue
            own = [text if each == code else "" for text, each in zip(texts, codes, strict=True)]
            column = (reader.in_currency(code) if code else reader).column(own)
            if code:
                _hold_to(column, name, paired, code)
            else:
                bare = [name if text and _BARE.fullmatch(text) else "" for text in own]
            faults.take(at, reader, column.faults)
            _write(written, column)
        return bare

    def _upkeep(self, cells: Cells, faults: Faults) -> Iterable[Values]:
        """Return the dates and names of upkeep; rows of one day share what they say where it is but one column's."""
        columns = []
        for at, reader in self._kept:
            found, refused = parted(reader.read_all(cells[at]))
            faults.take(at, reader, refused)
            columns.append(found)
        if not columns:
            return repeat(_NOTHING)
        if len(columns) == 1:
            return columns[0]
        return map(_together, zip(*columns, strict=True))

    def _deferred(self, cells: Cells) -> Iterable[Mapping[str, str]]:
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


def _write(written: dict[str, list[Value | None]], column: Column) -> None:
    """Let a column write its values; where several write a field, the last that says something does."""
    for name, values in column.values.items():
        known = written.get(name)
        if known is None:
            written[name] = values
        else:
            pairs = zip(values, known, strict=True)
            written[name] = [old if new is None else new for new, old in pairs]


def _values(written: Mapping[str, Sequence[Value | None]], count: int) -> list[dict[str, Value]]:
    """Return the values of each row, by field name."""
    if not written:
        return [{} for _ in range(count)]
    names, rows = tuple(written), zip(*written.values(), strict=True)
    if any(None in column for column in written.values()):
        return [
            {name: value for name, value in zip(names, row, strict=True) if value is not None} for row in rows
        ]
    return [dict(zip(names, row, strict=True)) for row in rows]


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
