"""The checksum of a state: worked out at once, or on another core while its bytes are read or written.

Hashing holds no lock of the interpreter: beside the work of a file system it costs no time of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from queue import SimpleQueue

Piece = bytes | bytearray | memoryview
LARGE = 4 * 1024 * 1024
"""Bytes from which on a thread to hash them is worth its start."""
END = -1
"""Follows the last of the sizes that tell how much has arrived."""
_STEP = 4 * 1024 * 1024

T = TypeVar("T")


def digest(pieces: Iterable[Piece]) -> str:
    """Return the checksum of some bytes."""
    total = sha256()
    for piece in pieces:
        total.update(piece)
    return total.hexdigest()


class Digested:
    """Bytes with their checksum, and what it takes to go on from somewhere within them.

    A commit writes most of a file as it was. The hash of the old bytes is kept every few megabytes, so that the
    checksum of new ones that begin alike need not be worked out from their beginning.
    """

    def __init__(self, content: memoryview) -> None:
        self._content = content
        self._total = sha256()
        self._marks = [self._total.copy()]
        self._done = 0

    def take(self, until: int) -> None:
        """Go on to a place in the content."""
        while self._done < until:
            mark = len(self._marks) * _STEP
            end = min(until, mark)
            self._total.update(self._content[self._done : end])
            self._done = end
            if end == mark:
                self._marks.append(self._total.copy())

    def follow(self, arrivals: SimpleQueue[int]) -> Digested:
        """Take the content as it arrives: the sizes that it has had so far, then END."""
        for size in iter(arrivals.get, END):
            self.take(size)
        return self

    def __str__(self) -> str:
        return self._total.hexdigest()

    def digest(self, pieces: Sequence[Piece], alike: int) -> str:
        """Return the checksum of other bytes, of which that many at the beginning are the same."""
        mark = alike // _STEP
        total, done = self._marks[mark].copy(), mark * _STEP
        for piece in pieces:
            total.update(memoryview(piece)[done:])
            done = max(0, done - len(piece))
        return total.hexdigest()


def begin(work: Callable[[], T]) -> Callable[[], T]:
    """Begin some hashing on another core; the function returned waits for what comes of it."""
    from threading import Thread

    found: list[T] = []
    worker = Thread(target=lambda: found.append(work()), daemon=True)
    worker.start()

    def finish() -> T:
        worker.join()
        return found[0]

    return finish
