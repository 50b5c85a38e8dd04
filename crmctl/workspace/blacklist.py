"""The blacklist in the store: what is on it, what it refuses, and what commits put on it or take back.

The document is `{"entries": [...]}`, oldest first. What was taken off stays in it, told no more, so that it is known
who listed what, and so that an undo finds it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from crmctl.model.blacklist import Blacklist, Listed, ListedKind, Mark, key_of, watched_fields
from crmctl.model.records import Record, RecordType, Value
from crmctl.rules.context import Context
from crmctl.rules.decision import Refusal
from crmctl.storage.interface import Reader, Writer

DOCUMENT = OPERATION = "blacklist"
_REACHES = (ListedKind.PHONE, ListedKind.EMAIL, ListedKind.MESSENGER)
"""What a rejected lead puts on the list: ways to reach somebody, not whole domains or sources."""


class Guard:
    """Refuses values that are listed, on one state of the store. Without a blacklist it asks for nothing."""

    def __init__(self, reader: Reader, context: Context) -> None:
        self._blacklist = Blacklist(kept_entries(reader))
        self._context = context
        self._watched: dict[RecordType, dict[str, ListedKind]] = {}

    def __bool__(self) -> bool:
        return bool(self._blacklist)

    def refusal(
        self, kind: RecordType, values: Mapping[str, Value | None], known: Record | None = None
    ) -> tuple[Refusal, str] | None:
        """Return why a record with these values is not wanted, and the field; what a `known` record has is let be."""
        if kind not in self._watched:
            self._watched[kind] = watched_fields(self._context.configuration.fields_of(kind))
        found = self._blacklist.find(self._watched[kind], values, known.values if known else None)
        if found is None:
            return None
        name, value, entry = found
        covered = "" if value == entry.value else f" ({entry.label})"
        told = entry.told(self._context.configuration.timezone)
        message = f"{name} {value} is on the blacklist{covered} {told}"
        return Refusal(
            known, message, hint=f"crmctl blacklist remove {entry.label}", code="blacklisted"
        ), name


def list_reaches(writer: Writer, lead: Record, mark: Mark) -> list[Listed]:
    """List the phones, e-mails and messengers of a lead in the commit that rejects it; returns what is new."""
    wanted = [(kind, value) for kind in _REACHES for value in lead.many(kind.value)]
    return put_on(writer, wanted, mark, lead.id)[0]


def take_back(writer: Writer, generation: int, *, undone: bool) -> list[Listed]:
    """Let what a commit listed, or took off, count no longer, or again; returns those entries."""
    entries = kept_entries(writer)
    changed = [_taken_back(each, generation, undone=undone) for each in entries]
    touched = [new for old, new in zip(entries, changed, strict=True) if new != old]
    if touched:
        keep_entries(writer, changed)
    return touched


def kept_entries(reader: Reader) -> list[Listed]:
    """Return every entry, those that stand no longer included, the oldest first."""
    document = reader.document(DOCUMENT)
    return msgspec.convert(document.get("entries", []), list[Listed]) if document else []


def _taken_back(entry: Listed, generation: int, *, undone: bool) -> Listed:
    replace = msgspec.structs.replace
    if entry.added.gen == generation:
        return replace(entry, added=replace(entry.added, undone=undone))
    if entry.removed and entry.removed.gen == generation:
        return replace(entry, removed=replace(entry.removed, undone=undone))
    return entry


def put_on(
    writer: Writer, wanted: Iterable[tuple[ListedKind, str]], mark: Mark, lead: str = ""
) -> tuple[list[Listed], list[Listed]]:
    """Put values on the list; returns the new entries, and those that were there."""
    entries = kept_entries(writer)
    blacklist = Blacklist(entries)
    known: list[Listed] = []
    added: dict[tuple[ListedKind, str], Listed] = {}
    for kind, value in wanted:
        if entry := blacklist.get(kind, value):
            known.append(entry)
        else:
            added.setdefault((kind, key_of(kind, value)), Listed(kind, value, mark, lead=lead))
    if added:
        keep_entries(writer, [*entries, *added.values()])
    return list(added.values()), known


def keep_entries(writer: Writer, entries: Sequence[Listed]) -> None:
    """Write every entry, those that stand no longer included."""
    document: dict[str, Any] = msgspec.to_builtins({"entries": list(entries)})
    writer.put_document(DOCUMENT, document)
