"""A letter as a message: its sender, subject, date and text, whatever its encodings; attachments are left out.

Letters come from strangers: headers and bodies may be anything, and whatever cannot be read is replaced and told,
never a reason to stop.
"""

from __future__ import annotations

import email
import re
from datetime import UTC
from email.header import decode_header
from email.message import Message as Mail
from email.policy import compat32
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from crmctl.dates import stored_moment
from crmctl.errors import BadValue, CrmError
from crmctl.file_formats import codec_of
from crmctl.importer.html_text import html_text
from crmctl.importer.inbound import LONGEST_LINE
from crmctl.model.message import EMAIL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST = 8 * 1024 * 1024
"""Bytes of a letter that are looked at: what comes after them is attachments."""
_LONGEST_HEADER = 2000
_MOST_PARTS = 200
_MOST_HTML = 1024 * 1024
_SENDERS = ("from", "sender", "reply-to")
_EXPECTED = (*_SENDERS, "to", "date", "subject", "message-id", "received")
_FOLD = re.compile(r"\r?\n[ \t]*")
_BRACKETED = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>")
_BARE = re.compile(r"""[^\s<>"(),;:]+@[^\s<>"(),;:]+""")
_COMMENT = re.compile(r"\(([^()]*)\)")


class Letter:
    """A letter that is read; `notes` tells what was lost on the way."""

    def __init__(self, content: bytes, longest: int) -> None:
        self._longest = longest
        self._lost = 0
        self.notes: list[str] = []
        try:
            self._mail = email.message_from_bytes(content[:LONGEST], policy=compat32)
            self._headers = {name.lower(): value for name, value in reversed(list(self._mail.raw_items()))}
        except Exception:  # the parser's own slips on hostile letters are of many kinds
            raise BadValue("not an e-mail: it cannot be read") from None

    def document(self) -> dict[str, object]:
        """Return the letter under the keys of a message. Raises BadValue for what is no letter."""
        if self._headers.keys().isdisjoint(_EXPECTED):
            raise BadValue("not an e-mail: it has no headers")
        found: dict[str, object] = {"channel": EMAIL, "from": self._sender()}
        values = {
            "id": self._decoded("message-id").strip(" <>"),
            "at": self._date(),
            "subject": self._decoded("subject"),
            "text": self._text(),
        }
        if self._lost:
            self.notes.append("some characters could not be read: they are not in the encoding that is named")
        return found | {name: value for name, value in values.items() if value}

    def _sender(self) -> dict[str, str]:
        for name in _SENDERS:
            raw = self._raw(name)
            # The address comes first: a name may hold brackets once it is decoded. Some encode both.
            found = _person(raw, self._unencoded) or _person(self._unencoded(raw), str)
            if found:
                return found
        return {}

    def _date(self) -> str:
        if not (raw := self._raw("date")):
            return ""
        try:
            moment = parsedate_to_datetime(raw)
            return stored_moment(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        except (ValueError, TypeError, IndexError, OverflowError):
            self.notes.append("its date cannot be read: taken as of now")
            return ""

    def _text(self) -> str:
        plain: list[str] = []
        html: list[str] = []
        for part in self._parts():
            try:
                kind = part.get_content_type()
                if kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment":
                    (plain if kind == "text/plain" else html).append(self._body(part))
            except Exception:  # the same: a part that cannot be read is left out
                self.notes.append("a part of it cannot be read")
        text = "\n\n".join(each for each in plain if each)
        text = text or "\n\n".join(html_text(each[:_MOST_HTML]) for each in html)
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ").strip()
        if len(text) > self._longest:
            self.notes.append(f"cut after {self._longest:,} characters")
        return text[: self._longest].rstrip()

    def _parts(self) -> Iterator[Mail]:
        """Yield the parts that hold no others; of letters that are attached nothing."""
        stack, seen = [self._mail], 0
        while stack and seen < _MOST_PARTS:
            part, seen = stack.pop(), seen + 1
            inner = part.get_payload() if part.is_multipart() else None
            if not isinstance(inner, list):
                yield part
            elif not self._is_attached(part):
                stack += [each for each in reversed(inner) if isinstance(each, Mail)]

    def _is_attached(self, part: Mail) -> bool:
        try:
            return part.get_content_maintype() == "message"
        except Exception:  # the same
            return False

    def _body(self, part: Mail) -> str:
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            return ""
        return self._text_of(content, part.get_content_charset("") or "").strip()

    def _text_of(self, content: bytes, charset: str) -> str:
        for encoding in (charset, "utf-8"):
            try:
                return content.decode(codec_of(encoding)) if encoding else content.decode("utf-8")
            except (CrmError, UnicodeError, ValueError):
                continue
        self._lost += 1
        return content.decode("utf-8", "replace")

    def _raw(self, name: str) -> str:
        """Return a header in one line, bytes beyond ASCII read as UTF-8; empty where it is missing."""
        text = _FOLD.sub(" ", str(self._headers.get(name, ""))[:_LONGEST_HEADER])
        return self._text_of(text.encode("utf-8", "surrogateescape"), "").replace("\0", " ").strip()

    def _decoded(self, name: str) -> str:
        return " ".join(self._unencoded(self._raw(name)).split())[:LONGEST_LINE]

    def _unencoded(self, text: str) -> str:
        """Return text with its encoded words decoded, as it stands where they cannot be."""
        if "=?" not in text:
            return text
        try:
            parts = decode_header(text)
        except Exception:  # broken base64, and slips of the parser
            return text
        return "".join(
            part if isinstance(part, str) else self._text_of(part, charset or "").replace("\0", " ")
            for part, charset in parts
        )


def _person(text: str, decode: Callable[[str], str]) -> dict[str, str]:
    """Return the address of a header and the name beside it, nothing for one without an address."""
    bracketed, bare = _BRACKETED.findall(text), _BARE.findall(text)
    if not bracketed and not bare:
        return {}
    address = bracketed[-1] if bracketed else bare[0]
    beside = text.rpartition("<")[0] if bracketed else " ".join(_COMMENT.findall(text))
    name = " ".join(decode(beside).replace("\\", "").replace('"', " ").split()).strip(" '")
    return {"name": name, "email": address} if name and name != address else {"email": address}


def letter_document(content: bytes, longest: int) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return a letter under the keys of a message, and what was lost of it. Raises BadValue for what is none."""
    letter = Letter(content, longest)
    return letter.document(), tuple(dict.fromkeys(letter.notes))
