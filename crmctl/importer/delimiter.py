"""What separates the cells of a file: what its first line declares, else the likeliest of four in its header."""

import re
from collections.abc import Iterator

CANDIDATES = ",;\t|"
NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""What delimiters are called in messages."""
_CLOSED = re.compile(r'(?:(?<=[,;\t|])|^)"(?:[^"]|"")*+"(?=[,;\t|\r\n]|$)')
_OPEN = re.compile(r'(?:[,;\t|]|^)"')
_DECLARED = re.compile(r"sep=(.)[\r\n]*", re.IGNORECASE)
_LONGEST_HEADER = 64 * 1024


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
