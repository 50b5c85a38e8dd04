"""From the bytes of a data file to the state that they are, verified at once or while they are read."""

from __future__ import annotations

from collections.abc import Callable
from mmap import mmap
from typing import TYPE_CHECKING

from crmctl.storage.checksum import matches
from crmctl.storage.lines import DataFile, are_in_place
from crmctl.storage.meta import HEAD, Damage, Meta, read_meta
from crmctl.storage.pending import Pending

if TYPE_CHECKING:
    from crmctl.storage.arriving import Arriving


def parse(data: bytes) -> DataFile:
    """Return the state that some bytes are.

    Raises Damage where a byte is not what was written, StoreUnreadable for a format of the future.
    """
    meta, start = read_meta(data)
    _compare(data, meta, start, len(data))
    return DataFile(data, meta, start)


def parse_arriving(arriving: Arriving, as_error: Callable[[Damage | OSError], Exception]) -> DataFile:
    """Return the state that a file is, like `parse`, while that is still being read.

    Whoever asks the state for anything waits for that; `as_error` makes the error that is raised then.
    """
    arriving.line(len(HEAD))
    meta, start = read_meta(arriving.content)
    from crmctl.storage.beside import begin

    def compare() -> None:
        size = arriving.until(len(arriving.content))
        _compare(arriving.content, meta, start, size)

    finish = begin(compare)

    def check() -> None:
        try:
            finish()
        except (Damage, OSError) as fault:
            raise as_error(fault) from fault

    def arrived(position: int) -> None:
        try:
            arriving.until(position)
        except OSError as fault:
            raise as_error(fault) from fault

    return DataFile(arriving.content, meta, start, Pending(check, arrived))


def _compare(data: bytes | mmap, meta: Meta, start: int, end: int) -> None:
    if not matches(meta.checksum, [memoryview(data)[start:end]]):
        raise Damage("its content does not match its checksum")
    if not are_in_place(data, meta.sizes, start):
        raise Damage("its tables do not lie where its first line says")
