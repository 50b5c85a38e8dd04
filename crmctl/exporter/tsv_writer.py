"""Tab-separated values: CSV with tabs, quotes included."""

from typing import BinaryIO

import msgspec

from crmctl.exporter import csv_writer
from crmctl.exporter.sheet import Sheet, SheetOptions

TYPED = False


def write(out: BinaryIO, sheet: Sheet, options: SheetOptions) -> None:
    """Write the sheet with tabs, whatever delimiter the options name."""
    csv_writer.write(out, sheet, msgspec.structs.replace(options, delimiter="\t"))
