"""Which encoding a file is in: told by its byte order mark, else declared, else UTF-8; never guessed.

What cannot be read is shown in the encodings it is likely to be in, for a person to choose.
"""

from __future__ import annotations

import codecs
import io
import re
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from crmctl.errors import CrmError, Refused
from crmctl.file_formats import codec_of
from crmctl.text import visible

if TYPE_CHECKING:
    from crmctl.importer.source import Source

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LIKELY = ("cp1251", "cp1252", "koi8-r", "cp866", "utf-8")
_UTF_8 = ("utf-8", "utf-8-sig")
_BLOCK = 256 * 1024
_AROUND = 48
_WORD = re.compile(r"[^\W\d_]+")


class Undecodable(Refused):
    """A file that is not in the encoding in which it was read."""


def encoding_of(head: bytes, declared: str = "") -> str:
    """Return the codec for a file that begins with `head`. A byte order mark wins over what was declared.

    Raises WrongUse for an encoding that does not exist.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    return codec_of(declared) if declared else "utf-8"


def undecodable(source: Source, encoding: str) -> CrmError:
    """Return the error for a file that is not in `encoding`: where, and how its line reads in likely ones."""
    offset = _first_fault(source.binary(), encoding)
    line = _line_at(source.binary(), offset, encoding)
    fault = source.part(offset, 1)
    shown = f"byte 0x{fault[0]:02x}" if fault else "its end"
    message = f"{source.name}: line {line} is not {_title(encoding)}: {shown} at offset {offset:,}"
    if encoding in _UTF_8 and _goes_beyond_ascii(source.binary(), offset):
        return Undecodable(message, hint="what stands before it is UTF-8: mend this character")
    readings = _readings(_line_around(source, offset))
    return Undecodable(
        message,
        hint=f"if that is how it should read, add --encoding {readings[0][0]}" if readings else None,
        details=[{"message": f'in {name} it reads "{text}"', "encoding": name} for name, text in readings],
    )


def _title(encoding: str) -> str:
    return {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16"}.get(encoding, encoding)


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    # The mark is itself UTF-8, and without its special codec offsets count from the file's first byte.
    return codecs.getincrementaldecoder("utf-8" if encoding == "utf-8-sig" else encoding)()


def _first_fault(file: BinaryIO, encoding: str) -> int:
    """Return the offset of the first byte that cannot be decoded."""
    decoder = _decoder(encoding)
    start = 0
    while True:
        block = file.read(_BLOCK)
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            return start - held + error.start
        if not block:
            return start
        start += len(block)


def _goes_beyond_ascii(file: BinaryIO, end: int) -> bool:
    """Tell whether any byte up to an offset is none of ASCII: where those are UTF-8, it is no accident."""
    left = end
    while left and (block := file.read(min(left, _BLOCK))):
        if not block.isascii():
            return True
        left -= len(block)
    return False


def _line_at(file: BinaryIO, offset: int, encoding: str) -> int:
    """Return the number of the line that an offset is in, with any kind of line end."""
    decoder = io.IncrementalNewlineDecoder(_decoder(encoding), translate=True)
    line, left = 1, offset
    while left and (block := file.read(min(left, _BLOCK))):
        line += str(decoder.decode(block)).count("\n")
        left -= len(block)
    return line


def _line_around(source: Source, offset: int) -> bytes:
    """Return the part of a line, of single-byte characters, around an offset."""
    start = max(0, offset - _AROUND)
    before = source.part(start, offset - start)
    after = source.part(offset, _AROUND)
    return re.split(rb"[\r\n]", before)[-1] + re.split(rb"[\r\n]", after)[0]


def _readings(line: bytes) -> list[tuple[str, str]]:
    """Return the likely encodings in which the bytes are text, the most plausible reading first."""
    found = []
    for name in _LIKELY:
        try:
            found.append((name, visible(line.decode(name))))
        except UnicodeDecodeError:
            continue
    return sorted(found, key=lambda reading: _oddity(reading[1]))


def _oddity(text: str) -> float:
    """Return how little a reading looks like words: odd ones mix alphabets or capitals within a word."""
    odd = sum(
        1 for char in text if not char.isascii() and not char.isalpha() and char not in "«»—–№°€₽ \u2019"
    )
    for word in _WORD.findall(text):
        foreign = [char for char in word if not char.isascii()]
        cyrillic = [char for char in foreign if "\u0400" <= char <= "\u04ff"]
        strange = (cyrillic and len(cyrillic) < len(word)) or len(foreign) - len(cyrillic) > len(word) / 2 > 1
        raised = any(a.islower() and b.isupper() for a, b in pairwise(word))
        odd += len(word) * (bool(strange) + raised)
    return odd
