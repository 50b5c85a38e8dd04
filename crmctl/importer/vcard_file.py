"""A vCard file as bytes in which ASCII stands for itself, so that each value can be in a character set of its own."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TextIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from crmctl.importer.source import Source

_CHARACTERS = 64 * 1024


class CardFile(NamedTuple):
    """The bytes and their `encoding`; `transcoded` ones were in another in the file."""

    file: BinaryIO
    encoding: str
    transcoded: bool


def card_file(source: Source, encoding: str) -> CardFile:
    """Return the file from its start, without its byte order mark."""
    if encoding == "utf-8-sig":
        file = source.binary()
        file.read(3)
        return CardFile(file, "utf-8", transcoded=False)
    if "BEGIN".encode(encoding) == b"BEGIN":
        return CardFile(source.binary(), encoding, transcoded=False)
    return CardFile(io.BufferedReader(_Utf8(source.text(encoding))), "utf-8", transcoded=True)


class _Utf8(io.RawIOBase):
    """Text as the bytes of UTF-8."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        if not self._rest:
            self._rest = self._text.read(_CHARACTERS).encode("utf-8", "replace")
        block, self._rest = self._rest[: len(view)], self._rest[len(view) :]
        view[: len(block)] = block
        return len(block)
