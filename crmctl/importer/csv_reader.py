"""CSV, strictly: what has two readings is refused with its line, never repaired in silence.

Quotes count where a cell begins with one; such a cell must be closed, and be followed by a delimiter or the
line's end. Elsewhere a quote is a letter. Line ends are CR, LF or CRLF; within quotes they are kept. The
standard library's parser does the work; this module watches what it is fed and what it returns.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Protocol, TextIO

import msgspec

from crmctl.csv_lines import declared_delimiter
from crmctl.errors import CrmError, Refused
from crmctl.guard import unescape
from crmctl.importer.delimiter import delimiter_line, found_delimiter, header_lines
from crmctl.importer.encoding import encoding_of, undecodable
from crmctl.importer.header import checked_header, trimmed
from crmctl.importer.quoting import opening_line
from crmctl.importer.row_check import RowCheck
from crmctl.importer.table import RawRow, ReadOptions, Table

if TYPE_CHECKING:
    from crmctl.importer.source import Source

LONGEST = 16 * 1024 * 1024
"""Characters of a line or a cell beyond which a file is given up: its quotes or line ends are broken."""


def read(source: Source, options: ReadOptions) -> Table:
    """Open a CSV file. Raises Refused, also from the table's rows, where the file has no single reading."""
    encoding = encoding_of(source.part(0, 4), options.encoding)
    try:
        return _opened(source, options, encoding)
    except UnicodeDecodeError:
        raise undecodable(source, encoding) from None


class _Place(msgspec.Struct, frozen=True):
    """What messages about a file need: itself, how it is read, and how many lines came before its parser."""

    source: Source
    encoding: str
    delimiter: str
    skipped: int


def _opened(source: Source, options: ReadOptions, encoding: str) -> Table:
    text = source.text(encoding)
    feed = _Feed(text, source.name, options.field_limit)
    header, place = _header_lines(feed, source, options, encoding)
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
    parser = csv.reader(chain(header, feed), delimiter=place.delimiter, strict=True)
    try:
        names = next(parser)
    except csv.Error:
        raise _broken(place, 1, parser.line_num) from None
    names = [unescape(name) for name in names]
    check = RowCheck(
        checked_header(
            names,
            f"{source.name}: line {place.skipped + 1}",
            number_repeats=options.number_repeats,
        ),
        source.name,
        options.field_limit,
    )
    return Table(
        header=check.header,
        rows=_rows(parser, feed, check, place),
        delimiter=place.delimiter,
        encoding=encoding,
        line=place.skipped + 1,
        written=trimmed(names),
    )


def _header_lines(
    feed: _Feed, source: Source, options: ReadOptions, encoding: str
) -> tuple[list[str], _Place]:
    """Return the lines of the header and the delimiter in them; blank lines before it are passed over."""
    lines = iter(feed)
    skipped, first, declared = 0, next(lines, ""), options.delimiter
    while first and (skipped < options.skip_rows or not first.strip() or delimiter_line(first)):
        declared = declared or (delimiter_line(first) if skipped >= options.skip_rows else "")
        skipped, first = skipped + 1, next(lines, "")
    if not first:
        raise Refused(f"{source.name} is empty", hint="its first line must name the columns")
    if "\0" in first:
        raise _not_text(source.name, skipped + 1, first)
    header = header_lines(lines, first)
    delimiter = declared_delimiter(declared) or found_delimiter("".join(header))
    return header, _Place(source, encoding, delimiter, skipped)


class _Feed:
    """The lines of a file on their way to the parser. `odd` is set by one that needs a second look."""

    def __init__(self, text: TextIO, name: str, limit: int) -> None:
        self.odd = False
        self._lines = iter(partial(text.readline, LONGEST), "")
        self._name = name
        self._limit = limit

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            if "'" in line or "\0" in line or len(line) > self._limit:
                self.odd = True
                if len(line) == LONGEST:
                    raise Refused(f"{self._name}: a line is longer than {LONGEST:,} characters")
            yield line


class _Parser(Protocol):
    """What `csv.reader` returns: the rows, and the number of the line it has read last."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...


def _rows(parser: _Parser, feed: _Feed, check: RowCheck, place: _Place) -> Iterator[RawRow]:
    width, careful = len(check.header), bool(check.unnamed)
    line = parser.line_num + 1
    feed.odd = False
    try:
        for cells in parser:
            start, line = line, parser.line_num + 1
            if len(cells) == width and not feed.odd and cells[0] > " " and line - start == 1 and not careful:
                yield RawRow(start + place.skipped, cells)
                continue
            feed.odd = False
            row = check.row(start + place.skipped, cells)
            if row is not None:
                yield row
    except csv.Error:
        raise _broken(place, line, parser.line_num) from None
    except UnicodeDecodeError:
        raise undecodable(place.source, place.encoding) from None


def _broken(place: _Place, first: int, last: int) -> CrmError:
    """Return the error for a row, from the parser's line `first` to `last`, whose quotes do not add up."""
    first, last = first + place.skipped, last + place.skipped
    lines = place.source.text(place.encoding)
    opened, closed = opening_line(lines, first, last, place.delimiter)
    name = place.source.name
    if closed:
        return Refused(
            f"{name}: line {closed}: text after the closing quote of the cell that begins on line {opened}",
            hint='write a quote within quotes twice: ""',
        )
    return Refused(
        f"{name}: line {opened}: a quote is opened and never closed",
        hint='close it, or write "" where a quote is meant',
    )


def _not_text(name: str, line: int, text: str) -> CrmError:
    guess = "utf-16-le" if text.index("\0") % 2 else "utf-16-be"
    return Refused(
        f"{name}: line {line}, the header, contains NUL characters",
        hint=f"if it is UTF-16 without a byte order mark, add --encoding {guess}",
    )
