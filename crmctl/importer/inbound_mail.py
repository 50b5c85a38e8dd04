"""A letter as a message: its sender, subject, date and text, whatever its encodings; attachments are left out.

Letters come from strangers: headers and bodies may be anything, and whatever cannot be read is replaced and told,
never a reason to stop.
"""

from __future__ import annotations

import email
import re
from datetime import UTC
from email.header import decode_header
from email.policy import compat32
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from crmctl.dates import stored_moment
from crmctl.errors import BadValue, WrongUse
from crmctl.file_formats import codec_of
from crmctl.importer.inbound import LONGEST_LINE
from crmctl.importer.inbound_body import Body
from crmctl.model.message import EMAIL
from crmctl.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 8 * 1024 * 1024
"""Bytes of a letter that are looked at: what comes after them is attachments."""
_LONGEST_HEADER = 8000
"""Characters of a header that are looked at: those of a line, each of them encoded in the longest way."""
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
        self._whole = len(content) < LONGEST
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
        body = Body(self._mail, self._text_of)
        text = body.text(whole=self._whole)
        self.notes += body.notes
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ").strip()
        if len(text) > self._longest:
            self.notes.append(f"cut after {self._longest:,} characters")
        return text[: self._longest].rstrip()

    def _text_of(self, content: bytes, charset: str) -> str:
        for encoding in filter(None, (charset, "utf-8")):
            try:
                text = content.decode(_codec(encoding))
                text.encode()  # UTF-7 can write halves of characters
                return text
            except WrongUse:
                self.notes.append(f'its encoding "{visible(encoding[:60])}" is unknown: read as UTF-8')
            except ValueError:
                continue
        self._lost += 1
        return content.decode("utf-8", "replace")

    def _raw(self, name: str) -> str:
        """Return a header in one line, bytes beyond ASCII read as UTF-8; empty where it is missing."""
        text = _FOLD.sub(" ", str(self._headers.get(name, ""))[:_LONGEST_HEADER])
        return self._text_of(text.encode("utf-8", "surrogateescape"), "").replace("\0", " ").strip()

    def _decoded(self, name: str) -> str:
        text = " ".join(self._unencoded(self._raw(name)).split())
        if len(text) > LONGEST_LINE or len(str(self._headers.get(name, ""))) > _LONGEST_HEADER:
            text = text[:LONGEST_LINE]
            self.notes.append(f"its {name} is cut after {len(text):,} characters")
        return text

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


def _codec(charset: str) -> str:
    """Return the codec of an encoding. Letters may be in UTF-7, as files may not. Raises WrongUse."""
    return "utf-7" if charset.lower().endswith(("utf-7", "utf7")) else codec_of(charset)


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
