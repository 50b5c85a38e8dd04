"""The content lines of a vCard file: bytes to lines, and folded lines to whole ones, in bounded memory.

Knows the three ways to fold: white space before a line's rest, the soft breaks of quoted-printable (2.1), and
base64 that goes on without white space.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

LONGEST = 1024 * 1024
"""Bytes of one property beyond which it is left out."""
_BLOCK = 256 * 1024
_QUOTED = re.compile(rb"[^:]*;\s*(?:ENCODING\s*=\s*)?QUOTED-PRINTABLE\s*[;:]", re.IGNORECASE)
_BASE64_HEAD = re.compile(rb"[^:]*;\s*(?:ENCODING\s*=\s*)?B(?:ASE64)?\s*[;:]", re.IGNORECASE)
_BASE64 = re.compile(rb"[A-Za-z0-9+/]+=*\s*")
_BOUND = re.compile(rb"\s*(?:BEGIN|END)\s*:\s*VCARD\s*", re.IGNORECASE)


class ContentLine(NamedTuple):
    """A property as it stands in the file, unfolded; `number` is its first line, `cut` tells that it goes on."""

    number: int
    text: bytes
    cut: bool = False


def content_lines(file: BinaryIO) -> Iterator[ContentLine]:
    """Yield the lines of a file that are not blank, each with what it is continued by."""
    draft: _Draft | None = None
    for number, line in physical_lines(file):
        if draft is not None:
            if draft.goes_on(line):
                continue
            yield draft.line()
            draft = None
        if line.strip():
            draft = _Draft(number, line)
    if draft is not None:
        yield draft.line()


def physical_lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file without their ends: LF, CRLF, CR, and CRCRLF, which some phones write.

    Of a line without an end in sight only the beginning is kept.
    """
    number, rest = 0, b""
    while block := file.read(_BLOCK):
        whole = rest + block
        cut = whole.rfind(b"\n") + 1
        if not cut and len(whole) > LONGEST:
            cut = whole.rfind(b"\r", 0, -2) + 1
        rest = whole[cut:] if cut else whole[: LONGEST + 1]
        for line in _lines(whole[:cut]):
            number += 1
            yield number, line
    for line in _lines(rest):
        number += 1
        yield number, line


def _lines(whole: bytes) -> list[bytes]:
    return whole.replace(b"\r\r\n", b"\n").splitlines()


class _Draft:
    """A content line while it is put together."""

    __slots__ = ("_number", "_parts", "_size", "_soft")

    def __init__(self, number: int, line: bytes) -> None:
        self._number = number
        self._soft = line.endswith(b"=") and _QUOTED.match(line) is not None
        self._parts = [line[:-1] if self._soft else line]
        self._size = len(line)

    def goes_on(self, line: bytes) -> bool:
        """Take the next line of the file where it belongs to this one."""
        if self._soft:
            if _BOUND.fullmatch(line):
                return False
            self._soft = line.endswith(b"=")
            self._add(line[:-1] if self._soft else line)
            return True
        if line[:1] in (b" ", b"\t"):
            self._soft = line.endswith(b"=") and _QUOTED.match(self._parts[0]) is not None
            self._add(line[1:-1] if self._soft else line[1:])
            return True
        if b":" not in line and _BASE64.fullmatch(line) and _BASE64_HEAD.match(self._parts[0]):
            self._add(line)
            return True
        return False

    def _add(self, line: bytes) -> None:
        self._size += len(line)
        if self._size <= LONGEST:
            self._parts.append(line)

    def line(self) -> ContentLine:
        """Return the whole of it."""
        cut = self._size > LONGEST
        whole = b"".join(self._parts) if len(self._parts) > 1 else self._parts[0]
        return ContentLine(self._number, whole, cut)
