"""Where an expression is wrong, and how that is shown: the line, and carets under the part."""

import unicodedata

import msgspec

from crmctl.errors import WrongUse
from crmctl.text import visible

WIDEST = 100
"""Characters of a long expression that are shown."""
_LEAD = 60


class Place(msgspec.Struct, frozen=True):
    """The offsets of a part of an expression. Equal to any other, so that nodes compare by what they say."""

    start: int
    end: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place)

    def __hash__(self) -> int:
        return 0

    def to(self, last: "Place") -> "Place":
        """Return the place from the start of this part to the end of another."""
        return Place(self.start, last.end)


class QueryError(WrongUse):
    """An expression that cannot be read, or does not suit its records; `place` is the part at fault."""

    def __init__(self, message: str, text: str, place: Place, hint: str | None = None) -> None:
        super().__init__(visible(message), hint=visible(hint) if hint else None, excerpt=excerpt(text, place))
        self.place = place


def excerpt(text: str, place: Place) -> str | None:
    """Return the line and the carets below it, indented by two; nothing for a blank text."""
    if not text.strip():
        return None
    first = max(0, min(place.start - _LEAD, len(text) - WIDEST))
    before, part = text[first : place.start], text[place.start : place.end]
    after = text[place.end : first + WIDEST]
    if len(before) + len(part) > WIDEST:
        part, after = part[: WIDEST - len(before)], ""
    opening = "..." if first else ""
    closing = "..." if len(before + part + after) < len(text) - first else ""
    shown_before, shown_part = opening + visible(before), visible(part)
    line = f"{shown_before}{shown_part}{visible(after)}{closing}"
    return f"  {line}\n  {' ' * width(shown_before)}{'^' * max(1, width(shown_part))}"


def width(text: str) -> int:
    """Return how many terminal columns text takes: two for wide letters, none for marks set over others."""
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
