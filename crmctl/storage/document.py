"""One document as it stands in the data file.

JSON in UTF-8, escaped only where it must be; keys stand in one order however they were set: those of
`LEADING`, then the rest by name.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from operator import itemgetter
from typing import Any

import msgspec

from crmctl.errors import WrongUse

LEADING = ("id", "record", "title", "pipeline", "stage", "gen", "at", "by", "op")

Document = dict[str, Any]

_encode = msgspec.json.Encoder().encode


def encode(document: Mapping[str, Any]) -> bytes:
    """Return a document's JSON, its keys in order. Raises WrongUse for text that is not Unicode."""
    try:
        in_order = _in_order(tuple(document))
        return _encode(in_order(document) if in_order else document)
    except UnicodeEncodeError as error:
        raise _no_text(document.get("id", "a document")) from error


def encode_struct(document: msgspec.Struct) -> bytes:
    """Return the JSON of a struct, whose fields stand in the order of the file. Raises WrongUse likewise."""
    try:
        return _encode(document)
    except UnicodeEncodeError as error:
        raise _no_text(getattr(document, "id", "a document")) from error


@cache
def _in_order(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], Document] | None:
    """Return what puts a document with such keys in the order of the file, or nothing where it stands so already."""
    ordered = _file_order(names)
    if ordered == names:
        return None
    values_of = itemgetter(*ordered)
    return lambda document: dict(zip(ordered, values_of(document), strict=True))


def _file_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return names in the order in which the keys of a document stand in the file."""
    given = set(names)
    return (*(name for name in LEADING if name in given), *sorted(given.difference(LEADING)))


def refuse_nothing(encoded: bytes, table: str, number: int) -> None:
    """Stop a value that JSON would turn into null, such as a number that is none, from being lost unseen."""
    if b":null" in encoded and None in msgspec.json.decode(encoded).values():
        raise ValueError(f"{table} {number} has a field without a value")


def _no_text(name: str) -> WrongUse:
    return WrongUse(f"{name} has text with half of a character (a lone surrogate)")
