"""One document as it stands in the data file.

JSON in UTF-8, escaped only where it must be; keys stand in one order however they were set: those of
`LEADING`, then the rest by name.
"""

from collections.abc import Mapping
from functools import lru_cache
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
        return _encode({**in_order, **document} if in_order else document)
    except UnicodeEncodeError as error:
        raise _no_text(document.get("id", "a document")) from error


def encode_struct(document: msgspec.Struct) -> bytes:
    """Return the JSON of a struct, whose fields stand in the order of the file. Raises WrongUse likewise."""
    try:
        return _encode(document)
    except UnicodeEncodeError as error:
        raise _no_text(getattr(document, "id", "a document")) from error


@lru_cache(maxsize=4096)  # a file of many sparse columns fills others in nearly every row
def _in_order(names: tuple[str, ...]) -> dict[str, None] | None:
    """Return names in the order in which they stand in the file, or nothing where they do already."""
    given = set(names)
    ordered = (*(name for name in LEADING if name in given), *sorted(given.difference(LEADING)))
    return None if ordered == names else dict.fromkeys(ordered)


def refuse_nothing(encoded: bytes, table: str, number: int) -> None:
    """Stop a value that JSON would turn into null, such as a number that is none, from being lost unseen."""
    if b":null" in encoded and None in msgspec.json.decode(encoded).values():
        raise ValueError(f"{table} {number} has a field without a value")


def _no_text(name: str) -> WrongUse:
    return WrongUse(f"{name} has text with half of a character (a lone surrogate)")
