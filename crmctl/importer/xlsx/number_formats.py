"""How numbers of a sheet are shown: which are dates and times, and which have leading zeros."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from crmctl.importer.xlsx.xml_parts import elements

if TYPE_CHECKING:
    from crmctl.importer.xlsx.archive import Archive

_MOST_STYLES = 65_536
_LONGEST_CODE = 1024
# Ids that stand for a format without one being written: ECMA-376, part 1, 18.8.30, and those of East Asia.
_DATES = frozenset({*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)})
_TIMES = frozenset({18, 19, 20, 21, 32, 33, 34, 35, 45, 47})
_LENGTHS = frozenset({46})
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_GENERAL = re.compile(r"general|standard", re.IGNORECASE)
_ZEROS = re.compile(r"0{2,32}")


class NumberFormat(msgspec.Struct, frozen=True):
    """What a style makes of numbers: a `date` (perhaps with a time), a `time`, a `length` of time, or `zeros`."""

    kind: str
    digits: int = 0


def cell_formats(archive: Archive, part: str) -> list[NumberFormat | None]:
    """Return, by the number of each cell style, what it makes of numbers; nothing where they stay such."""
    written: dict[str, NumberFormat | None] = {}
    found: list[NumberFormat | None] = []
    for path, attributes in elements(archive, part):
        if len(found) > _MOST_STYLES or len(written) > _MOST_STYLES:
            raise archive.damaged(f"it has more than {_MOST_STYLES:,} styles")
        if path[1:] == ("numFmts", "numFmt"):
            code = attributes.get("formatCode", "")
            if len(code) > _LONGEST_CODE:
                raise archive.damaged(f"it has a number format of {len(code):,} characters")
            written[attributes.get("numFmtId", "")] = read_format(code)
        elif path[1:] == ("cellXfs", "xf"):
            number = attributes.get("numFmtId", "0")
            found.append(written[number] if number in written else _built_in(number))
    return found


def read_format(code: str) -> NumberFormat | None:
    """Return what a format's code makes of numbers, by its section for positive ones."""
    bare = _LITERAL.sub("", code)
    if _ELAPSED.search(bare):
        return NumberFormat("length")
    bare = _BRACKETS.sub("", bare).partition(";")[0]
    if _ZEROS.fullmatch(bare):
        return NumberFormat("zeros", len(bare)) if bare == code.partition(";")[0] else None
    letters = set(_GENERAL.sub("", bare).lower())
    if letters & set("dy") or ("m" in letters and not letters & set("hs")):
        return NumberFormat("date")
    return NumberFormat("time") if letters & set("hs") else None


def _built_in(number: str) -> NumberFormat | None:
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
    if at in _DATES:
        return NumberFormat("date")
    if at in _TIMES:
        return NumberFormat("time")
    return NumberFormat("length") if at in _LENGTHS else None
