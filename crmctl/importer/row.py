"""A row as it is to be written: typed values, what identifies it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from crmctl.importer.table import CellError
from crmctl.model.keys import row_key
from crmctl.model.records import Record, RecordType, Values

packed_cells: Callable[[Sequence[str]], bytes] = msgspec.json.Encoder(enc_hook=str).encode
"""Returns the cells of a row in one piece."""


class LineCells(msgspec.Struct, frozen=True, gc=False):
    """The cells of a deal's line, and the decimal mark of their numbers where one is declared."""

    product: str = ""
    price: str = ""
    quantity: str = ""
    mark: str | None = None


class Sibling(msgspec.Struct, frozen=True, gc=False):
    """A row of the file that is one with an earlier one: a further line of its deal."""

    line: int
    packed: bytes


class ImportRow(msgspec.Struct, frozen=True, gc=False):
    """A row of which every cell was read. Blank cells leave no trace in `values`.

    `id` is the record that the row names, if any, and `revision` what it was when the file was made; `texts`
    are cells whose fields depend on the record's pipeline, left for the rules to read; `kept` are original
    dates and names of upkeep fields; `bare` are the amounts that name no currency. Values may be shared
    between rows. `packed` holds the cells of the file, small enough to be kept for every row of a large one.

    `sought` are the cells that name other records by what the store knows them by; `linked` the records that the
    row brings along, `others` further companies, which are known by their titles alone; `entered` the moments at which
    the record came to stages, each with the number of its column; `lines` the lines of the deal. `more` are the rows
    that were found to be one with it.
    """

    line: int
    packed: bytes
    values: Values
    id: str = ""
    revision: int | None = None
    external_id: str = ""
    texts: Mapping[str, str] = {}
    kept: Values = {}
    bare: tuple[str, ...] = ()
    errors: tuple[CellError, ...] = ()
    warnings: tuple[str, ...] = ()
    sought: Mapping[str, str] = {}
    linked: Mapping[RecordType, ImportRow] = {}
    entered: tuple[tuple[str, int], ...] = ()
    lines: tuple[LineCells, ...] = ()
    more: tuple[Sibling, ...] = ()
    others: tuple[ImportRow, ...] = ()

    @property
    def cells(self) -> list[str]:
        """The cells as they stand in the file."""
        return cells_of(self.packed)

    @property
    def key(self) -> str:
        """What identifies the row in its source where it has no id: equal rows have equal keys, on every machine."""
        if not self.more:
            return row_key(self.packed)
        return row_key(b"".join((self.packed, *(each.packed for each in self.more))))

    def record_of(self, kind: RecordType) -> Record:
        """Return the row as a record, for matching and for rules; `id` is empty where the row names none."""
        values = {"id": self.id, "record": kind.value, **self.values}
        if self.external_id:
            values["external_id"] = self.external_id
        return Record(values)


def cells_of(packed: bytes) -> list[str]:
    """Return the cells that were packed."""
    return msgspec.json.decode(packed, type=list[str])
