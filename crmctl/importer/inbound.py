"""A message as a file has it: the same keys from every format, checked, or the reason why it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from crmctl.errors import BadValue
from crmctl.model.field import Field
from crmctl.model.field_types.base import SEPARATOR
from crmctl.model.message import Message, Sender
from crmctl.text import is_blank, names_hint, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crmctl.model.field import Conventions

ERROR = "_error"
ADDED = ("_file", "_place", ERROR)
"""What a file of rejected messages has beyond the keys they came with."""
RAW = "_raw"
"""The key, in such a file, of what could not be read as an object at all."""
_KEYS = ("channel", "from", "text", "at", "id", "subject")
_SENDER_KEYS = ("id", "name", "phone", "email")
LONGEST_LINE = 1000
"""Characters of a name, a subject and the like."""
_SHAPE = 'write it like {"channel": "telegram", "from": {"id": "77", "name": "Ирина"}, "text": "..."}'


class Inbound(msgspec.Struct, frozen=True):
    """A message of a file, or `reason` why there is none. `original` is what the file of rejects gets of it.

    `place` is where in the file it stands, `line 3` or `message 3`, empty where the file is one message.
    `again` is one that an earlier run rejected.
    """

    place: str
    original: Mapping[str, object]
    message: Message | None = None
    reason: str = ""
    notes: tuple[str, ...] = ()
    again: bool = False


def inbound(
    place: str, document: Mapping[str, object], conventions: Conventions, notes: tuple[str, ...] = ()
) -> Inbound:
    """Return the message that an object is, or the reason why it is none."""
    original = {name: value for name, value in document.items() if name not in ADDED}
    try:
        message = _message(original, conventions)
    except BadValue as error:
        hint = f" ({error.hint})" if error.hint else ""
        return Inbound(place, original, reason=f"{error.reason}{hint}")
    return Inbound(place, original, message, notes=(*notes, *_passed_over(original)))


def _message(document: Mapping[str, object], conventions: Conventions) -> Message:
    sender = _sender(document.get("from"), conventions)
    channel = _line("channel", document.get("channel"))
    if not channel:
        raise BadValue("channel is missing", hint=_SHAPE)
    text = _text("text", document.get("text"), conventions.longest).strip()
    at = _moment(_line("at", document.get("at")), conventions)
    subject, own_id = _line("subject", document.get("subject")), _line("id", document.get("id"))
    return Message(channel, sender, "" if is_blank(text) else text, subject, at, own_id)


def _sender(value: object, conventions: Conventions) -> Sender:
    if value is None:
        raise BadValue("from is missing", hint=_SHAPE)
    if not isinstance(value, dict):
        raise BadValue("from is not an object", hint=_SHAPE)
    found = Sender(**{name: _line(f"from.{name}", value.get(name)) for name in _SENDER_KEYS})
    for name in ("id", "phone", "email"):
        if SEPARATOR in getattr(found, name):
            raise BadValue(f"from.{name} has a {SEPARATOR}, which stands between the values of a field")
    if found.phone:
        number = _checked("from.phone", found.phone, Field("phone", "phone"), conventions)
        found = msgspec.structs.replace(found, number=str(number))
    if found.email:
        address = _checked("from.email", found.email, Field("email", "email"), conventions)
        found = msgspec.structs.replace(found, email=str(address))
    if not (found.reach or found.name):
        raise BadValue("from names nobody", hint="it has an id, a name, a phone or an email")
    return found


def _moment(text: str, conventions: Conventions) -> str:
    # In a file there is no today: what another program wrote is a date, or none.
    plain = msgspec.structs.replace(conventions, shorthand=False)
    return str(_checked("at", text, Field("at", "datetime"), plain)) if text else ""


def _checked(name: str, text: str, field: Field, conventions: Conventions) -> object:
    try:
        return field.parse(text, conventions)
    except BadValue as error:
        raise BadValue(f'{name} "{visible(text[:60])}": {error.reason}', hint=_of_files(error.hint)) from None


def _of_files(hint: str | None) -> str | None:
    # Options of the import are none of the inbox.
    return hint.partition(", or declare")[0] if hint else None


def _line(name: str, value: object) -> str:
    """Return a value that is one line of text."""
    found = " ".join(_text(name, value, LONGEST_LINE).split())
    return "" if is_blank(found) else found


def _text(name: str, value: object, longest: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadValue(f"{name} is no text")
    try:
        return Field(name, "text").type.checked(value, longest)
    except BadValue as error:
        raise BadValue(f"{name} {error.reason}") from None


def _passed_over(document: Mapping[str, object]) -> list[str]:
    """Return a note on keys that mean nothing here, with the one that may be meant."""
    sender = document.get("from")
    unknown: list[tuple[str, str, tuple[str, ...]]] = []
    unknown += [(name, name, _KEYS) for name in document if name not in _KEYS]
    if isinstance(sender, dict):
        unknown += [(f"from.{name}", name, _SENDER_KEYS) for name in sender if name not in _SENDER_KEYS]
    return [_unknown(shown, name, known) for shown, name, known in unknown]


def _unknown(shown: str, name: str, known: tuple[str, ...]) -> str:
    return f'passed over: "{visible(shown[:60])}", which is no key ({names_hint(name, known, "keys")})'
