"""Which reader a file of messages goes to: found out from what it holds, its name only where that tells nothing."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from crmctl.errors import BadValue
from crmctl.importer import inbound_json
from crmctl.importer.inbound import RAW, Inbound, inbound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmctl.importer.source import Source
    from crmctl.model.field import Conventions

_HEADER = re.compile(rb"[!-9;-~]+:[ \t\r\n]")
_SPACE = b" \t\r\n"
_RAW_SHOWN = 4000


def read_messages(source: Source, conventions: Conventions) -> Iterator[Inbound]:
    """Yield the messages of a file, good and bad. Raises Refused for one that cannot be read at all."""
    match message_format(source):
        case "mbox":
            from crmctl.importer.inbound_mbox import letters

            for number, content in enumerate(letters(source), 1):
                yield _of_letter(f"message {number}", content, conventions)
        case "eml":
            from crmctl.importer.inbound_mail import LONGEST

            content = source.binary().read(LONGEST).removeprefix(codecs.BOM_UTF8).lstrip(_SPACE)
            yield _of_letter("", content, conventions)
        case _:
            yield from inbound_json.read(source, conventions)


def message_format(source: Source) -> str:
    """Return `mbox`, `eml` or `json`."""
    head = source.part(0, 1024).removeprefix(codecs.BOM_UTF8).lstrip(_SPACE)
    if head.startswith(b"From "):
        return "mbox"
    if head[:1] in (b"{", b"["):
        return "json"
    return "eml" if _HEADER.match(head) or (head and source.name.lower().endswith(".eml")) else "json"


def _of_letter(place: str, content: bytes, conventions: Conventions) -> Inbound:
    from crmctl.importer.inbound_mail import letter_document

    try:
        document, notes = letter_document(content, conventions.longest)
    except BadValue as error:
        shown = content[:_RAW_SHOWN].decode("utf-8", "replace")
        return Inbound(place, {RAW: shown}, reason=error.reason)
    return inbound(place, document, conventions, notes)
