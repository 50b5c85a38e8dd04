"""A table of HTML: what some systems export as "Excel", under the name of an old workbook."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import dropwhile
from typing import TYPE_CHECKING

from crmctl.errors import CrmError, Refused
from crmctl.importer.encoding import encoding_of, undecodable
from crmctl.importer.header import checked_header, trimmed
from crmctl.importer.html_table import HtmlRow, html_rows
from crmctl.importer.row_check import RowCheck
from crmctl.importer.table import CellError, RawRow, ReadOptions, Table

if TYPE_CHECKING:
    from crmctl.importer.source import Source

LARGEST = 256 * 1024 * 1024
"""Characters beyond which a file is refused."""
_BEGINNING = 4096
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
_HTML = re.compile(
    r"\s*(?:<!--.*?-->\s*|<\?xml[^>]*\?>\s*)*<(?:!doctype\s+html|html|head|meta|title|style|body|table|div|p|center|font|h[1-6])\b",
    re.IGNORECASE | re.DOTALL,
)


def is_html(head: bytes) -> bool:
    """Tell whether a file that begins like this is HTML."""
    encoding = encoding_of(head)
    text = head.decode(encoding if encoding.startswith("utf-16") else "latin-1", "replace")
    return _HTML.match(text.removeprefix(codecs.BOM_UTF8.decode("latin-1"))) is not None


def read(source: Source, options: ReadOptions) -> Table:
    """Open a file with a table: the first that has columns. Raises Refused for one without."""
    encoding = encoding_of(source.part(0, 4), options.encoding or _charset(source.part(0, _BEGINNING)))
    try:
        text = source.text(encoding).read(LARGEST + 1)
    except UnicodeDecodeError:
        raise undecodable(source, encoding) from None
    if len(text) > LARGEST:
        raise Refused(f"{source.name} is of more than {LARGEST:,} characters", hint="export it as CSV")
    chosen = _chosen_table(text, source.name)
    notes: list[str] = []
    rows = _rows_of(text, chosen, source.name, notes)
    head = next((row for row in rows if row.number > options.skip_rows and any(row.cells)), None)
    if head is None:
        raise _without_table(source.name)
    place = f"{source.name}: line {head.number}"
    names = checked_header(head.cells, place, number_repeats=options.number_repeats)
    check = RowCheck(names, source.name, options.field_limit)
    raw = _raw_rows(rows, check)
    written = trimmed(head.cells)
    line = head.number
    return Table(
        header=names, rows=raw, format="html", encoding=encoding, line=line, notes=notes, written=written
    )


def _charset(head: bytes) -> str:
    """Return the encoding that the file names, empty for none and for one that is not known."""
    found = _CHARSET.search(head)
    name = found[1].decode() if found else ""
    try:
        return codecs.lookup(name).name if name else ""
    except LookupError:
        return ""


def _chosen_table(text: str, name: str) -> int:
    """Return the number of the first table with a row of several cells, else of the first with any."""
    first = 0
    for row in _named(html_rows(text), name):
        if len(row.cells) > 1:
            return row.table
        first = first or row.table
    if not first:
        raise _without_table(name)
    return first


def _rows_of(text: str, table: int, name: str, notes: list[str]) -> Iterator[HtmlRow]:
    """Yield the rows of one table; those of others behind it are told in a note."""
    others = 0
    for row in dropwhile(lambda row: row.table < table, _named(html_rows(text), name)):
        if row.table == table:
            yield row
        elif any(row.cells):
            others += 1
    if others:
        notes.append(f"the rows of further tables are passed over: {others:,}")


def _named(rows: Iterator[HtmlRow], name: str) -> Iterator[HtmlRow]:
    try:
        yield from rows
    except Refused as error:
        raise Refused(f"{name}: {error.message}") from None


def _raw_rows(rows: Iterator[HtmlRow], check: RowCheck) -> Iterator[RawRow]:
    for row in rows:
        if (raw := check.row(row.number, row.cells)) is None:
            continue
        if row.spans:
            fault = CellError(row.number, "", "", "", "has a cell that spans several rows")
            yield RawRow(raw.line, raw.cells, (*raw.faults, fault), raw.warnings)
        else:
            yield raw


def _without_table(name: str) -> CrmError:
    return Refused(f"{name} is HTML without a table of records", hint="export it as CSV")
