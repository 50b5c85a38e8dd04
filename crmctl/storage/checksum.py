"""The checksum of a state: worked out at once, or beside the first look at it."""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

Piece = bytes | memoryview
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
    checksum of new ones that begin alike need not be worked out from their beginning.
    """

    def __init__(self, content: memoryview) -> None:
        self._marks = [sha256()]
        for at in range(0, len(content), _STEP):
            after = self._marks[-1].copy()
            after.update(content[at : at + _STEP])
            self._marks.append(after)

    def __str__(self) -> str:
        return self._marks[-1].hexdigest()

    def digest(self, pieces: Sequence[Piece], alike: int) -> str:
        """Return the checksum of other bytes, of which that many at the beginning are the same."""
        mark = alike // _STEP
        total, done = self._marks[mark].copy(), mark * _STEP
        for piece in pieces:
            total.update(memoryview(piece)[done:])
            done = max(0, done - len(piece))
        return total.hexdigest()


def digest_beside(piece: Piece) -> Callable[[], str]:
    """Begin to work out the checksum of some bytes; the function returned waits for it.

    Hashing holds no lock of the interpreter: on another core it costs no time while lines are decoded on this one.
    """
    from threading import Thread

    found: list[str] = []
    worker = Thread(target=lambda: found.append(digest([piece])), daemon=True)
    worker.start()

    def finish() -> str:
        worker.join()
        return found[0]

    return finish
