"""Inbound messages: what somebody wrote to the workspace's people, and what makes two of them one.

In a record's history a message is an entry with its text, and the record counts them, as it does notes.
"""

from hashlib import blake2b

import msgspec

from crmctl.text import fold

MESSAGE = "message"
"""The operation of an entry that is a message; the first of a new record stands in the entry of its creation."""
COUNT = "message_count"
"""The field that counts a record's messages."""
EMAIL = "email"
"""The channel of letters."""
KEY = "message:"
"""What the key of an entry begins with that is a message, and not an imported row."""


class Sender(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who wrote, as far as the channel knows: the messenger's id, a name, a phone, an address."""

    id: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""

    @property
    def reach(self) -> str:
        """What tells the sender from others, however written: the id, else the phone or the address; or nothing."""
        if self.phone and not self.id:
            return "".join(filter(str.isdigit, self.phone))
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
        what = ("id", self.id) if self.id else ("text", self.subject, self.text, self.at)
        own = _digest(self.channel, self.sender.reach or self.sender.name, *what)
        return f"{KEY}{own}:{self.reach_key}:{self.channel_key}"

    @property
    def reach_key(self) -> str:
        """What the sender is known by, empty for one who only has a name."""
        return _digest(self.sender.reach) if self.sender.reach else ""

    @property
    def channel_key(self) -> str:
        """The channel that the sender's id holds in, empty where a phone or an address is known by."""
        return _digest(self.channel)[:6] if self.sender.id else ""

    @property
    def said(self) -> str:
        """The subject and the text."""
        return "\n\n".join(part for part in (self.subject, self.text) if part)

    @property
    def note(self) -> str:
        """What the history holds of it: `telegram, Ирина (77): Здравствуйте`."""
        return f"{self.channel}, {self.sender.label}: {self.said}".removesuffix(": ")


def is_message_key(key: str) -> bool:
    """Tell whether the key of an entry is that of a message, and not of an imported row."""
    return key.startswith(KEY)


def sender_of(key: str) -> tuple[str, str]:
    """Return what the sender of the message with a key is known by, and the channel that this holds in."""
    _, reach, channel = key.removeprefix(KEY).split(":")
    return reach, channel


def _digest(*parts: str) -> str:
    return blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()
