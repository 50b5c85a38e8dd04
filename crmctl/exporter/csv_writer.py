"""CSV as RFC 4180 has it, but with LF alone at line ends, as tools that work on lines expect.

Cells with delimiters, quotes or line breaks are quoted, and their line breaks are kept as they are.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Sequence
from io import StringIO
from itertools import chain
from typing import BinaryIO

from crmctl.errors import CrmError, Refused, WrongUse
from crmctl.exporter.sheet import Sheet, WriteOptions, cell_text
from crmctl.guard import escape, escape_quoted
from crmctl.text import visible

TYPED = False
_ROWS_AT_ONCE = 500


def write(out: BinaryIO, sheet: Sheet, options: WriteOptions) -> None:
    """Write the sheet. Raises WrongUse for options that cannot be and Refused for text the encoding lacks."""
    encode, together = _encoder(options)
    guard = escape if options.guard else escape_quoted
    lines = _Lines(options.delimiter)
    for number, row in enumerate(chain((sheet.header,), sheet.rows)):
        lines.add([guard(cell_text(cell)) for cell in row])
        if number % together == together - 1:
            out.write(_encoded(lines.taken(), encode, number, options))
    out.write(_encoded(lines.taken(), encode, 0, options))


class _Lines:
    """Rows as lines, gathered until they are taken."""

    def __init__(self, delimiter: str) -> None:
        if len(delimiter) != 1 or delimiter in '"\r\n\0':
            raise WrongUse(f"{visible(delimiter)!r} cannot separate cells", hint="write --delimiter ';'")
        self._text = StringIO(newline="")
        self._plain = csv.writer(self._text, delimiter=delimiter, lineterminator="\n")
        self._careful = csv.writer(
            self._text, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL
        )

    def add(self, cells: Sequence[str]) -> None:
        # Some versions of csv quote a lone CR only where it is in their own line end.
        writer = self._careful if "\r" in "".join(cells) else self._plain
        writer.writerow(cells)

    def taken(self) -> str:
        text = self._text.getvalue()
        self._text.seek(0)
        self._text.truncate()
        return text


def _encoder(options: WriteOptions) -> tuple[Callable[[str], bytes], int]:
    """Return what encodes text piece by piece, and how many rows may go into one piece."""
    try:
        "a".encode(options.encoding)
        name = codecs.lookup(options.encoding).name
    except (LookupError, ValueError):
        raise WrongUse(
            f'unknown encoding "{options.encoding}"', hint="write it like utf-8 or cp1251"
        ) from None
    if options.bom and not name.startswith("utf"):
        raise WrongUse(f"{name} has no byte order mark", hint="leave out --bom")
    unicode = name.startswith("utf")
    codec = "utf-8-sig" if options.bom and name == "utf-8" else name
    return codecs.getincrementalencoder(codec)().encode, _ROWS_AT_ONCE if unicode else 1


def _encoded(text: str, encode: Callable[[str], bytes], number: int, options: WriteOptions) -> bytes:
    try:
        return encode(text)
    except UnicodeEncodeError as error:
        raise _not_in_encoding(error, number, options) from None


def _not_in_encoding(error: UnicodeEncodeError, number: int, options: WriteOptions) -> CrmError:
    char = error.object[error.start]
    return Refused(
        f'row {number} has "{visible(char)}" (U+{ord(char):04X}), which {options.encoding} lacks',
        hint="leave out --encoding: UTF-8 has every character; with --bom spreadsheets know it",
    )
