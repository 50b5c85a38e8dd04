"""JSON Lines: JSON whose objects stand one after another, none of them in a file that is empty."""

from __future__ import annotations

from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from crmctl.importer import json_reader
from crmctl.importer.table import ReadOptions, Table

if TYPE_CHECKING:
    from crmctl.importer.source import Source

_SPACE = b" \t\r\n"


def read(source: Source, options: ReadOptions) -> Table:
    """Open a file of JSON Lines. Raises what the JSON reader raises."""
    if _is_empty(source):
        return Table(header=(), rows=iter(()), format="jsonl")
    return json_reader.read(source, options)


def _is_empty(source: Source) -> bool:
    return not any(line.removeprefix(BOM_UTF8).strip(_SPACE) for line in source.binary())
