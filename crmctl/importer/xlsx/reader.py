"""A sheet of a workbook as a table: its header is the first row with something in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from crmctl.errors import CrmError, Refused
from crmctl.importer.header import MOST_COLUMNS, checked_header, trimmed
from crmctl.importer.table import CellError, RawRow, ReadOptions, Table, quoted
from crmctl.importer.xlsx.archive import Archive
from crmctl.importer.xlsx.cell_values import SheetValues
from crmctl.importer.xlsx.number_formats import cell_formats
from crmctl.importer.xlsx.sheet import SheetReader, SheetRow, merged_rows
from crmctl.importer.xlsx.strings import shared_strings
from crmctl.importer.xlsx.workbook import Workbook, chosen_sheet, open_workbook
from crmctl.text import MOST_NOTES, visible
from crmctl.workbooks import column_letters

if TYPE_CHECKING:
    from crmctl.importer.source import Source


def read(source: Source, options: ReadOptions) -> Table:
    """Open a workbook. Raises Refused, also from the table's rows, for what is no sound and harmless one."""
    source.take_digest()
    archive = Archive(source)
    book = open_workbook(archive)
    sheet, notes = chosen_sheet(book, options.sheet, source.name)
    reading = SheetReader(archive, sheet.part, _values(archive, book))
    rows = (row for row in reading.rows() if any(map(str.strip, row.cells.values())))
    first = next((row for row in rows if row.line > options.skip_rows), None)
    if first is None:
        raise _empty(source.name, sheet.name, book)
    place = f"{source.name}: line {first.line}"
    names = _names(first, place)
    header = checked_header(names, place, number_repeats=options.number_repeats)
    table = Table(
        header, iter(()), "xlsx", line=first.line, epoch=book.epoch, notes=notes, written=trimmed(names)
    )
    found = _Rows(header, source.name).raw(rows, reading, table)
    return msgspec.structs.replace(table, rows=found)


def _values(archive: Archive, book: Workbook) -> SheetValues:
    strings = shared_strings(archive, book.strings) if book.strings in archive else []
    formats = cell_formats(archive, book.styles) if book.styles in archive else []
    return SheetValues(strings, formats, book.epoch)


def _names(row: SheetRow, place: str) -> list[str]:
    """Return the cells of the header up to the last that has something in it. Raises Refused."""
    for at, reason in row.odd.items():
        raise Refused(f"{place}, the header: {column_letters(at)}{row.line} {reason}", hint="type the name")
    last = max(at for at, text in row.cells.items() if text.strip())
    if last >= MOST_COLUMNS:
        raise Refused(
            f"{place}: the header has cells up to column {column_letters(last)}, and {MOST_COLUMNS:,} columns"
            " are the most",
            hint="take away what is no column; --skip-rows N passes over rows above the header",
        )
    return [str(row.cells.get(at, "")) for at in range(last + 1)]


def _empty(name: str, sheet: str, book: Workbook) -> CrmError:
    others = [quoted(each.name) for each in book.sheets if each.name != sheet]
    hint = (
        f"--sheet reads another: {', '.join(others[:10])}"
        if others
        else "its first row must name the columns"
    )
    return Refused(f"{name} is empty: the sheet {quoted(sheet)} has no cells", hint=hint)


class _Rows:
    """Rows of a sheet as wide as its header."""

    def __init__(self, header: tuple[str, ...], name: str) -> None:
        self._header = header
        self._name = name
        self._unnamed = [at for at, name in enumerate(header) if not name]

    def raw(self, rows: Iterator[SheetRow], reading: SheetReader, table: Table) -> Iterator[RawRow]:
        """Yield the rows, and then note what stands behind the cells."""
        for row in rows:
            yield self._raw(row)
        if told := _merged(reading.merged, table.line):
            table.notes.append(told)

    def _raw(self, row: SheetRow) -> RawRow:
        width = len(self._header)
        cells = [""] * width
        surplus = sorted(at for at, text in row.cells.items() if at >= width and text.strip())
        for at, text in row.cells.items():
            if at < width:
                cells[at] = text
        faults = (self._surplus(row, surplus[-1]),) if surplus else ()
        for at in self._unnamed:
            if cells[at].strip():
                raise self._nameless(row, at)
        # Rejected rows are written with what is too much, so that they are rejected until that is mended.
        cells += [row.cells[at] for at in surplus]
        return RawRow(row.line, cells, faults, odd=self._odd(row) if row.odd else ())

    def _odd(self, row: SheetRow) -> tuple[CellError, ...]:
        named = [(at, reason) for at, reason in row.odd.items() if at < len(self._header)]
        return tuple(
            CellError(row.line, self._header[at], "", str(row.cells.get(at, "")), reason)
            for at, reason in named
        )

    def _surplus(self, row: SheetRow, at: int) -> CellError:
        place = f"{column_letters(at)}{row.line}"
        reason = f"{place} has a value, {quoted(row.cells[at])}, where the header has no column"
        return CellError(row.line, "", "", "", reason, "name the column, or take the value away")

    def _nameless(self, row: SheetRow, at: int) -> CrmError:
        found = f"column {column_letters(at)} has no name, but a value: {quoted(row.cells[at])}"
        hint = "name the column in the header; a merged cell there names only its first column"
        return Refused(f"{self._name}: line {row.line}: {visible(found)}", hint=hint)


def _merged(areas: list[str], header_line: int) -> str:
    """Tell of merged cells below the header that go over several rows: only the first of those has the value."""
    found = [area for area in areas if merged_rows(area)[1] > max(header_line, merged_rows(area)[0])]
    if not found:
        return ""
    more = f" and {len(found) - MOST_NOTES:,} more" if len(found) > MOST_NOTES else ""
    told = ", ".join(found[:MOST_NOTES])
    return f"merged cells {told}{more}: only the first row of each has the value"
