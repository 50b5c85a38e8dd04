"""The rows of the tables in an HTML text: one pass, whatever the tags are like, each piece looked at once."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from crmctl.errors import Refused
from crmctl.html_reading import end_of_tag
from crmctl.importer.header import MOST_COLUMNS

_TAG = re.compile(r"<(?:(/?)([A-Za-z][A-Za-z0-9:]*)|(!--)|[!?])")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SPAN = re.compile(r"""\b(col|row)span\s*=\s*["']?\s*([0-9]{1,4})""", re.IGNORECASE)
_INNER = frozenset({"p", "div", "li", "tr", "td", "th"})
_UNSEEN = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("script", "style", "title", "xml")}


class HtmlRow(NamedTuple):
    """A row: the number of its table in the text, its number in that table, its cells.

    `spans` tells that one of them reaches into the rows below.
    """

    table: int
    number: int
    cells: list[str]
    spans: bool


def html_rows(html: str) -> Iterator[HtmlRow]:
    """Yield the rows of all tables that are in no other. Raises Refused for one of endless width."""
    reader = _Reader()
    at = 0
    while tag := _TAG.search(html, at):
        reader.text(html, at, tag.start())
        if tag[3]:
            end = html.find("-->", tag.end())
            at = end + 3 if end >= 0 else len(html)
            continue
        end = end_of_tag(html, tag.end())
        at = end + 1 if end >= 0 else len(html)
        name = (tag[2] or "").lower()
        if name in _UNSEEN and not tag[1]:
            closing = _UNSEEN[name].search(html, at)
            at = closing.start() if closing else len(html)
        elif name and (row := reader.tag(name, html[tag.end() : at], opens=not tag[1])):
            yield row
    reader.text(html, at, len(html))
    if row := reader.end():
        yield row


class _Reader:
    """Where in which table the text is."""

    def __init__(self) -> None:
        self._depth = 0
        self._table = 0
        self._number = 0
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._empty = 0
        self._spans = False

    def text(self, html: str, start: int, end: int) -> None:
        """Take what stands between two tags."""
        if self._cell is not None and start < end:
            # A line break that is written as an entity is meant.
            self._cell.append(unescape(_SPACES.sub(" ", html[start:end])))

    def tag(self, name: str, attributes: str, *, opens: bool) -> HtmlRow | None:
        """Take a tag; returns the row that it ends, if any."""
        if name == "table":
            return self._turn_table(opens=opens)
        if name == "tr" and self._depth == 1:
            row = self.end()
            self._row = [] if opens else None
            return row
        if name in ("td", "th") and self._depth == 1:
            self._end_cell()
            if opens:
                self._begin_cell(attributes)
        elif self._cell is not None and (name in _INNER or (name == "br" and opens)):
            self._break_line(name)
        return None

    def _break_line(self, name: str) -> None:
        """Begin another line of the cell, or go on with a part that is a cell of a table within it."""
        assert self._cell is not None
        before = next((piece for piece in reversed(self._cell) if piece.strip(" ")), "\n")
        if name == "br" or not before.endswith("\n"):
            self._cell.append(" " if name in ("td", "th") else "\n")

    def _turn_table(self, *, opens: bool) -> HtmlRow | None:
        if opens:
            self._depth += 1
            self._table += self._depth == 1
            self._number = 0 if self._depth == 1 else self._number
            return None
        row = self.end() if self._depth == 1 else None
        self._depth = max(self._depth - 1, 0)
        return row

    def _begin_cell(self, attributes: str) -> None:
        self._cell = []
        if "span" in attributes.lower():
            spans = {name.lower(): int(size) for name, size in _SPAN.findall(attributes)}
            self._empty = min(max(spans.get("col", 1) - 1, 0), MOST_COLUMNS)
            self._spans = self._spans or spans.get("row", 1) != 1

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        lines = "".join(self._cell).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._row = self._row if self._row is not None else []
        self._row.append("\n".join(re.sub(" {2,}", " ", line.strip()) for line in lines).strip())
        self._row.extend([""] * self._empty)
        self._cell, self._empty = None, 0
        if len(self._row) > MOST_COLUMNS:
            raise Refused(f"a table has more than {MOST_COLUMNS:,} columns")

    def end(self) -> HtmlRow | None:
        """Return the row that ends here, if there is one."""
        self._end_cell()
        if self._row is None:
            return None
        self._number += 1
        row = HtmlRow(self._table, self._number, self._row, self._spans)
        self._row, self._spans = None, False
        return row
