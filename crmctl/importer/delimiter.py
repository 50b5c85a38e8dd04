"""What separates the cells of a line: as declared, else the likeliest of four on the header line."""

import re
from collections.abc import Iterator

from crmctl.errors import WrongUse
from crmctl.text import visible

CANDIDATES = ",;\t|"
_NAMES = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "\\t": "\t",
    "pipe": "|",
    "space": " ",
    "colon": ":",
}
_CLOSED = re.compile(r'(?:(?<=[,;\t|])|^)"(?:[^"]|"")*+"(?=[,;\t|\r\n]|$)')
_OPEN = re.compile(r'(?:[,;\t|]|^)"')
_DECLARED = re.compile(r"sep=(.)[\r\n]*", re.IGNORECASE)
_LONGEST_HEADER = 64 * 1024


def declared_delimiter(text: str) -> str:
    """Return the delimiter that an option names by itself or by a word; empty for none. Raises WrongUse."""
    found = _NAMES.get(text.lower(), text)
    if len(found) > 1 or found.isalnum() or found in ('"', "\r", "\n", "\0"):
        raise WrongUse(
            f'"{visible(text)}" cannot separate cells', hint="write --delimiter ';' or comma, tab or pipe"
        )
    return found


def delimiter_line(line: str) -> str:
    """Return the delimiter of a line `sep=;`, as spreadsheets write above the header; empty for others."""
    match = _DECLARED.fullmatch(line)
    return match[1] if match else ""


def header_lines(lines: Iterator[str], first: str) -> list[str]:
    """Return the lines of the header: more than one where a name in quotes has line breaks."""
    found, size = [first], len(first)
    while _OPEN.search(_CLOSED.sub("", "".join(found))) and size < _LONGEST_HEADER:
        line = next(lines, "")
        if not line:
            break
        found.append(line)
        size += len(line)
    return found


def found_delimiter(header: str) -> str:
    """Return the candidate that stands most often outside quotes; the comma where none does."""
    bare = _CLOSED.sub("", header)
    return max(CANDIDATES, key=bare.count)
