"""The file that is imported: hashed while it is read, and looked at again before anything is written."""

from __future__ import annotations

import io
import os
import stat
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, TextIO

from crmctl.errors import CrmError, NotFound, Refused, WrongUse

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BLOCK = 256 * 1024
_KEPT_IN_MEMORY = 16 * 1024 * 1024


class Source:
    """An input file, or standard input as `-`; `name` is how messages call it. Its `content` may be given, too.

    It may be read from its start any number of times. What is no plain file is copied aside first.
    """

    def __init__(self, path: str, content: bytes | None = None) -> None:
        """Open the file. Raises NotFound, and WrongUse for a folder or what may not be read."""
        self.name = "standard input" if path == "-" else path
        self._path = path
        self._digest = ""
        self._reading: _Hashed | None = None
        try:
            self._file, self._status = _opened(path) if content is None else (io.BytesIO(content), None)
        except FileNotFoundError:
            raise NotFound(f"{path} does not exist") from None
        except IsADirectoryError:
            raise WrongUse(f"{path} is a folder", hint="name the files to import") from None
        except OSError as error:
            raise _unreadable(self.name, error) from None

    def __enter__(self) -> Self:
        """Return the source itself; leaving closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    @property
    def is_plain(self) -> bool:
        """Whether it is a plain file, and no stream that can be read only once."""
        return self._status is not None

    def is_in_place(self) -> bool:
        """Tell whether the path still leads to the plain file that was read."""
        try:
            now = Path(self._path).stat()
        except OSError:
            return False
        return self._status is not None and _identity(now) == _identity(self._status)

    @property
    def size(self) -> int:
        """How many bytes the file has. Ends any reading of it."""
        return self._file.seek(0, os.SEEK_END)

    def part(self, start: int, size: int) -> bytes:
        """Return some bytes of the file. Ends any reading of it."""
        try:
            self._file.seek(start)
            return self._file.read(size)
        except OSError as error:
            raise _unreadable(self.name, error) from None

    def take_digest(self) -> None:
        """Fix what the file is before it is read here and there: `verify` holds it against that."""
        self._digest = self.digest

    def binary(self) -> BinaryIO:
        """Return the file from its start, for formats that are not text. Ends any other reading of it."""
        self._file.seek(0)
        self._reading = _Hashed(self._file, self.name)
        return io.BufferedReader(self._reading, _BLOCK)

    def text(self, encoding: str) -> TextIO:
        """Return the file from its start as text, line ends untouched. Ends any other reading of it."""
        return io.TextIOWrapper(self.binary(), encoding, newline="")

    @property
    def digest(self) -> str:
        """The SHA-256 of what was read; what was not read yet is read for it."""
        if not self._digest:
            if self._reading is None:
                self.binary()
            assert self._reading is not None
            self._digest = self._reading.finished()
        return self._digest

    def verify(self) -> None:
        """Raise Refused where the file is no longer what was read: by size, time of change and content."""
        digest = self.digest
        if self._status is None:
            return
        try:
            now = Path(self._path).stat()
            same = (now.st_size, now.st_mtime_ns) == (self._status.st_size, self._status.st_mtime_ns)
            if same and _digest_of(self._path) == digest:
                return
        except OSError:
            pass
        raise Refused(
            f"{self.name} changed while it was read: nothing was written",
            hint="import it again once it is complete",
        )


def _identity(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


class _Hashed(io.RawIOBase):
    """A file that hashes what goes through it."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._hash = sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        try:
            block = self._file.read(len(view))
        except OSError as error:
            raise _unreadable(self._name, error) from None
        view[: len(block)] = block
        self._hash.update(block)
        return len(block)

    def finished(self) -> str:
        while block := self._file.read(_BLOCK):
            self._hash.update(block)
        return self._hash.hexdigest()


def _opened(path: str) -> tuple[BinaryIO, os.stat_result | None]:
    """Return the file and, for a plain one, its status; what can be read only once is copied."""
    if path == "-":
        if sys.stdin is None:
            raise WrongUse("there is no standard input to read")
        return _copied(sys.stdin.buffer), None
    file = Path(path).open("rb", buffering=0)  # noqa: SIM115 - closed by the source
    status = os.fstat(file.fileno())
    if stat.S_ISREG(status.st_mode):
        return file, status
    with file:
        return _copied(file), None


def _copied(stream: BinaryIO) -> BinaryIO:
    import tempfile

    spool = tempfile.SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY)  # noqa: SIM115 - closed by the source
    while block := stream.read(_BLOCK):
        spool.write(block)
    return spool  # type: ignore[return-value]


def _digest_of(path: str) -> str:
    found = sha256()
    with Path(path).open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _unreadable(name: str, error: OSError) -> CrmError:
    return WrongUse(f"cannot read {name}: {error.strerror or error}")
