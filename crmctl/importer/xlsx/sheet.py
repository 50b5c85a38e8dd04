"""The cells of a sheet as text, row by row, in one pass over its XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from crmctl.importer.xlsx.cell_values import NOT_STORED, SheetValues
from crmctl.importer.xlsx.strings import check_size
from crmctl.importer.xlsx.xml_parts import DEEPEST, TAGS, Attributes, new_parser, parsed
from crmctl.workbooks import MOST_ROWS

if TYPE_CHECKING:
    from crmctl.importer.xlsx.archive import Archive

_MOST_COLUMNS = 16_384
_MOST_MERGES = 100_000
_SHOWN_OF_FORMULA = 1000
_TEXTS = ("v", "t", "f")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")


class SheetRow(msgspec.Struct):
    """The cells of a row that have something in them, by column from 0, and what is odd about some of them."""

    line: int
    cells: dict[int, str]
    odd: dict[int, str]


class SheetReader:
    """Goes through a sheet once. `merged` has the merged areas, which stand behind the cells."""

    def __init__(self, archive: Archive, part: str, values: SheetValues) -> None:
        self.merged: list[str] = []
        self._archive = archive
        self._part = part
        self._values = values
        self._ready: list[SheetRow] = []
        self._row: SheetRow | None = None
        self._line = 0
        self._column = -1
        self._cell: Attributes | None = None
        self._pieces: list[str] = []
        self._texts: list[str] = []
        self._formula: str | None = None
        self._in_hint = False
        self._depth = 0
        self._columns: dict[str, int] = {}
        self._parser = new_parser(archive.name)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        # All text is taken down, and what stands between elements forgotten: a call less for each of a million cells.
        self._parser.CharacterDataHandler = self._pieces.append

    def rows(self) -> Iterator[SheetRow]:
        """Yield the rows that have cells with something in them. Raises Refused where the sheet is damaged."""
        for _ in parsed(self._archive, self._part, self._parser):
            yield from self._ready
            self._ready.clear()
            check_size(self._pieces, self._texts, self._archive)

    def _start(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._archive.damaged("a sheet is nested too deeply")
        tag = TAGS.get(name)
        if tag == "c":
            self._cell = attributes
            self._texts.clear()
            self._formula = None
        elif tag in _TEXTS:
            self._pieces.clear()
        elif tag == "row":
            self._begin_row(attributes.get("r"))
        elif tag == "rPh":
            self._in_hint = True
        elif tag == "mergeCell" and len(self.merged) < _MOST_MERGES:
            self.merged.append(attributes.get("ref", ""))

    def _end(self, name: str) -> None:
        self._depth -= 1
        tag = TAGS.get(name)
        if tag == "c":
            if self._cell is not None and self._row is not None:
                self._take_cell(self._row, self._cell)
            self._cell = None
        elif tag in _TEXTS:
            self._take_text(tag)
        elif tag == "row":
            if self._row is not None and self._row.cells:
                self._ready.append(self._row)
            self._row = None
        elif tag == "rPh":
            self._in_hint = False

    def _take_text(self, tag: str | None) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        if tag == "f":
            self._formula = text[:_SHOWN_OF_FORMULA]
        elif not self._in_hint and self._cell is not None:
            self._texts.append(text)

    def _begin_row(self, number: str | None) -> None:
        line = self._line + 1 if number is None else int(number) if len(number) < 9 else 0
        if not self._line < line <= MOST_ROWS:
            raise self._archive.damaged(f"row {line:,} follows row {self._line:,}")
        self._line, self._column = line, -1
        self._row = SheetRow(line, {}, {})

    def _take_cell(self, row: SheetRow, cell: Attributes) -> None:
        reference = cell.get("r")
        column = self._column + 1 if reference is None else self._column_of(reference)
        if not self._column < column < _MOST_COLUMNS:
            raise self._archive.damaged(f"row {row.line:,} has cells that are not in order")
        self._column = column
        texts, kind = self._texts, cell.get("t", "n")
        text = texts[0] if len(texts) == 1 else "".join(texts)
        if self._formula is not None and not text and (not texts or kind != "str"):
            row.cells[column], row.odd[column] = f"={self._formula}", NOT_STORED
            return
        found, odd = self._values.read(kind, text, cell.get("s"))
        if found:
            row.cells[column] = found
        if odd:
            row.odd[column] = odd

    def _column_of(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        found = self._columns.get(letters)
        if found is None:
            match = _REFERENCE.fullmatch(reference)
            if not match:
                raise self._archive.damaged(f"row {self._line:,} has a cell without a place")
            found = self._columns[letters] = column_number(match[1])
        return found


def column_number(letters: str) -> int:
    """Return the number of a column, from 0: A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def merged_rows(area: str) -> tuple[int, int]:
    """Return the first and the last row of a merged area such as `A1:B2`; none for what is no area."""
    corners = [_REFERENCE.fullmatch(corner) for corner in area.split(":")]
    if len(corners) != 2 or not corners[0] or not corners[1]:
        return 0, 0
    return int(corners[0][2]), int(corners[1][2])
