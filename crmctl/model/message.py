"""Inbound messages: what somebody wrote to the workspace's people, and what makes two of them one.

In a record's history a message is an entry with its text, and the record counts them, as it does notes.
"""

import msgspec

from crmctl.model.keys import digest, message_key
from crmctl.text import fold

MESSAGE = "message"
"""The operation of an entry that is a message; the first of a new record stands in the entry of its creation."""
COUNT = "message_count"
"""The field that counts a record's messages."""
EMAIL = "email"
"""The channel of letters."""


class Sender(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who wrote, as far as the channel knows: the messenger's id, a name, a phone, an address.

    `number` is the phone as fields keep it, in E.164 where it is valid; empty where nobody looked.
    """

    id: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    number: str = ""

    @property
    def reach(self) -> str:
        """What tells the sender from others, however written: the id, else the phone or the address; or nothing."""
        return self._reach(self.number or self.phone)

    @property
    def former_reach(self) -> str:
        """The same as older histories have it: of a phone the digits that were written."""
        return self._reach(self.phone)

    def _reach(self, phone: str) -> str:
        if phone and not self.id:
            return "".join(filter(str.isdigit, phone))
        return fold(self.id.removeprefix("@") or self.email)

    @property
    def label(self) -> str:
        """How people are told of the sender: `Ирина (+380501234567)`."""
        reach = self.email or self.phone or self.id
        return f"{self.name} ({reach})" if self.name and reach else self.name or reach


class Message(msgspec.Struct, frozen=True):
    """A message as it came in. `at` is when, in kept form, empty where that is not said; `id` the channel's own."""

    channel: str
    sender: Sender
    text: str = ""
    subject: str = ""
    at: str = ""
    id: str = ""

    @property
    def key(self) -> str:
        """What history knows it by when it comes again, and in it what its sender is known by."""
        return self._key(fold(self.channel), self.sender.reach)

    @property
    def former_key(self) -> str:
        """The key that it has in older histories, which took channel and phone as they were written."""
        return self._key(self.channel, self.sender.former_reach)

    def _key(self, channel: str, reach: str) -> str:
        """Return a key: of the message, of its sender if more than a name is known, of the channel an id holds in."""
        what = ("id", self.id) if self.id else ("text", self.subject, self.text, self.at)
        own = _digest(channel, reach or self.sender.name, *what)
        return message_key(
            own, _digest(reach) if reach else "", _digest(channel)[:6] if self.sender.id else ""
        )

    @property
    def said(self) -> str:
        """The subject and the text."""
        return "\n\n".join(part for part in (self.subject, self.text) if part)

    @property
    def note(self) -> str:
        """What the history holds of it: `telegram, Ирина (77): Здравствуйте`."""
        return f"{self.channel}, {self.sender.label}: {self.said}".removesuffix(": ")


def _digest(*parts: str) -> str:
    return digest("\0".join(parts).encode())
