"""CSV in any encoding, its cells guarded against spreadsheets that would run them."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from itertools import chain
from typing import BinaryIO

from crmctl.csv_lines import CsvLines, declared_delimiter
from crmctl.errors import CrmError, Refused, WrongUse
from crmctl.exporter.sheet import Sheet, SheetOptions, cell_text
from crmctl.file_formats import codec_of
from crmctl.guard import escape, escape_quoted
from crmctl.text import visible

TYPED = False
_ROWS_AT_ONCE = 500


def write(out: BinaryIO, sheet: Sheet, options: SheetOptions) -> None:
    """Write the sheet. Raises WrongUse for options that cannot be and Refused for text the encoding lacks."""
    encode, together = _encoder(options)
    guard = escape if options.guard else escape_quoted
    lines = CsvLines(declared_delimiter(options.delimiter) or ",")
    for number, row in enumerate(chain((sheet.header,), sheet.rows)):
        lines.add([guard(cell_text(cell)) for cell in row])
        if number % together == together - 1:
            out.write(_encoded(lines.taken(), encode, number, options))
    out.write(_encoded(lines.taken(), encode, 0, options))


def _encoder(options: SheetOptions) -> tuple[Callable[[str], bytes], int]:
    """Return what encodes text piece by piece, and how many rows may go into one piece."""
    name = codec_of(options.encoding)
    if options.bom and not name.startswith("utf"):
        raise WrongUse(f"{name} has no byte order mark", hint="leave out --bom")
    unicode = name.startswith("utf")
    codec = "utf-8-sig" if options.bom and name == "utf-8" else name
    return codecs.getincrementalencoder(codec)().encode, _ROWS_AT_ONCE if unicode else 1


def _encoded(text: str, encode: Callable[[str], bytes], number: int, options: SheetOptions) -> bytes:
    try:
        return encode(text)
    except UnicodeEncodeError as error:
        raise _not_in_encoding(error, number, options) from None


def _not_in_encoding(error: UnicodeEncodeError, number: int, options: SheetOptions) -> CrmError:
    char = error.object[error.start]
    return Refused(
        f'row {number} has "{visible(char)}" (U+{ord(char):04X}), which {options.encoding} lacks',
        hint="leave out --encoding: UTF-8 has every character; with --bom spreadsheets know it",
    )
