"""The checksum of a state: worked out at once, or on another core while its bytes are read or written.

Hashing holds no lock of the interpreter: beside the work of a file system it costs no time of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crmctl.storage.arriving import Arriving

Piece = bytes | memoryview
LARGE = 4 * 1024 * 1024
"""Bytes from which on a thread to hash them is worth its start."""
_STEP = 4 * 1024 * 1024


def digest(pieces: Iterable[Piece]) -> str:
    """Return the checksum of some bytes."""
    total = sha256()
    for piece in pieces:
        total.update(piece)
    return total.hexdigest()


class Digested:
    """Bytes with their checksum, and what it takes to go on from somewhere within them.

    A commit writes most of a file as it was. The hash of the old bytes is kept every few megabytes, so that the
    checksum of new ones that begin alike need not be worked out from their beginning; but not where nothing is
    to be written, since each stop costs a wait for the interpreter.
    """

    def __init__(self, content: memoryview, *, marked: bool = True) -> None:
        self._content = content
        self._step = _STEP if marked else len(content) + 1
        self._total = sha256()
        self._marks = [self._total.copy()]
        self._done = 0

    def take(self, until: int) -> None:
        """Go on to a place in the content."""
        while self._done < until:
            mark = len(self._marks) * self._step
            end = min(until, mark)
            self._total.update(self._content[self._done : end])
            self._done = end
            if end == mark:
                self._marks.append(self._total.copy())

    def follow(self, arriving: Arriving, start: int) -> Digested:
        """Take the content as it arrives in a file, from a position in that on. Raises OSError."""
        while (arrived := arriving.until(start + self._done + 1) - start) > self._done:
            self.take(arrived)
        return self

    def __str__(self) -> str:
        return self._total.hexdigest()

    def digest(self, pieces: Sequence[Piece], alike: int) -> str:
        """Return the checksum of other bytes, of which that many at the beginning are the same."""
        mark = alike // self._step
        total, done = self._marks[mark].copy(), mark * self._step
        for piece in pieces:
            total.update(memoryview(piece)[done:])
            done = max(0, done - len(piece))
        return total.hexdigest()
