"""Rejected cards as a file of cards that can be mended and imported as it is: each as it stood, with what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from crmctl.importer.vcard_file import card_file
from crmctl.importer.vcard_lines import physical_lines
from crmctl.text import visible
from crmctl.whole_file import whole_file

if TYPE_CHECKING:
    from crmctl.importer.rejects import Reject
    from crmctl.importer.source import Source

ERROR = b"X-CRMCTL-ERROR"
"""The property that tells what is wrong with a card; reading passes it over."""
_ERROR_LINE, _LINE_END = ERROR + b":", b"\r\n"
_BEGIN = re.compile(rb"\s*BEGIN\s*:\s*VCARD\s*", re.IGNORECASE)
_END = re.compile(rb"\s*END\s*:\s*VCARD\s*", re.IGNORECASE)
_AGENT = re.compile(rb"\s*(?:[A-Za-z0-9-]+\.)?AGENT\s*(?:;[^:]*)?:\s*", re.IGNORECASE)


class Cards(NamedTuple):
    """A file of cards that was read, and the encoding that it was read in."""

    source: Source
    encoding: str


def write_rejected_cards(path: str, files: Mapping[str, Cards], rejected: Sequence[Reject]) -> int:
    """Write the cards as they stand in their files, each with what is wrong with it; return how many.

    The file is for its owner alone, and written whole or not at all. It is in the encoding that was declared
    for the cards.
    """
    wanted: dict[str, dict[int, Reject]] = {}
    for row in rejected:
        wanted.setdefault(row.file, {})[row.line] = row
    with whole_file(path) as out:
        for name, rows in wanted.items():
            out.writelines(_rejected(files[name], rows))
    return len(rejected)


def _rejected(cards: Cards, rows: Mapping[int, Reject]) -> Iterator[bytes]:
    """Yield the lines of the cards that begin on these lines."""
    file, encoding, _ = card_file(cards.source, cards.encoding)
    copying = _Copying()
    for number, line in physical_lines(file):
        if row := rows.get(number):
            told = _ERROR_LINE + visible("; ".join(row.reasons)).encode(encoding, "replace") + _LINE_END
            begins = _BEGIN.fullmatch(line) is not None
            yield line + _LINE_END + told if begins else told + line + _LINE_END
            copying = _Copying(on=True)
        elif copying.takes(line):
            yield line + _LINE_END


class _Copying:
    """Which of the lines that follow belong to a card: those up to its end, or to the beginning of another."""

    def __init__(self, *, on: bool = False) -> None:
        self._on = on
        self._agent = False
        self._depth = 0
        self._told = False

    def takes(self, line: bytes) -> bool:
        """Tell whether the next line belongs to the card. What an earlier import told of it does not."""
        if not self._on:
            return False
        self._told = line.startswith(ERROR) or (self._told and line[:1] in (b" ", b"\t"))
        begins = _BEGIN.fullmatch(line) is not None
        if begins and not self._agent and not self._depth:
            self._on = False
        elif begins:
            self._depth += 1
        elif _END.fullmatch(line):
            self._on = self._depth > 0
            self._depth -= 1
            return True
        self._agent = _AGENT.fullmatch(line) is not None
        return self._on and not self._told
