"""Letters of an mbox, one after another: each begins with a `From ` line, which its own text has quoted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crmctl.importer.inbound_mail import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmctl.importer.source import Source

_HEADER = re.compile(rb"[!-9;-~]+:")
_QUOTED = re.compile(rb">+From ")
_LONGEST_LINE = 64 * 1024


def letters(source: Source) -> Iterator[bytes]:
    """Yield the letters; of a very long one its beginning."""
    lines: list[bytes] = []
    size, begun = 0, False
    for line, first in _marked(source):
        if first:
            if begun:
                yield b"".join(lines)
            lines, size, begun = [], 0, True
        elif size < LONGEST:
            lines.append(line[1:] if _QUOTED.match(line) else line)
            size += len(line)
    if begun:
        yield b"".join(lines)


def _marked(source: Source) -> Iterator[tuple[bytes, bool]]:
    """Yield each line, and whether it begins a letter: the first does, others after an empty line, before a header."""
    file = source.binary()
    blank, held, first = True, b"", True
    while line := file.readline(_LONGEST_LINE):
        if held:
            yield held, first or _HEADER.match(line) is not None
            blank, held, first = False, b"", False
        if blank and line.startswith(b"From "):
            held = line
            continue
        yield line, False
        blank = not line.strip(b"\r\n")
    if held:
        yield held, first
