"""Where something is written."""

from typing import NamedTuple


class Place(NamedTuple):
    """A place in a file; line and column count from 1, 0 is the whole file."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        """Return `path:line`."""
        return f"{self.path}:{self.line}"
