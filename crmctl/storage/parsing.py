"""From the bytes of a data file to the state that they are, verified at once or while they are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crmctl.storage.checksum import Digested
from crmctl.storage.lines import DataFile
from crmctl.storage.meta import HEAD, Damage, Meta, read_meta
from crmctl.storage.pending import Pending

if TYPE_CHECKING:
    from crmctl.storage.arriving import Arriving


def parse(data: bytes) -> DataFile:
    """Return the state that some bytes are.

    Raises Damage where a byte is not what was written, StoreUnreadable for a format of the future.
    """
    meta, start = read_meta(data)
    digested = Digested(memoryview(data)[start:])
    digested.take(len(data) - start)
    _compare(digested, meta)
    return DataFile(data, meta, start, digested)


def parse_arriving(
    arriving: Arriving, as_error: Callable[[Damage | OSError], Exception], *, to_write: bool = False
) -> DataFile:
    """Return the state that a file is, like `parse`, while that is still being read and hashed.

    Whoever asks the state for anything waits for that; `as_error` makes the error that is raised then. One that is
    read `to_write` is looked at before it is hashed: its writer verifies it, and goes on from its checksum.
    """
    arriving.line(len(HEAD))
    meta, start = read_meta(arriving.content)
    from crmctl.storage.beside import begin

    digested = Digested(memoryview(arriving.content)[start:], marked=to_write)

    def hashed() -> Digested:
        if to_write:
            arriving.until(len(arriving.content))  # who waits for the bytes goes first
        return digested.follow(arriving, start)

    finish = begin(hashed)

    def check() -> None:
        try:
            _compare(finish(), meta)
        except (Damage, OSError) as fault:
            raise as_error(fault) from fault

    def arrived(position: int) -> None:
        try:
            arriving.until(position)
        except OSError as fault:
            raise as_error(fault) from fault

    return DataFile(arriving.content, meta, start, digested, Pending(check, arrived, late=to_write))


def _compare(digested: Digested, meta: Meta) -> None:
    if str(digested) != meta.checksum:
        raise Damage("its content does not match its checksum")
