"""The parts of an import profile that name something: where they stand, and which field is meant."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from crmctl.config.document import Document, Node
from crmctl.config.project import Project
from crmctl.model.field import Field
from crmctl.model.import_profile import CLOSED_AS, LINKED, PASSED
from crmctl.model.records import RecordType

ELSEWHERE = frozenset({PASSED, CLOSED_AS})
"""Targets that are no fields."""


class Spot(msgspec.Struct, frozen=True):
    """A field that a profile names; `place` says what is done to its cells, where anything is."""

    target: Node
    place: Node | None = None
    at_key: bool = False


def record_of(profile: Document) -> RecordType:
    """Return the type of the records that a profile is for."""
    return RecordType(profile.top.text("record"))


def spots(profile: Document) -> Iterator[Spot]:
    """Yield every field that a profile names, in columns, joins and values that it sets."""
    for _, column in profile.top.pairs("columns"):
        for place in column.items() if isinstance(column.value, list) else (column,):
            named = place.get("field")
            yield Spot(named, place) if named else Spot(place)
    for key in ("join", "set"):
        for _, value in profile.top.pairs(key):
            yield Spot(value.key(), at_key=True)


def field_of(target: str, kind: RecordType, project: Project) -> Field | None:
    """Return the field that a target is in this workspace, or nothing where it has none of the name."""
    head, dot, name = target.partition(".")
    if not dot:
        return (project.fields(kind) or {}).get(target)
    linked = next((each for each in LINKED.get(kind, ()) if each.value == head), None)
    return (project.fields(linked) or {}).get(name) if linked else None


def known_targets(kind: RecordType, project: Project) -> list[str]:
    """Return everything that a target may be in this workspace, but for what crmctl works out itself."""
    found = [field.name for field in (project.fields(kind) or {}).values()]
    for linked in LINKED.get(kind, ()):
        found += [f"{linked.value}.{name}" for name in project.fields(linked) or ()]
    return [*found, *(ELSEWHERE if kind.staged else ())]
