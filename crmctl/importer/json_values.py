"""The values of a JSON text with the lines they begin on: one after another, in one array, or in a list of an object.

Names that stand twice are left for the reader of the objects to find; numbers keep the digits they are written with.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from crmctl.errors import BadValue, CrmError, NotFound, Refused
from crmctl.importer.table import NumberCell
from crmctl.text import names_hint, visible

SPACE = " \t\r\n"
FLAT = "a cell is text, a number, true, false, null or a list of these"
_LARGEST_POWER = 40


class Pairs(list[tuple[str, object]]):
    """The names and values of an object, in their order, names that stand twice included."""


def values(text: str, name: str) -> Iterator[tuple[int, object]]:
    """Yield the values at the top, or in the one array there. Raises Refused."""
    cursor = _Cursor(text, name)
    if cursor.take("["):
        yield from _elements(cursor)
        if not cursor.at_end():
            raise cursor.refused("something follows the list")
        return
    while not cursor.at_end():
        line = cursor.line
        yield line, cursor.value()


def values_of(text: str, name: str, sheet: str) -> Iterator[tuple[int, object]]:
    """Yield the values of the list that the one object at the top has under a name. Raises Refused, NotFound."""
    cursor = _Cursor(text, name)
    if not cursor.take("{"):
        raise cursor.refused("not an object that has lists, one of which --sheet could name")
    seen: list[str] = []
    found = False
    while not cursor.take("}"):
        if seen and not cursor.take(","):
            raise cursor.refused("a comma is missing between two lists")
        key = cursor.value()
        if not isinstance(key, str) or isinstance(key, NumberCell) or not cursor.take(":"):
            raise cursor.refused("an object's names stand before colons")
        if key in seen:
            raise cursor.refused(f'"{visible(key)}" stands twice in one object')
        seen.append(key)
        if key == sheet:
            found = True
            if not cursor.take("["):
                raise cursor.refused(f'"{visible(key)}" is no list')
            yield from _elements(cursor)
        else:
            cursor.value()
    if not cursor.at_end():
        raise cursor.refused("something follows the object")
    if not found:
        raise NotFound(f'{name} has no list "{visible(sheet)}"', hint=names_hint(sheet, seen, "lists"))


def _elements(cursor: _Cursor) -> Iterator[tuple[int, object]]:
    """Yield the values of an array whose bracket was taken, the closing one included."""
    first = True
    while not cursor.at_end():
        if cursor.take("]"):
            return
        if not first and not cursor.take(","):
            raise cursor.refused("a comma is missing between two records")
        first = False
        cursor.skip_space()
        line = cursor.line
        yield line, cursor.value()
    raise cursor.refused("the list is not closed")


class _Cursor:
    """A place in a text, and the line it is on."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._at = 0
        self._counted = 0
        self.line = 1
        self._decoder = json.JSONDecoder(
            object_pairs_hook=Pairs,
            parse_int=NumberCell,
            parse_float=_number,
            parse_constant=_refused_constant,
        )

    def skip_space(self) -> None:
        while self._at < len(self._text) and self._text[self._at] in SPACE:
            self._at += 1
        self._count_lines()

    def at_end(self) -> bool:
        self.skip_space()
        return self._at >= len(self._text)

    def take(self, mark: str) -> bool:
        self.skip_space()
        found = self._text.startswith(mark, self._at)
        self._at += len(mark) * found
        return found

    def value(self) -> object:
        """Return the value that stands here, and go behind it. Raises Refused."""
        self.skip_space()
        try:
            found, self._at = self._decoder.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            self._at = error.pos
            self._count_lines()
            raise self.refused(error.msg[:1].lower() + error.msg[1:]) from None
        except BadValue as error:
            raise Refused(f"{self._name}: line {self.line}: {error.reason}", hint=error.hint) from None
        except RecursionError:
            raise Refused(f"{self._name}: line {self.line}: nested too deeply", hint=FLAT) from None
        return found

    def refused(self, why: str) -> CrmError:
        """Return the error that says what is wrong on this line."""
        return Refused(f"{self._name}: line {self.line}: not JSON: {why}")

    def _count_lines(self) -> None:
        self.line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at


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
