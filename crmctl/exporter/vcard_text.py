"""The one way into a vCard: lines that are escaped and folded, whatever is in a value (RFC 6350, RFC 2426)."""

import re
from collections.abc import Sequence

_LONGEST = 75
_BREAK = re.compile(r"\r\n|\r|\n")
_KINDS = {"\r\n": "X-EOL=CRLF", "\r": "X-EOL=CR"}
"""The parameter of a value all of whose line breaks are of a kind that vCard cannot write."""
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_CARETS = str.maketrans({"^": "^^", "\n": "^n", '"': "^'"})


def escaped(text: str) -> str:
    """Return text as a value or as a part of one; all its line breaks are LF, as vCard has one kind."""
    return _one_kind_of_break(text).translate(_ESCAPES)


def parameter(name: str, text: str) -> str:
    """Return a parameter with any text as its value (RFC 6868)."""
    return f'{name}="{_one_kind_of_break(text).translate(_CARETS)}"'


def content_line(name: str, parts: Sequence[str], mark: str = ";", *, params: str = "") -> bytes:
    """Return a property with the parts of its value, folded at 75 octets and never within a character."""
    given = [params] if params else []
    if any("\r" in part for part in parts):
        kinds = set(_BREAK.findall(" ".join(parts)))
        given += [_KINDS[kind] for kind in kinds if len(kinds) == 1]
    head = ";".join([name, *given])
    line = f"{head}:{mark.join(map(escaped, parts))}".encode()
    if len(line) <= _LONGEST:
        return line + b"\r\n"
    cut = _cut(line, 0, _LONGEST)
    found = [line[:cut]]
    while cut < len(line):
        # The space that continues a line is one of its octets.
        end = _cut(line, cut, _LONGEST - 1)
        found.append(line[cut:end])
        cut = end
    return b"\r\n ".join(found) + b"\r\n"


def _cut(line: bytes, start: int, size: int) -> int:
    end = start + size
    while end < len(line) and line[end] & 0xC0 == 0x80:
        end -= 1
    return end


def _one_kind_of_break(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
