"""Writes a sheet as a workbook: a header that stays in sight, a filter, columns as wide as what is in them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import IO, BinaryIO

from crmctl.errors import BadValue, CrmError, Refused
from crmctl.exporter.sheet import Cell, Sheet, SheetOptions
from crmctl.exporter.xlsx import parts
from crmctl.exporter.xlsx.cells import HEAD, cell_xml, text_xml
from crmctl.workbooks import MOST_ROWS, MOST_UNPACKED, column_letters

TYPED = True
_LARGEST_SHEET = MOST_UNPACKED - 10_000_000
"""Bytes of a sheet that an import still takes with the other parts: what is exported can be imported."""
_MEASURED = 1000
"""Rows that decide how wide the columns are."""
_ROWS_AT_ONCE = 500
_INSTEAD = "-o csv writes any number of characters and rows; --fields and --where write fewer"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_OWNER_ONLY = 0o600 << 16
_UNIX = 3


def write(out: BinaryIO, sheet: Sheet, _options: SheetOptions) -> None:
    """Write the sheet. Raises Refused, naming the record, for what a workbook cannot hold."""
    rows = iter(sheet.rows)
    first = list(islice(rows, _MEASURED))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("[Content_Types].xml", parts.TYPES), ("_rels/.rels", parts.RELATIONS)):
            archive.writestr(_entry(name), text)
        with archive.open(_entry("xl/worksheets/sheet1.xml"), "w") as file:
            file.write(parts.sheet_begin(sheet.header, first).encode())
            count = _write_rows(file, sheet.header, chain(first, rows))
            last = column_letters(len(sheet.header) - 1), count
            file.write(parts.sheet_end(*last).encode())
        archive.writestr(_entry("xl/styles.xml"), parts.STYLES)
        archive.writestr(_entry("xl/workbook.xml"), parts.workbook(*last))
        archive.writestr(_entry("xl/_rels/workbook.xml.rels"), parts.WORKBOOK_RELATIONS)


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry that is the same whenever and wherever it is written."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _OWNER_ONLY, _UNIX
    return entry


def _write_rows(file: IO[bytes], header: Sequence[str], rows: Iterator[Sequence[Cell]]) -> int:
    """Write the header and the rows, and return how many they are. Raises Refused."""
    names = (text_xml(f"{column_letters(at)}1", name, HEAD) for at, name in enumerate(header))
    lines = [f'<row r="1">{"".join(names)}</row>']
    number, size = 1, 0
    for number, row in enumerate(rows, 2):
        if number > MOST_ROWS:
            raise Refused(f"a sheet of XLSX has no room for more than {MOST_ROWS:,} rows", hint=_INSTEAD)
        lines.append(_row_xml(number, header, row))
        if len(lines) == _ROWS_AT_ONCE:
            size += _flushed(file, lines)
            if size > _LARGEST_SHEET:
                raise Refused(
                    f"the sheet would be larger than an import reads: {size:,} bytes", hint=_INSTEAD
                )
    _flushed(file, lines)
    return number


def _flushed(file: IO[bytes], lines: list[str]) -> int:
    block = "".join(lines).encode()
    file.write(block)
    lines.clear()
    return len(block)


def _row_xml(number: int, header: Sequence[str], row: Sequence[Cell]) -> str:
    cells = []
    for at, cell in enumerate(row):
        if cell is not None:
            try:
                cells.append(cell_xml(f"{column_letters(at)}{number}", cell))
            except BadValue as error:
                raise _too_long(number, header, row, at, error) from None
    return f'<row r="{number}">{"".join(cells)}</row>'


def _too_long(number: int, header: Sequence[str], row: Sequence[Cell], at: int, error: BadValue) -> CrmError:
    place = row[header.index("id")] if "id" in header else f"row {number}"
    name = header[at] if at < len(header) else column_letters(at)
    return Refused(f"{place}: {name} {error.reason}", hint=_INSTEAD)
