"""JSON Lines: one object a line, empty cells left out."""

from typing import BinaryIO

from crmctl.exporter.json_writer import object_lines
from crmctl.exporter.sheet import Sheet, SheetOptions

TYPED = True


def write(out: BinaryIO, sheet: Sheet, _options: SheetOptions) -> None:
    """Write the sheet, in UTF-8."""
    for line in object_lines(sheet):
        out.write(line + b"\n")
