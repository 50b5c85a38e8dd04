"""What became of a row of an import, and of the records that it brought along."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from crmctl.importer.rejects import Fault
from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType, Value

Differences = Mapping[str, tuple[Value | None, Value | None]]
"""Old and new value of each field that changes."""


class Link(msgspec.Struct, frozen=True):
    """A record that a row brought along, and what became of it: `create update unchanged`."""

    record: RecordType
    id: str
    action: str
    changes: Differences = {}


class Known(msgspec.Struct, frozen=True):
    """A record that a row was found to mean: what it is called, and the fields by which it is known.

    `outside` is its outside id, where the row has another.
    """

    label: str
    fields: tuple[str, ...]
    outside: str = ""


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What became of a row: `created updated unchanged skipped rejected`, and why it was rejected."""

    kind: str
    faults: tuple[Fault, ...] = ()
    record_id: str = ""
    changes: Differences = {}
    links: tuple[Link, ...] = ()
    known: Known | None = None


def links_of(
    changes: Iterable[Change], records: Iterable[Record], told: Callable[[Change], Differences]
) -> tuple[Link, ...]:
    """Return what became of those who came along: those that were changed, and those that stay as they are."""
    found = [
        Link(each.record.type, each.record.id, "update" if each.before else "create", told(each))
        for each in changes
    ]
    return (*found, *(Link(each.type, each.id, "unchanged") for each in records))
