"""Letters: what is sent to whom about which record, and what a record's history keeps of it."""

import msgspec

from crmctl.text import fold

MAIL = "mail"
"""The operation that writes a letter to a record's history."""
COUNT = "letter_count"
"""The field that counts a record's letters. Each change of it is a letter, so that all of them are quick to find."""


class Letter(msgspec.Struct, frozen=True):
    """A letter about a record, written; `html` is the same as `text`, where it is not plain text alone.

    `key` is what it is known by, so that it is sent once.
    """

    record: str
    title: str
    address: str
    name: str
    subject: str
    text: str
    html: str = ""
    key: str = ""

    @property
    def told(self) -> str:
        """Return how a record's history tells of it."""
        return f'"{self.subject}" to {self.address}'


class Sender(msgspec.Struct, frozen=True):
    """Whom letters are from."""

    address: str
    name: str = ""


class MailServer(msgspec.Struct, frozen=True):
    """The server that takes our letters, and how we speak to it: `tls` is starttls, tls or none."""

    host: str
    port: int
    sender: Sender
    tls: str = "starttls"
    user: str = ""
    password: str = ""

    @property
    def place(self) -> str:
        """Return how messages name it."""
        return f"{self.host}:{self.port}"


def address_key(address: str) -> str:
    """Return what equal addresses have in common."""
    return fold(address)
