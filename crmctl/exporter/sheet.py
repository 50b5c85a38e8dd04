"""What every writer takes: names of columns, rows of cells, and how they are to be written."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO, Protocol

import msgspec

from crmctl.model.field_types.base import SEPARATOR

Cell = str | int | float | bool | Decimal | date | datetime | list[str] | None
"""A cell as the record holds it; writers of text turn it into text, None into nothing.

Amounts as decimal numbers, days and moments without a zone are for formats with such types alone.
"""

COMPANY_NAMES = "company.title"
"""The column that has the names of a contact's companies, whose field has their ids."""


class SheetOptions(msgspec.Struct, frozen=True):
    """How a file of text is written; an empty `delimiter` is left to the layout, else a comma.

    `guard` keeps spreadsheets from running cells as formulas; `bom` puts the mark before UTF-8 by which
    some of them know it. JSON is always UTF-8. `vcard` is the version of cards.
    """

    delimiter: str = ","
    encoding: str = "utf-8"
    bom: bool = False
    guard: bool = True
    vcard: str = "4.0"


class Sheet(msgspec.Struct, frozen=True):
    """The names of the columns, and the rows, which can be gone through once; `record` is the type they are of."""

    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    record: str = ""


class Writer(Protocol):
    """What a format's module is."""

    TYPED: bool
    """Whether the format keeps numbers and lists as such, rather than as the text they are shown as."""

    def write(self, out: BinaryIO, sheet: Sheet, options: SheetOptions, /) -> None:
        """Write the sheet as one file."""


def cell_text(cell: Cell) -> str:
    """Return a cell as text: what a field of it would be read from."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return f"{SEPARATOR} ".join(cell) if isinstance(cell, list) else str(cell)
