"""JSON: an array of flat objects, one a line, empty cells left out."""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from crmctl.exporter.sheet import Sheet, SheetOptions
from crmctl.model.records import is_empty

TYPED = True


def write(out: BinaryIO, sheet: Sheet, _options: SheetOptions) -> None:
    """Write the sheet as one array, in UTF-8."""
    before = b"[\n"
    for line in object_lines(sheet):
        out.write(before + line)
        before = b",\n"
    out.write(b"[]\n" if before == b"[\n" else b"\n]\n")


def object_lines(sheet: Sheet) -> Iterator[bytes]:
    """Yield each row as an object with the names of its columns."""
    encode = msgspec.json.encode
    for row in sheet.rows:
        cells = zip(sheet.header, row, strict=True)
        yield encode({name: cell for name, cell in cells if not is_empty(cell)})
