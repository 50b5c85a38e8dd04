"""Text measured, cut, filled and wrapped by the columns it takes on a terminal.

Texts come here after `crmctl.text.visible`: without control characters.
"""

import re

from crmctl.patterns import pattern

# Letters, signs and box parts of which each is surely one column: most text needs no width tables.
_NARROW = pattern(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u0556"
    "\u2010-\u2015\u2018-\u201f\u2022\u2026\u20a0-\u20bf\u2116\u2500-\u259f]*"
)


def display_width(text: str) -> int:
    """Return how many columns text takes."""
    if text.isascii() or _NARROW.fullmatch(text):
        return len(text)
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def clip(text: str, width: int, ellipsis: str = "…") -> str:
    """Return text of at most `width` columns, with the ellipsis where something was cut off."""
    if display_width(text) <= width:
        return text
    room = width - len(ellipsis)
    if room < 0:
        return ellipsis[:width]
    return head(text, room).rstrip() + ellipsis


def head(text: str, width: int) -> str:
    """Return as much of the beginning as fits, never half of a character with its marks."""
    if _NARROW.fullmatch(text):
        return text[:width]
    from wcwidth import iter_graphemes

    taken = ""
    for grapheme in iter_graphemes(text):
        # Measured together: a mark that begins one may take another width behind what is before it.
        if display_width(taken + grapheme) > width:
            break
        taken += grapheme
    return taken


def pad(text: str, width: int) -> str:
    """Return text filled up with spaces on the right."""
    return text + " " * (width - display_width(text))


def wrap(text: str, width: int | None) -> list[str]:
    """Return the lines of a text, of at most `width` columns where one is given; longer words are broken."""
    lines = text.replace("\r\n", "\n").expandtabs(4).split("\n")
    if width is None:
        return lines
    return [part for line in lines for part in _wrap_line(line, width)]


def _wrap_line(line: str, width: int) -> list[str]:
    if display_width(line) <= width:
        return [line]
    parts, current = [], ""
    for word in re.findall(r" *[^ ]+", line):
        if display_width(current + word) <= width:
            current += word
            continue
        if current:
            parts.append(current)
        *whole, current = _broken(word.lstrip(" ") if parts else word, width)
        parts += whole
    return [*parts, current]


def _broken(word: str, width: int) -> list[str]:
    """Return the pieces of a word that is longer than a line."""
    if _NARROW.fullmatch(word):
        return [word[at : at + width] for at in range(0, len(word), width)]
    from wcwidth import iter_graphemes

    pieces = [""]
    for grapheme in iter_graphemes(word):
        if pieces[-1] and display_width(pieces[-1] + grapheme) > width:
            pieces.append("")
        pieces[-1] += grapheme
    return pieces
