"""The archive that a workbook is: what it claims is looked at before anything of it is unpacked."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO
from xml.parsers.expat import ExpatError

from crmctl.errors import CrmError, Refused
from crmctl.workbooks import MOST_UNPACKED

if TYPE_CHECKING:
    from crmctl.importer.source import Source

MOST_RATIO = 100
"""How many times its packed size the archive, or a large entry of it, may unpack to."""
MOST_ENTRIES = 1000
_SMALL = 10 * 1024 * 1024
_BLOCK = 64 * 1024
_LARGEST_DIRECTORY = MOST_ENTRIES * 1024
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_END_MARK, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x07"
_ENCRYPTED = 0x1
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ExpatError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    LookupError,
    OverflowError,
)
"""What the libraries below raise for bytes that are no sound archive or no sound XML."""
_DRIVE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Archive:
    """An opened archive, its entries by their names in lower case. Raises Refused for what must not be unpacked."""

    def __init__(self, source: Source) -> None:
        self.name = source.name
        with self.sound():
            file: BinaryIO = io.BufferedReader(_Parts(source), _BLOCK)
            _check_directory(file, self.name)
            self._zip = zipfile.ZipFile(file)
            self._entries = self._checked()

    def __contains__(self, part: str) -> bool:
        """Tell whether there is a part of this name."""
        return part.lower() in self._entries

    def holds(self, name: str) -> bool:
        """Tell whether a part in any folder has this name, in lower case."""
        return any(posixpath.basename(part) == name for part in self._entries)

    @contextmanager
    def sound(self) -> Iterator[None]:
        """Tell of bytes that are no sound workbook, whatever finds that, in one error. Raises Refused."""
        try:
            yield
        except _FAULTS:
            raise self.damaged() from None

    def damaged(self, what: str = "") -> CrmError:
        """Return the error for a workbook that is not what it should be."""
        told = f": {what}" if what else ""
        return Refused(
            f"{self.name} is no sound workbook{told}",
            hint="open it in a spreadsheet and save it anew as XLSX, or as CSV in UTF-8",
        )

    def blocks(self, part: str) -> Iterator[bytes]:
        """Yield the bytes of a part, some at a time. Raises Refused where it is missing or damaged."""
        if part not in self:
            raise self.damaged(f"{part} is missing")
        with self.sound(), self._zip.open(self._entries[part.lower()]) as file:
            while block := file.read(_BLOCK):
                yield block

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        entries = self._zip.infolist()
        found = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in entries}
        if len(entries) > MOST_ENTRIES:
            raise _too_many(self.name)
        unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
        if unpacked > MOST_UNPACKED:
            raise _bomb(self.name, f"it unpacks to {unpacked:,} bytes, more than {MOST_UNPACKED:,}")
        swollen = any(e.file_size > max(_SMALL, MOST_RATIO * e.compress_size) for e in entries)
        if swollen or unpacked > MOST_RATIO * packed:
            raise _bomb(self.name, f"it unpacks to more than {MOST_RATIO} times its size")
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise Refused(f"{self.name} is protected with a password", hint="save it without one")
        if len(found) < len(entries):
            raise self.damaged("two of its parts have one name")
        if any(entry.compress_type not in _PACKINGS for entry in entries):
            raise self.damaged("it is packed in a way that workbooks are not")
        return found


def resolved(base: str, target: str) -> str:
    """Return the part that a relation of the part `base` leads to; empty for an address elsewhere."""
    if _DRIVE.match(target) or target.startswith("//"):
        return ""
    joined = target if target.startswith("/") else posixpath.join(posixpath.dirname(base), target)
    return posixpath.normpath(joined).lstrip("/")


def _check_directory(file: BinaryIO, name: str) -> None:
    """Raise Refused for a list of entries too long to be read at all: it claims its size where the file ends."""
    size = file.seek(0, io.SEEK_END)
    start = max(0, size - _END.size - 0xFFFF)
    file.seek(start)
    tail = file.read()
    at = _end_record(tail)
    _, _, _, _, count, length, _, _ = _END.unpack_from(tail, at)
    if tail[max(0, at - 20) : at].startswith(_LOCATOR_64):
        file.seek(struct.unpack_from("<Q", tail, at - 12)[0])
        _, _, _, _, _, _, _, count, length, _ = _END_64.unpack(file.read(_END_64.size))
    if count > MOST_ENTRIES or length > _LARGEST_DIRECTORY:
        raise _too_many(name)


def _end_record(tail: bytes) -> int:
    """Return where the record of the archive's end begins, found as `zipfile` finds it."""
    last = len(tail) - _END.size
    if last >= 0 and tail[last:].startswith(_END_MARK) and tail.endswith(b"\0\0"):
        return last
    at = tail.rfind(_END_MARK)
    if at < 0:
        raise zipfile.BadZipFile
    return at


def _too_many(name: str) -> CrmError:
    return _bomb(name, f"it has more than {MOST_ENTRIES:,} entries")


def _bomb(name: str, why: str) -> CrmError:
    return Refused(f"{name} is not unpacked: {why}", hint="split it, or save it as CSV in UTF-8")


class _Parts(io.RawIOBase):
    """A source whose bytes are read anywhere. What goes through here is hashed later, from start to end."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence)
        self._at = max(0, (self._source.size if start is None else start) + offset)
        return self._at

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        block = self._source.part(self._at, len(view))
        view[: len(block)] = block
        self._at += len(block)
        return len(block)
