"""The texts of a workbook: the table that cells share, rich text, phonetic hints, escapes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crmctl.importer.xlsx.xml_parts import DEEPEST, TAGS, Attributes, new_parser, parsed

if TYPE_CHECKING:
    from crmctl.importer.xlsx.archive import Archive

LONGEST = 16 * 1024 * 1024
"""Characters of one text beyond which a workbook is given up."""
_MOST = 3_000_000
"""Shared texts: the sheet that used more would unpack to more than is taken."""
_MANY_PIECES = 100
_MOST_RUNS = 65_536
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_HALF = re.compile("[\ud800-\udfff]")


def unescaped(text: str) -> str:
    """Return text with `_xHHHH_` as the character it stands for; two halves of one make that one."""
    if "_x" not in text:
        return text
    found = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    if not _HALF.search(found):
        return found
    return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def shared_strings(archive: Archive, part: str) -> list[str]:
    """Return the texts that cells name by number. Raises Refused."""
    reading = _Reading(archive)
    parser = new_parser(archive.name)
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.pieces.append
    for _ in parsed(archive, part, parser):
        check_size(reading.pieces, reading.texts, archive)
    return reading.found


def check_size(pieces: list[str], texts: list[str], archive: Archive) -> None:
    """Raise Refused where what is gathered of a text so far is too much for a cell: in characters or in runs."""
    if len(pieces) > _MANY_PIECES and sum(map(len, pieces)) > LONGEST:
        raise archive.damaged(f"a text is longer than {LONGEST:,} characters")
    if len(texts) > _MOST_RUNS:
        raise archive.damaged(f"a text has more than {_MOST_RUNS:,} runs")


class _Reading:
    """The table while it is read: every `t` of an entry counts, but those of phonetic hints."""

    def __init__(self, archive: Archive) -> None:
        self.found: list[str] = []
        self.pieces: list[str] = []
        self._archive = archive
        self.texts: list[str] = []
        self._in_hint = False
        self._depth = 0

    def start(self, name: str, _attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._archive.damaged("its texts are nested too deeply")
        tag = TAGS.get(name)
        if tag == "t":
            self.pieces.clear()
        elif tag == "si":
            self.texts.clear()
        elif tag == "rPh":
            self._in_hint = True

    def end(self, name: str) -> None:
        self._depth -= 1
        tag = TAGS.get(name)
        if tag == "t":
            if not self._in_hint:
                self.texts.append("".join(self.pieces))
            self.pieces.clear()
        elif tag == "si":
            if len(self.found) == _MOST:
                raise self._archive.damaged(f"it has more than {_MOST:,} texts")
            self.found.append(unescaped("".join(self.texts)))
        elif tag == "rPh":
            self._in_hint = False
