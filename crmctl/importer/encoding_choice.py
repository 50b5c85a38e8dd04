"""Which of the encodings that a profile declares a file is in, where the file itself does not tell."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmctl.file_formats import codec_of

if TYPE_CHECKING:
    from crmctl.importer.source import Source

_BLOCK = 256 * 1024


def readable_in(source: Source, encodings: Sequence[str]) -> str:
    """Return the first encoding in which the whole file can be read, empty where none is.

    Raises WrongUse for one that does not exist.
    """
    return next((name for name in encodings if _can_be_read(source, codec_of(name))), "")


def _can_be_read(source: Source, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file = source.binary()
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
