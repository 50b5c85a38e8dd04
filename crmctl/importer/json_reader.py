"""JSON: an array of flat objects, one object, objects one after another, or a list that an object has under a name.

Names that stand twice, NaN, infinities, halves of characters and nesting are refused with their line. Numbers
keep the digits they are written with. An element of a list that would be read as several values is a fault of
its row alone. In a list that `--sheet` names, whose file is made by another program, cells may be nested: they are
JSON again, for a profile to take apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from crmctl.errors import BadValue, Refused
from crmctl.importer.encoding import encoding_of, undecodable
from crmctl.importer.header import checked_header
from crmctl.importer.json_values import FLAT, SPACE, Pairs, values, values_of
from crmctl.importer.table import CellError, NumberCell, RawRow, ReadOptions, Table, quoted, size_faults
from crmctl.model.field_types.base import SEPARATOR
from crmctl.text import shortened

if TYPE_CHECKING:
    from crmctl.importer.source import Source

_APART = "write its parts as elements of their own, or without it"


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
    if not text.strip(SPACE):
        raise Refused(f"{source.name} is empty", hint="write [] where there are no records")
    names = dict.fromkeys(name for each in _objects(text, source.name, options.sheet) for name in each.cells)
    header = checked_header(list(names), source.name) if names else ()
    if "" in header:
        raise Refused(f'{source.name}: an object has a value without a name ("")')
    rows = _rows(_objects(text, source.name, options.sheet), tuple(names), options.field_limit)
    return Table(header=header, rows=rows, format="json", encoding=encoding)


def _rows(objects: Iterable[_Object], columns: tuple[str, ...], limit: int) -> Iterator[RawRow]:
    for each in objects:
        cells = [each.cells.get(column, "") for column in columns]
        if any(cells):
            yield RawRow(each.line, cells, _faults(each, limit))


def documents(text: str, name: str) -> list[dict[str, object]]:
    """Return the objects in a text that another program hands in, as strictly read as a file of records.

    Values are texts, true, false, none, and lists of these. Raises Refused.
    """
    found = []
    for line, value in values(text, name):
        try:
            if not isinstance(value, Pairs):
                raise BadValue("not an object", hint='write records like {"title": "Acme"}')
            _cells(value)
            for cell, element in _joined(value).items():
                raise BadValue(f'"{shortened(cell)}": {_two_in_one(element)}', hint=_APART)
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
        found += size_faults(row.line, name, cell, limit)
    return tuple(found)


def _objects(text: str, name: str, sheet: str) -> Iterator[_Object]:
    """Yield every object with its line. Raises Refused."""
    for line, value in values_of(text, name, sheet) if sheet else values(text, name):
        try:
            if not isinstance(value, Pairs):
                raise BadValue("not an object", hint='write records like {"title": "Acme"}')
            yield _Object(line, _cells(value, nested=bool(sheet)), _joined(value))
        except BadValue as error:
            raise Refused(f"{name}: line {line}: {error.reason}", hint=error.hint) from None


def _cells(pairs: Pairs, *, nested: bool = False) -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, value in pairs:
        _check_whole(name, name)
        if name in cells:
            raise BadValue(f'"{shortened(name)}" stands twice in one object')
        deep = nested and isinstance(value, list) and _is_deep(value)
        cells[name] = json.dumps(_plain(name, value), ensure_ascii=False) if deep else _cell(name, value)
    return cells


def _is_deep(value: list[object]) -> bool:
    return isinstance(value, Pairs) or any(isinstance(one, list) for one in value)


def _plain(name: str, value: object) -> object:
    """Return a value as JSON has it, numbers as their digits. Raises BadValue for names that stand twice."""
    if isinstance(value, Pairs):
        found = {key: _plain(name, one) for key, one in value}
        if len(found) < len(value):
            raise BadValue(f'"{shortened(name)}" has an object in which a name stands twice')
        return found
    if isinstance(value, list):
        return [_plain(name, one) for one in value]
    if isinstance(value, str):
        _check_whole(name, value)
    return value


def _cell(name: str, value: object) -> str:
    if isinstance(value, list) and not isinstance(value, Pairs):
        if any(isinstance(one, list) for one in value):
            records = bool(value) and all(isinstance(one, Pairs) for one in value)
            hint = f"{FLAT}; a list of records is read with --sheet {quoted(name)}" if records else FLAT
            raise BadValue(f'"{shortened(name)}" is nested', hint=hint)
        cells = [_cell(name, one) for one in value]
        joined = "; ".join(cells)
        return NumberCell(joined) if all(isinstance(one, NumberCell) for one in value) else joined
    if isinstance(value, list):
        raise BadValue(f'"{shortened(name)}" is an object', hint=FLAT)
    if isinstance(value, str):
        _check_whole(name, value)
        return value
    return "" if value is None else "true" if value else "false"


def _joined(pairs: Pairs) -> dict[str, str]:
    """Return, by name, the first element of each list that would be read as several."""
    found: dict[str, str] = {}
    for name, value in pairs:
        for one in value if isinstance(value, list) and not isinstance(value, Pairs) else ():
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
        raise BadValue(f'"{shortened(name)}" contains half of a character (a lone surrogate)') from None
