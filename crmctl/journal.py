"""What a command did, on disk before it goes on: a file of lines, held so that no other process is about the same.

Where the command is killed, the next to hold the file finds what the store does not know yet. It is there only as
long as somebody holds it or it says something.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from crmctl import file_lock
from crmctl.errors import LockTimeout, StoreUnreadable
from crmctl.whole_file import sync_folder

Line = TypeVar("Line", bound=msgspec.Struct)


class Lines(Generic[Line]):
    """The lines of an open file, each of one kind."""

    def __init__(self, handle: int, kind: type[Line]) -> None:
        self._handle = handle
        self._kind = kind

    def write(self, *lines: Line) -> None:
        """Add lines, on disk when this returns."""
        os.write(self._handle, b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
        os.fsync(self._handle)

    def read(self) -> list[Line]:
        """Return the lines that were written whole."""
        size = os.fstat(self._handle).st_size
        found = []
        for each in os.pread(self._handle, size, 0).splitlines():
            with suppress(msgspec.DecodeError):  # the last line of a process that was killed
                found.append(msgspec.json.decode(each, type=self._kind))
        return found

    def forget(self) -> None:
        """Empty the file: what it says is in the store. It stays as long as it is held."""
        os.ftruncate(self._handle, 0)
        os.fsync(self._handle)


@contextmanager
def held(path: Path, busy: LockTimeout, mode: int = 0o600) -> Iterator[int]:
    """Open a journal that no other process holds. Raises what is given as `busy` where one does, StoreUnreadable."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = file_lock.held(path, os.O_APPEND)
        sync_folder(path.parent)
    except OSError as error:
        raise StoreUnreadable(f"cannot write {path}: {error.strerror or error}") from None
    if handle is None:
        raise busy
    with suppress(OSError):  # it is another's, who has seen to that
        os.fchmod(handle, mode)
    try:
        yield handle
    finally:
        with suppress(OSError):
            if os.fstat(handle).st_size == 0:
                path.unlink()
        os.close(handle)
