"""The checksum of a state, by which any byte that changed is noticed.

XXH3 in 128 bits: damage escapes it no likelier than a cryptographic hash, at a tenth of the price, and loading it
does not load OpenSSL. Against forgery neither would help, since who writes the file writes its checksum too.
"""

from collections.abc import Callable, Iterable
from typing import Any

from xxhash import xxh3_128

Piece = bytes | memoryview
_SHA256 = 64
"""Characters of a checksum of the first format."""


def digest(pieces: Iterable[Piece]) -> str:
    """Return the checksum of some bytes."""
    return _digest(xxh3_128, pieces)


def matches(checksum: str, pieces: Iterable[Piece]) -> bool:
    """Tell whether some bytes are what a checksum, of either format, was worked out from."""
    return checksum == _digest(_kind_of(checksum), pieces)


def _kind_of(checksum: str) -> Callable[[], Any]:
    if len(checksum) != _SHA256:
        return xxh3_128
    from hashlib import sha256

    return sha256


def _digest(kind: Callable[[], Any], pieces: Iterable[Piece]) -> str:
    total = kind()
    for piece in pieces:
        total.update(piece)
    found: str = total.hexdigest()
    return found
