"""What a mailing did, on disk before the next letter: a line before a letter goes to the server, one after.

Of a letter that has the first line and not the second it is not known whether it went out: the process was killed
while the server had the letter. The file is there until all of it is in the records' history.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from crmctl.errors import LockTimeout, StoreUnreadable
from crmctl.file_lock import held
from crmctl.whole_file import sync_folder


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A letter that goes to the server, at which moment; `done` is what became of it: sent, or turned down."""

    key: str
    record: str
    told: str
    at: str
    done: str = ""


SENT, TURNED = "sent", "turned"


class Tried(msgspec.Struct, frozen=True):
    """A letter that went to the server; it is `certain` where the server took it."""

    key: str
    record: str
    told: str
    at: str
    certain: bool


class Journal:
    """The file of one mailing, held so that no other process sends the same."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def write(self, line: Line) -> None:
        """Add a line, on disk when this returns."""
        os.write(self._handle, msgspec.json.encode(line) + b"\n")
        os.fsync(self._handle)

    def tried(self) -> list[Tried]:
        """Return the letters that went out, or perhaps did."""
        size = os.fstat(self._handle).st_size
        lines = _lines(os.pread(self._handle, size, 0))
        begun = {line.key: line for line in lines if not line.done}
        done = {line.key: line.done for line in lines if line.done}
        return [
            Tried(key, line.record, line.told, line.at, done.get(key) == SENT)
            for key, line in begun.items()
            if done.get(key) != TURNED
        ]

    def forget(self) -> None:
        """Empty the file: what it says is in the store. It stays as long as it is held."""
        os.ftruncate(self._handle, 0)
        os.fsync(self._handle)


@contextmanager
def journal(path: Path) -> Iterator[Journal]:
    """Hold a mailing's journal. Raises LockTimeout where another process sends the mailing."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = held(path, os.O_APPEND)
        sync_folder(path.parent)
    except OSError as error:
        raise StoreUnreadable(f"cannot write {path}: {error.strerror or error}") from None
    if handle is None:
        raise LockTimeout("this mailing is being sent by another process", hint="wait for it")
    try:
        yield Journal(handle)
    finally:
        with suppress(OSError):
            if os.fstat(handle).st_size == 0:
                path.unlink()
        os.close(handle)


def _lines(content: bytes) -> Sequence[Line]:
    found = []
    for each in content.splitlines():
        with suppress(msgspec.DecodeError):  # the last line of a process that was killed
            found.append(msgspec.json.decode(each, type=Line))
    return found
