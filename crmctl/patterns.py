"""Patterns that are compiled when they are first used: of those in the modules that a command loads it uses few."""

import re
from typing import Any, cast


class _Pattern:
    """A compiled pattern to be; what is asked of it once is at hand from then on."""

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return what can be used like `re.compile(text, flags)`, but by methods alone."""
    return cast(re.Pattern[str], _Pattern(text, flags))
