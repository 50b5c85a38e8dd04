"""The file of rejected rows: CSV, or a workbook where its name says so."""

import re
from collections.abc import Iterator, Sequence

from crmctl.errors import Refused
from crmctl.exporter.sheet import Cell, Sheet
from crmctl.file_formats import format_by_suffix
from crmctl.importer.formats import ERROR_COLUMN, LINE_COLUMN
from crmctl.importer.rejects import Reject, write_rejects
from crmctl.importer.table import Table

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


def write_rejected(path: str, table: Table, rejected: Sequence[Reject]) -> None:
    """Write rows with the columns they came with, their line and what is wrong, to mend and to import again.

    Raises Refused for what a workbook cannot hold, and what writing a file raises.
    """
    titles = table.written or table.header
    if format_by_suffix(path) != "xlsx":
        # Whoever sends workbooks opens this in a spreadsheet, which knows UTF-8 by its mark.
        bom = table.format == "xlsx"
        write_rejects(path, titles, rejected, delimiter=table.delimiter, bom=bom)
        return
    from crmctl.exporter.export import write_export

    header = [*titles, LINE_COLUMN, ERROR_COLUMN]
    try:
        write_export(path, "xlsx", Sheet(header, _rows(rejected, table)))
    except Refused as error:
        raise Refused(
            f"--rejects {path}: {error.message}", hint="name a file of CSV: --rejects rejects.csv"
        ) from None


def _rows(rejected: Sequence[Reject], table: Table) -> Iterator[list[Cell]]:
    """Yield each row; what it has beyond the header stands behind its error. Empty cells are none.

    A number of a workbook that was rejected as such stays a number, so that it is rejected until it is mended.
    """
    width = len(table.header)
    for row in rejected:
        faulty = {fault.column for fault in row.faults} if table.format == "xlsx" else set[str]()
        for line, texts in ((row.line, row.cells), *row.more):
            cells: list[Cell] = [text or None for text in texts]
            for at, name in enumerate(table.header):
                if name in faulty and _NUMBER.fullmatch(texts[at]):
                    cells[at] = float(texts[at])
            yield [*cells[:width], line, "; ".join(row.reasons), *cells[width:]]
