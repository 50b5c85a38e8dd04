"""Finding records by the ways to reach somebody: a messenger's id, a phone, an e-mail address."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress

from crmctl.errors import CrmError
from crmctl.model.configuration import Configuration
from crmctl.model.field import Conventions, Field
from crmctl.model.message import Message
from crmctl.model.records import Record, RecordType, Value
from crmctl.rules.duplicates import Match, Matcher
from crmctl.storage.interface import Reader
from crmctl.workspace.known import learn_alike

_WAYS = ("messenger", "phone", "email")
"""The surest first: the first by which any record is found decides."""
_KINDS = (RecordType.CONTACT, RecordType.COMPANY, RecordType.LEAD, RecordType.DEAL)


class Reaches:
    """An index of the records that the senders of some messages can be reached by, made once for all of them."""

    def __init__(
        self,
        reader: Reader,
        configuration: Configuration,
        conventions: Conventions,
        messages: Iterable[Message],
    ) -> None:
        self._conventions = conventions
        self._ways = {kind: _ways_of(configuration, kind) for kind in _KINDS if configuration.keeps(kind)}
        self._matchers = {
            kind: Matcher(kind, configuration, tuple((name,) for name in ways))
            for kind, ways in self._ways.items()
        }
        sought = _sought_by_any(messages, conventions)
        for kind, matcher in self._matchers.items():
            learn_alike(reader, matcher, kind, [_named(each, self._ways[kind]) for each in sought])

    def learn(self, record: Record) -> None:
        """Take a record that was made meanwhile into account."""
        if record.type in self._matchers:
            self._matchers[record.type].add(record.id, record.values)

    def find(self, message: Message, strangers: Collection[str] = ()) -> list[str]:
        """Return the ids of the records that a message's sender means.

        `strangers` are records of others who have the same messenger's id.
        """
        sought = sought_values(message, self._conventions)
        found: dict[str, list[str]] = {}
        for kind, ways in self._ways.items():
            match = self._found(kind, sought)
            for way in {ways[name] for name in match.fields}:
                alien = strangers if way == "messenger" else ()
                found.setdefault(way, []).extend(each for each in match.ids if each not in alien)
        return next((found[way] for way in _WAYS if found.get(way)), [])

    def unclaimed(self, message: Message) -> set[str]:
        """Return the ways to reach a sender, as fields are called, by which no record is found."""
        sought = sought_values(message, self._conventions)
        return {
            way for way in sought if not any(self._found(kind, {way: sought[way]}).ids for kind in self._ways)
        }

    def _found(self, kind: RecordType, sought: Mapping[str, Value | None]) -> Match:
        return self._matchers[kind].find(_named(sought, self._ways[kind]))


def sought_values(message: Message, conventions: Conventions) -> dict[str, Value | None]:
    """Return the values by which a sender's records are looked for: of a messenger's id all ways to write it."""
    sender = message.sender
    found: dict[str, Value | None] = {}
    if sender.id:
        bare = sender.id.removeprefix("@")
        found["messenger"] = [sender.id, bare, f"@{bare}", f"{message.channel}:{bare}"]
    for way, text in (("phone", sender.phone), ("email", sender.email)):
        if text:
            found[way] = [str(Field(way, way).parse(text, conventions))]
    return found


def _sought_by_any(messages: Iterable[Message], conventions: Conventions) -> list[dict[str, Value | None]]:
    """Return what is sought for each message; one from an address that is none is turned down later."""
    found = []
    for each in messages:
        with suppress(CrmError):
            found.append(sought_values(each, conventions))
    return found


def _named(sought: Mapping[str, Value | None], ways: Mapping[str, str]) -> dict[str, Value | None]:
    """Return what is sought by the names of the fields that hold it."""
    return {name: sought[way] for name, way in ways.items() if way in sought}


def _ways_of(configuration: Configuration, kind: RecordType) -> dict[str, str]:
    """Return the fields of a record type that somebody can be reached by, each with the way, the surest first."""
    fields = configuration.fields_of(kind).values()
    found = {
        field.name: field.name if field.name == "messenger" else field.kind
        for field in fields
        if not field.computed and (field.name == "messenger" or field.kind in _WAYS)
    }
    return dict(sorted(found.items(), key=lambda each: _WAYS.index(each[1])))
