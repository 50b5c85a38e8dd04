"""The bytes of a state that is about to be written: the head comes first in the file and is known last."""

from collections.abc import Callable

import msgspec

from crmctl.storage.checksum import Piece
from crmctl.storage.meta import HEAD, Meta, meta_line


class Rendering(msgspec.Struct, frozen=True):
    """The bytes of a state: a head, of which only the checksum may still be missing, and the body."""

    meta: Meta
    body: list[Piece]
    wait: Callable[[], str]

    def provisional(self) -> bytes:
        """Return a head of the same size as the final one."""
        return HEAD + meta_line(self.meta)

    def final(self) -> bytes:
        """Return the head, as soon as the checksum is known."""
        return HEAD + meta_line(msgspec.structs.replace(self.meta, checksum=self.wait()))
