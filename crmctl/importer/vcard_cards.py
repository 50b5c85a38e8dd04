"""The cards of a file. A broken one is a card with a fault: the next `BEGIN:VCARD` begins another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from crmctl.errors import BadValue
from crmctl.importer.vcard_lines import LONGEST, ContentLine
from crmctl.importer.vcard_property import Head, Property, read_head, read_property

MOST_KEPT = 4 * LONGEST
"""Bytes of a card beyond which it is rejected; pictures and what else is not kept do not count."""
_EACH = 200
"""What a property takes beside its text."""
_MOST_NAMES = 100
_CUT_OFF = "is cut off: END:VCARD is missing"
_STRAY = "this is no part of a card: BEGIN:VCARD is missing"
KEPT = frozenset(
    {
        *("FN", "N", "NICKNAME", "ORG", "TITLE", "TEL", "EMAIL", "ADR", "LABEL", "BDAY", "NOTE", "URL"),
        *("IMPP", "CATEGORIES", "UID", "REV", "KIND", "VERSION", "ANNIVERSARY", "ROLE"),
        *("X-ABLABEL", "X-ABSHOWAS", "X-ADDRESSBOOKSERVER-KIND", "X-SOCIALPROFILE"),
        *("X-CRMCTL-ID", "X-CRMCTL-REVISION", "X-CRMCTL-TITLE", "X-CRMCTL-NAME", "CREATED"),
        *("X-AIM", "X-ICQ", "X-JABBER", "X-MSN", "X-YAHOO", "X-SKYPE", "X-SKYPE-USERNAME", "X-GADUGADU"),
        *("X-GOOGLE-TALK", "X-TELEGRAM", "X-WHATSAPP", "X-VIBER", "X-SIGNAL", "X-QQ", "X-TWITTER"),
    }
)
"""The properties that are read."""
SILENT = frozenset({"PRODID", "SORT-STRING", "MAILER", "CLASS", "X-ABADR", "X-CRMCTL-ERROR", "CLIENTPIDMAP"})
"""Properties that say nothing about anybody, and are passed over without a word."""


class Card(msgspec.Struct, frozen=True):
    """A card that begins on `line`; with a `fault` it is broken, and has what could be read of it.

    `stray` are lines that no card has.
    """

    line: int
    properties: tuple[Property, ...] = ()
    fault: str = ""
    hint: str = ""
    left_out: tuple[str, ...] = ()
    stray: bool = False

    def of(self, name: str) -> list[Property]:
        """Return the properties of a name, of those that say the same in other words (ALTID) the first."""
        found: list[Property] = []
        seen: set[str] = set()
        for each in self.properties:
            if each.name == name:
                other = each.param("ALTID")
                if not other or other not in seen:
                    found.append(each)
                seen.add(other)
        return found if len(found) < 2 else sorted(found, key=lambda each: each.preference)

    def first(self, name: str) -> str:
        """Return the value of the foremost property of a name that has any, empty for none."""
        return next((text for each in self.of(name) if (text := each.whole().strip())), "")


def read_cards(
    lines: Iterable[ContentLine], encoding: str, passed: dict[str, None], *, transcoded: bool = False
) -> Iterator[Card]:
    """Yield the cards. `passed` gets the names of properties that are not read.

    Raises UnicodeDecodeError for text in another encoding that names none.
    """
    draft: _Draft | None = None
    for line in lines:
        bound = _bound(line.text)
        if draft is not None and draft.is_inner(bound):
            continue
        if bound == "END":
            if draft is not None:
                yield draft.card()
            draft = None
        elif bound == "BEGIN" or draft is None:
            if draft is not None:
                yield draft.card(_CUT_OFF)
            draft = _Draft(line.number, encoding, passed, transcoded=transcoded, begun=bound == "BEGIN")
        else:
            draft.take(line)
    if draft is not None:
        yield draft.card(_CUT_OFF)


def _bound(text: bytes) -> str:
    """Return BEGIN or END where a line begins or ends a card."""
    if text[:1] not in b"BbEe \t":
        return ""
    name, _, value = text.partition(b":")
    if value.strip().upper() != b"VCARD":
        return ""
    word = name.strip().upper()
    return word.decode() if word in (b"BEGIN", b"END") else ""


class _Draft:
    """A card while it is read; where it has not `begun`, lines that belong to none."""

    def __init__(
        self, line: int, encoding: str, passed: dict[str, None], *, transcoded: bool, begun: bool
    ) -> None:
        self.begun = begun
        self._line = line
        self._encoding = encoding
        self._passed = passed
        self._transcoded = transcoded
        self._properties: list[Property] = []
        self._left_out: list[str] = []
        self._fault = self._hint = ""
        self._size = 0
        self._depth = 0
        self._agent = False

    def is_inner(self, bound: str) -> bool:
        """Tell whether a line is of a card within the card, which 2.1 lets an AGENT have."""
        if bound == "BEGIN" and (self._agent or self._depth):
            self._depth += 1
            self._agent = False
            return True
        if self._depth and bound == "END":
            self._depth -= 1
            return True
        return self._depth > 0

    def take(self, line: ContentLine) -> None:
        """Take a property, or note why the card is broken; what else it has is read all the same."""
        if not self.begun or self._size > MOST_KEPT:
            return
        try:
            self._read(line)
        except BadValue as error:
            if not self._fault:
                self._fault, self._hint = f"is broken: {error.reason}", error.hint or ""

    def _read(self, line: ContentLine) -> None:
        head = read_head(line)
        self._agent = head.name == "AGENT" and not head.value.strip()
        if line.cut:
            self._left_out.append(f"line {line.number}: {head.name}, of over 1 MB, is left out")
        elif head.name in KEPT:
            self._keep(head, line)
        elif head.name not in SILENT and len(self._passed) < _MOST_NAMES:
            self._passed.setdefault(head.name)

    def _keep(self, head: Head, line: ContentLine) -> None:
        self._size += len(line.text) + _EACH
        if self._size > MOST_KEPT:
            raise BadValue(self._too_much())
        self._properties.append(read_property(head, line, self._encoding, transcoded=self._transcoded))

    def _too_much(self) -> str:
        """Return why the card is too large, and forget it."""
        count = len(self._properties)
        self._properties.clear()
        many = self._size - count * _EACH <= MOST_KEPT
        return f"it has over {count:,} properties" if many else "it takes over 4 MB, pictures aside"

    def card(self, fault: str = "") -> Card:
        """Return the card, or lines that belong to none as a broken one."""
        if not self.begun:
            return Card(self._line, fault=_STRAY, stray=True)
        found, left_out = tuple(self._properties), tuple(self._left_out)
        return Card(self._line, found, self._fault or fault, self._hint, left_out)
