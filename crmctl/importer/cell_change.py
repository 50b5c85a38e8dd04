"""What a profile does to the cells of one column before they are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from crmctl.importer.cell_parts import Apart
from crmctl.model.choices import Choices
from crmctl.model.field_types.base import SEPARATOR
from crmctl.model.field_types.pattern import compiled
from crmctl.text import name_key

Step = Callable[[str], str]
"""Makes another text of one that is not blank; a blank one means nothing."""
_REMEMBERED = 8192
_SCALED = re.compile(r"(\D{0,3}?)(\d+(?:\.\d+)?) ?([^\W\d_]+)", re.ASCII)
"""A number with letters behind it, and perhaps the sign of a currency before it."""


class CellChange:
    """Takes a cell apart, changes each part by the steps in their order, and remembers what came of it."""

    def __init__(self, steps: Iterable[Step], apart: Apart | None = None) -> None:
        self._steps = tuple(steps)
        self._apart = apart
        self._seen: dict[str, str] = {}

    def __bool__(self) -> bool:
        """Tell whether it changes anything."""
        return bool(self._steps or self._apart)

    def __call__(self, text: str) -> str:
        """Return the cell as it is to be read; one that stays as it is keeps its kind."""
        found = self._seen.get(text) if text.__class__ is str else self._changed(text)
        if found is None:
            found = self._changed(text)
            if len(self._seen) < _REMEMBERED:
                self._seen[text] = found
        return found

    def _changed(self, text: str) -> str:
        if not self._apart:
            return self._stepped(text)
        parts = [self._stepped(part) for part in self._apart(text)]
        return f"{SEPARATOR} ".join(part for part in parts if part)

    def _stepped(self, text: str) -> str:
        for step in self._steps:
            if not text:
                break
            text = step(text)
        return text


def emptied(words: Iterable[str]) -> Step:
    """Return the step that drops cells that mean nothing, by their keys."""
    nothing = frozenset(words)
    return lambda text: "" if name_key(text) in nothing else text


def stripped(pattern: str) -> Step:
    """Return the step that takes out what a pattern finds. Raises BadValue for one that cannot be run."""
    engine: Any = compiled(pattern)
    return lambda text: str(engine.sub("", text)).strip()


def looked_up(words: Mapping[str, str], otherwise: str | None, known: Choices | None) -> Step:
    """Return the step that says what words mean, by their keys; what is `known` already stays as it is."""

    def step(text: str) -> str:
        if known and known.get(text):
            return text
        found = words.get(name_key(text), otherwise)
        return text if found is None else found

    return step


def multiplied(factors: Mapping[str, int]) -> Step:
    """Return the step that writes out numbers with letters for thousands or millions behind them, by their keys."""

    def step(text: str) -> str:
        match = _SCALED.fullmatch(text)
        factor = factors.get(name_key(match[3])) if match else None
        if match is None or factor is None:
            return text
        return f"{match[1]}{Decimal(match[2]) * factor:f}"

    return step


def called_by_id(known: Choices) -> Step:
    """Return the step that names what is known by its id, as records do."""

    def step(text: str) -> str:
        found = known.get(text)
        return found.id if found else text

    return step


def dated(read: Callable[[str], str | None]) -> Step:
    """Return the step that writes dates as ISO does; what is none of the form stays, for its field to refuse."""
    return lambda text: read(text) or text


def prefixed(head: str) -> Step:
    """Return the step that puts text before a cell, unless it is there."""
    return lambda text: text if text.startswith(head) else head + text
