"""Rejected rows as a CSV that can be mended and imported as it is."""

import csv
import io
from collections.abc import Iterable, Sequence

import msgspec

from crmctl.guard import escape
from crmctl.importer.formats import ERROR_COLUMN, LINE_COLUMN
from crmctl.importer.row import ImportRow, cells_of
from crmctl.importer.table import CellError
from crmctl.whole_file import whole_file


class Fault(msgspec.Struct, frozen=True):
    """Why a row is not written: a sentence, and the cell and the field it is about where it is about one.

    `in_reading` tells what was found while the row was read from what the rules or the workspace have against it.
    """

    reason: str
    field: str = ""
    column: str = ""
    value: str = ""
    in_reading: bool = False


class Reject(msgspec.Struct, frozen=True):
    """A row that is not written, and why: first what is wrong with its cells. `file` is how messages call it.

    `more` are the rows that are one with it, each with its line.
    """

    line: int
    cells: Sequence[str]
    faults: tuple[Fault, ...]
    file: str = ""
    more: tuple[tuple[int, Sequence[str]], ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is not written, in sentences."""
        return tuple(fault.reason for fault in self.faults)


def reject(row: ImportRow, faults: Sequence[Fault] = (), file: str = "") -> Reject:
    """Return a row as rejected for what its cells hold and for further faults."""
    more = tuple((each.line, cells_of(each.packed)) for each in row.more)
    return Reject(row.line, row.cells, (*map(_of_cell, row.errors), *faults), file, more)


def _of_cell(error: CellError) -> Fault:
    return Fault(error.about, error.field, error.column, error.value, in_reading=True)


def write_rejects(
    path: str, header: Sequence[str], rejected: Iterable[Reject], *, delimiter: str = ",", bom: bool = False
) -> int:
    """Write the rows with the columns they came with, their line and what is wrong; return how many.

    The file is UTF-8, for its owner alone, and written whole or not at all. Cells are guarded as in exports.
    What a row has beyond the header's columns stands behind its error.
    """
    width, count = len(header), 0
    with whole_file(path) as file:
        text = io.TextIOWrapper(file, "utf-8-sig" if bom else "utf-8", newline="")
        writer = csv.writer(text, delimiter=delimiter or ",", lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow([*map(escape, header), LINE_COLUMN, ERROR_COLUMN])
        for row in rejected:
            for line, texts in ((row.line, row.cells), *row.more):
                cells = [escape(cell) for cell in texts]
                writer.writerow([*cells[:width], line, escape("; ".join(row.reasons)), *cells[width:]])
            count += 1
        text.flush()
        text.detach()
    return count
