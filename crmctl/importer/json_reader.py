"""JSON: an array of flat objects, one object, or objects one after another.

Names that stand twice, NaN, infinities, halves of characters and nesting are refused with their line. Numbers
keep the digits they are written with. An element of a list that would be read as several values is a fault of
its row alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from crmctl.errors import BadValue, Refused
from crmctl.importer.encoding import encoding_of, undecodable
from crmctl.importer.header import checked_header
from crmctl.importer.table import RAISE_LIMIT, CellError, NumberCell, RawRow, ReadOptions, Table, quoted
from crmctl.model.field_types.base import SEPARATOR
from crmctl.text import visible

if TYPE_CHECKING:
    from crmctl.importer.source import Source

_SPACE = " \t\r\n"
_LARGEST_POWER = 40
_APART = "write its parts as elements of their own, or without it"
_FLAT = "a cell is text, a number, true, false, null or a list of these"


class _Object(msgspec.Struct, frozen=True):
    """An object of the file; `joined` are the cells of lists with an element that would be read as several."""

    line: int
    cells: dict[str, str]
    joined: dict[str, str] = {}


def read(source: Source, options: ReadOptions) -> Table:
    """Open a JSON file. Raises Refused, also from the table's rows, for what is no list of flat objects."""
    encoding = encoding_of(source.part(0, 4), options.encoding)
    try:
        text = source.text(encoding).read()
    except UnicodeDecodeError:
        raise undecodable(source, encoding) from None
    if not text.strip(_SPACE):
        raise Refused(f"{source.name} is empty", hint="write [] where there are no records")
    names = dict.fromkeys(name for each in _objects(text, source.name) for name in each.cells)
    header = checked_header(list(names), source.name) if names else ()
    if "" in header:
        raise Refused(f'{source.name}: an object has a value without a name ("")')
    rows = _rows(text, source.name, tuple(names), options.field_limit)
    return Table(header=header, rows=rows, format="json", encoding=encoding)


def _rows(text: str, name: str, columns: tuple[str, ...], limit: int) -> Iterator[RawRow]:
    for each in _objects(text, name):
        cells = [each.cells.get(column, "") for column in columns]
        if any(cells):
            yield RawRow(each.line, cells, _faults(each, limit))


def documents(text: str, name: str) -> list[dict[str, object]]:
    """Return the objects in a text that another program hands in, as strictly read as a file of records.

    Values are texts, true, false, none, and lists of these. Raises Refused.
    """
    found = []
    for line, value in _values(text, name):
        try:
            if not isinstance(value, _Pairs):
                raise BadValue("not an object", hint='write records like {"title": "Acme"}')
            _cells(value)
            for cell, element in _joined(value).items():
                raise BadValue(f'"{visible(cell)}": {_two_in_one(element)}', hint=_APART)
        except BadValue as error:
            raise Refused(f"{name}: line {line}: {error.reason}", hint=error.hint) from None
        found.append(dict(value))
    return found


def _faults(row: _Object, limit: int) -> tuple[CellError, ...]:
    found = [
        CellError(row.line, name, "", row.cells[name], _two_in_one(element), _APART)
        for name, element in row.joined.items()
    ]
    for name, cell in row.cells.items():
        if "\0" in cell:
            found.append(CellError(row.line, name, "", cell, "contains a NUL character"))
        if len(cell) > limit:
            reason = f"is longer than {limit:,} characters"
            found.append(CellError(row.line, name, "", cell, reason, RAISE_LIMIT))
    return tuple(found)


def _objects(text: str, name: str) -> Iterator[_Object]:
    """Yield every object with its line. Raises Refused."""
    for line, value in _values(text, name):
        try:
            if not isinstance(value, _Pairs):
                raise BadValue("not an object", hint='write records like {"title": "Acme"}')
            yield _Object(line, _cells(value), _joined(value))
        except BadValue as error:
            raise Refused(f"{name}: line {line}: {error.reason}", hint=error.hint) from None


