"""The checksum of a state: worked out at once, or beside the first look at it."""

from collections.abc import Callable, Iterable
from hashlib import sha256

Piece = bytes | memoryview


def digest(pieces: Iterable[Piece]) -> str:
    """Return the checksum of some bytes."""
    total = sha256()
    for piece in pieces:
        total.update(piece)
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
