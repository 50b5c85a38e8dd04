"""Tab-separated values: CSV whose delimiter is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from crmctl.importer import csv_reader
from crmctl.importer.table import ReadOptions, Table

if TYPE_CHECKING:
    from crmctl.importer.source import Source


def read(source: Source, options: ReadOptions) -> Table:
    """Open a TSV file. Raises what the CSV reader raises."""
    delimiter = options.delimiter or "tab"
    return csv_reader.read(source, msgspec.structs.replace(options, delimiter=delimiter))