def _values(text: str, name: str) -> Iterator[tuple[int, object]]:
    """Yield the values at the top, or in the one array there, each with the line it begins on."""
    decoder = json.JSONDecoder(
        object_pairs_hook=_Pairs, parse_int=NumberCell, parse_float=_number, parse_constant=_refused_constant
    )
    cursor = _Cursor(text)
    in_array = cursor.take("[")
    first = True
    while not cursor.at_end():
        if in_array and cursor.take("]"):
            break
        if in_array and not first and not cursor.take(","):
            raise Refused(f"{name}: line {cursor.line}: not JSON: a comma is missing between two records")
        first = False
        cursor.skip_space()
        line = cursor.line
        yield line, _decoded(decoder, cursor, name)
    else:
        if in_array:
            raise Refused(f"{name}: line {cursor.line}: not JSON: the list is not closed")
    if not cursor.at_end():
        raise Refused(f"{name}: line {cursor.line}: not JSON: something follows the list")


def _decoded(decoder: json.JSONDecoder, cursor: _Cursor, name: str) -> object:
    try:
        value, cursor.at = decoder.raw_decode(cursor.text, cursor.at)
    except json.JSONDecodeError as error:
        cursor.at = error.pos
        cursor.count_lines()
        raise Refused(f"{name}: line {cursor.line}: not JSON: {_told(error.msg)}") from None
    except BadValue as error:
        raise Refused(f"{name}: line {cursor.line}: {error.reason}", hint=error.hint) from None
    except RecursionError:
        raise Refused(f"{name}: line {cursor.line}: nested too deeply", hint=_FLAT) from None
    return value


class _Cursor:
    """A place in a text, and the line it is on."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self._counted = 0

    def skip_space(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in _SPACE:
            self.at += 1
        self.count_lines()

    def count_lines(self) -> None:
        self.line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at

    def at_end(self) -> bool:
        self.skip_space()
        return self.at >= len(self.text)

    def take(self, mark: str) -> bool:
        self.skip_space()
        found = self.text.startswith(mark, self.at)
        self.at += len(mark) * found
        return found


class _Pairs(list[tuple[str, object]]):
    """The names and values of an object, in their order, names that stand twice included."""


def _cells(pairs: _Pairs) -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, value in pairs:
        _check_whole(name, name)
        if name in cells:
            raise BadValue(f'"{visible(name)}" stands twice in one object')
        cells[name] = _cell(name, value)
    return cells


def _cell(name: str, value: object) -> str:
    if isinstance(value, list) and not isinstance(value, _Pairs):
        if any(isinstance(one, list) for one in value):
            raise BadValue(f'"{visible(name)}" is nested', hint=_FLAT)
        cells = [_cell(name, one) for one in value]
        joined = "; ".join(cells)
        return NumberCell(joined) if all(isinstance(one, NumberCell) for one in value) else joined
    if isinstance(value, list):
        raise BadValue(f'"{visible(name)}" is an object', hint=_FLAT)
    if isinstance(value, str):
        _check_whole(name, value)
        return value
    return "" if value is None else "true" if value else "false"


def _joined(pairs: _Pairs) -> dict[str, str]:
    """Return, by name, the first element of each list that would be read as several."""
    found: dict[str, str] = {}
    for name, value in pairs:
        for one in value if isinstance(value, list) and not isinstance(value, _Pairs) else ():
            if isinstance(one, str) and SEPARATOR in one:
                found.setdefault(name, one)
    return found


def _two_in_one(element: str) -> str:
    return f"{quoted(element)} has a {SEPARATOR}, which stands between the values of a field"


def _check_whole(name: str, value: str) -> None:
    if value.isascii():
        return
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadValue(f'"{visible(name)}" contains half of a character (a lone surrogate)') from None


def _number(text: str) -> NumberCell:
    """Return a number without a power of ten, where that can be written out."""
    if "e" not in text.lower():
        return NumberCell(text)
    number = Decimal(text)
    exponent = number.as_tuple().exponent
    small = isinstance(exponent, int) and abs(exponent) <= _LARGEST_POWER
    return NumberCell(f"{number:f}" if small else text)


def _refused_constant(name: str) -> object:
    raise BadValue(f"{name} is not a number in JSON")


def _told(message: str) -> str:
    return message[:1].lower() + message[1:]
