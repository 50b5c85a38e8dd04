"""The text of a letter's body: its plain parts, else its HTML, else what comes nearest, which is told."""

from __future__ import annotations

import re
from email.errors import InvalidBase64LengthDefect
from email.message import Message as Mail
from typing import TYPE_CHECKING

import msgspec

from crmctl.importer.html_text import html_text, is_cut_short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MOST_PARTS = 200
_MOST_HTML = 1024 * 1024
_UNSEEN = re.compile(r"[^\t\n\r\f\x20-\x7e\x85\xa0-\ufffc\U00010000-\U0010ffff]")
"""What no text has: control characters, and what stands for bytes that cannot be read."""


class _Found(msgspec.Struct):
    """What the parts hold; `nearest` are those that are text though they do not say so, `other` that there are more."""

    plain: list[str] = msgspec.field(default_factory=list)
    html: list[str] = msgspec.field(default_factory=list)
    nearest: list[str] = msgspec.field(default_factory=list)
    other: bool = False
    broken: bool = False


class Body:
    """Reads the text of a letter; `decode` makes text of bytes in an encoding, `notes` tells what was lost."""

    def __init__(self, mail: Mail, decode: Callable[[bytes, str], str]) -> None:
        self._mail = mail
        self._decode = decode
        self._found = _Found()
        self.notes: list[str] = []

    def text(self, *, whole: bool) -> str:
        """Return the text; `whole` is whether the letter is all there. Where there is more than text, none is told."""
        for part in self._parts():
            try:
                self._read(part)
            except Exception:  # slips of the parser on hostile letters are of many kinds
                self.notes.append("a part of it cannot be read")
        found = self._found
        text = _joined(found.plain) or self._html()
        if text and found.broken:
            self.notes.append("a part of it is a broken multipart: left out")
        text = text or self._nearest()
        if not text and (found.other or not whole):
            self.notes.append("no text in it can be read: what it holds is left out")
        return text

    def _html(self) -> str:
        parts = [each[:_MOST_HTML] for each in self._found.html]
        text = _joined([html_text(each) for each in parts])
        broken = [each for each in parts if is_cut_short(each)]
        if text and broken:
            self.notes.append("its HTML is broken: text may be missing")
        self._found.nearest += broken
        return text

    def _nearest(self) -> str:
        text = _joined(self._found.nearest)
        if text:
            self.notes.append("its parts cannot be told apart, or are no plain text: kept as they came")
        return text

    def _read(self, part: Mail) -> None:
        """Put a part where it belongs."""
        kind, found = part.get_content_type(), self._found
        if part.get_content_disposition() == "attachment":
            found.other = True
        elif kind == "text/plain":
            found.plain.append(self._of(part))
        elif kind == "text/html":
            found.html.append(self._of(part))
        else:
            self._read_other(part)

    def _read_other(self, part: Mail) -> None:
        """Keep what says that it is no text and yet reads as some: broken multiparts are the letter's own text."""
        broken = part.get_content_maintype() == "multipart"
        if broken:
            # What holds parts is never encoded as a whole, whatever it says.
            del part["Content-Transfer-Encoding"]
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or not content.strip():
            return
        self._found.broken |= broken
        if part.get_content_maintype() in ("multipart", "text"):
            text = self._decode(content, part.get_content_charset("") or "")
            self._found.nearest.append(text.strip())
        elif _UNSEEN.search(text := content.decode("utf-8", "replace")):
            self._found.other = True
        else:
            self._found.nearest.append(text.strip())

    def _of(self, part: Mail) -> str:
        content = part.get_payload(decode=True)
        if any(isinstance(each, InvalidBase64LengthDefect) for each in part.defects):
            self.notes.append("a part of it is damaged: kept as it came")
        if not isinstance(content, bytes):
            return ""
        return self._decode(content, part.get_content_charset("") or "").strip()

    def _parts(self) -> Iterator[Mail]:
        """Yield the parts that hold no others; of letters that are attached nothing."""
        stack, seen = [self._mail], 0
        while stack and seen < _MOST_PARTS:
            part, seen = stack.pop(), seen + 1
            inner = part.get_payload() if part.is_multipart() else None
            if not isinstance(inner, list):
                yield part
            elif _is_attached(part):
                self._found.other = True
            else:
                stack += [each for each in reversed(inner) if isinstance(each, Mail)]
        if stack:
            self.notes.append(f"only its first {_MOST_PARTS} parts are read")


def _is_attached(part: Mail) -> bool:
    try:
        return part.get_content_maintype() == "message"
    except Exception:  # the same
        return False


def _joined(parts: list[str]) -> str:
    return "\n\n".join(each for each in parts if each)
