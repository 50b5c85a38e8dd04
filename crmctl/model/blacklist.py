"""The blacklist: phones, addresses, domains, messengers and sources that nobody wants to hear from again.

Values are kept as the fields of records keep them, so that one look-up tells whether a record's value is listed.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

import msgspec

from crmctl.dates import local_text
from crmctl.errors import BadValue
from crmctl.model.field import Conventions, Field
from crmctl.model.records import Value
from crmctl.text import fold, is_blank, name_key


class ListedKind(StrEnum):
    """What can be listed. A domain is that of e-mail addresses, with all domains below it."""

    PHONE = "phone"
    EMAIL = "email"
    DOMAIN = "domain"
    MESSENGER = "messenger"
    SOURCE = "source"


class Mark(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who listed a value, or took it off, when, why, and in which commit."""

    gen: int
    at: str
    by: str
    reason: str = ""
    undone: bool = False


class Listed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value that is or was on the blacklist; `lead` is the one whose rejection brought it."""

    kind: ListedKind
    value: str
    added: Mark
    removed: Mark | None = None
    lead: str = ""

    @property
    def stands(self) -> bool:
        """Whether it is on the list now."""
        return not self.added.undone and (self.removed is None or self.removed.undone)

    @property
    def label(self) -> str:
        """How messages name it, as `blacklist remove` takes it."""
        return f"{self.kind} {self.value}"

    def told(self, zone: str) -> str:
        """Return since when it is listed, as the days of a zone go, by whom and why."""
        why = f": {self.added.reason}" if self.added.reason else ""
        source = f", with {self.lead}" if self.lead else ""
        return f"since {local_text(self.added.at, zone)[:10]} by {self.added.by}{source}{why}"


def listed_value(kind: ListedKind, text: str, source: Field, conventions: Conventions) -> str:
    """Return typed text as it is listed. Raises BadValue for what no field would take; `source` is that field."""
    if is_blank(text):
        raise BadValue("is empty")
    if kind is ListedKind.SOURCE:
        return str(source.parse(text, conventions))
    if kind is ListedKind.DOMAIN:
        bare = text.strip().removeprefix("*").lstrip("@.")
        try:
            return str(Field("email", "email").parse(f"x@{bare}", conventions)).removeprefix("x@")
        except BadValue:
            raise BadValue(
                "not a domain", hint="write it like example.com; domains below it are meant, too"
            ) from None
    return str(
        Field(kind.value, "text" if kind is ListedKind.MESSENGER else kind.value).parse(text, conventions)
    )


class Blacklist:
    """The values that are listed; false where there are none."""

    def __init__(self, entries: Iterable[Listed] = ()) -> None:
        standing = [each for each in entries if each.stands]
        self._listed = {(each.kind, key_of(each.kind, each.value)): each for each in standing}
        self._domains = any(each.kind is ListedKind.DOMAIN for each in standing)

    def __bool__(self) -> bool:
        return bool(self._listed)

    def get(self, kind: ListedKind, value: str) -> Listed | None:
        """Return the entry of a value."""
        return self._listed.get((kind, key_of(kind, value)))

    def find(
        self,
        watched: Mapping[str, ListedKind],
        values: Mapping[str, Value | None],
        known: Mapping[str, Value] | None = None,
    ) -> tuple[str, str, Listed] | None:
        """Return the field, the value and the entry of the first value that is listed; `known` ones may stay."""
        for name, kind in watched.items():
            for value in _many(values.get(name)):
                if (found := self._entry(kind, value)) and not (known and value in _many(known.get(name))):
                    return name, value, found
        return None

    def _entry(self, kind: ListedKind, value: str) -> Listed | None:
        found = self._listed.get((kind, key_of(kind, value)))
        if found is None and kind is ListedKind.EMAIL and self._domains:
            domains = (self._listed.get((ListedKind.DOMAIN, each)) for each in _domains_of(value))
            found = next(filter(None, domains), None)
        return found


def watched_fields(fields: Mapping[str, Field]) -> dict[str, ListedKind]:
    """Return which of a record type's fields hold what can be listed."""
    kinds = {"phone": ListedKind.PHONE, "email": ListedKind.EMAIL}
    names = {"messenger": ListedKind.MESSENGER, "source": ListedKind.SOURCE}
    found = {
        name: kinds.get(field.kind) or names.get(name) for name, field in fields.items() if not field.computed
    }
    return {name: kind for name, kind in found.items() if kind}


def key_of(kind: ListedKind, value: str) -> str:
    """Return what equal values have in common."""
    return fold(value) if kind in (ListedKind.PHONE, ListedKind.EMAIL, ListedKind.DOMAIN) else name_key(value)


def _many(value: Value | None) -> list[str]:
    if isinstance(value, list):
        return value
    return [] if value is None else [str(value)]


def _domains_of(address: str) -> Iterator[str]:
    """Yield an address's domain, and those above it."""
    domain = address.rpartition("@")[2].lower()
    while domain:
        yield domain
        domain = domain.partition(".")[2]
