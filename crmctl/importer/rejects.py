"""Rejected rows as a CSV that can be mended and imported as it is."""

import csv
import io
from collections.abc import Iterable, Sequence

import msgspec

from crmctl.guard import escape
from crmctl.importer.formats import ERROR_COLUMN, LINE_COLUMN
from crmctl.importer.row import ImportRow
from crmctl.importer.table import CellError
from crmctl.whole_file import whole_file


class Reject(msgspec.Struct, frozen=True):
    """A row that is not written, and why: first what is wrong with its cells, as `errors` has it."""

    line: int
    cells: Sequence[str]
    reasons: tuple[str, ...]
    errors: tuple[CellError, ...] = ()


def reject(row: ImportRow, *reasons: str) -> Reject:
    """Return a row as rejected for what its cells hold and for further reasons."""
    told = (*(error.about for error in row.errors), *reasons)
    return Reject(row.line, row.cells, told, row.errors)


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
            cells = [escape(cell) for cell in row.cells]
            writer.writerow([*cells[:width], row.line, escape("; ".join(row.reasons)), *cells[width:]])
            count += 1
        text.flush()
        text.detach()
    return count
