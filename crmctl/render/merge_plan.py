"""A plan of merges as reviewable YAML: what is one, who stays, which values hold; titles stand in comments."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from crmctl.text import visible

_HEAD = """\
# yaml-language-server: $schema=.crmctl/schemas/merge-plan.schema.json
# Which records become one: crmctl merge --plan FILE does it, crmctl undo takes it back.
# merge: false leaves a group as it is. take: the id of the record whose value holds, all for the values of all
# together, or a value. What changed since this was written is refused.
"""


class PlannedField(msgspec.Struct, frozen=True):
    """A field in which records differ: what is taken, and what each of them has."""

    name: str
    take: str
    values: Mapping[str, str | list[str]]


class PlannedGroup(msgspec.Struct, frozen=True):
    """Records that become one, and why; `titles` are by their ids."""

    merge: bool
    winner: str
    losers: tuple[str, ...]
    reason: str
    score: int
    doubts: tuple[str, ...]
    revisions: Mapping[str, int]
    fields: tuple[PlannedField, ...]
    titles: Mapping[str, str]


def plan_text(record: str, groups: Sequence[PlannedGroup]) -> str:
    """Return the plan."""
    lines = [f"{_HEAD}version: 1", f"record: {record}"]
    if not groups:
        return "\n".join([*lines, "groups: []", ""])
    return "\n".join([*lines, "groups:", *(line for group in groups for line in _lines(group)), ""])


def _lines(group: PlannedGroup) -> Iterator[str]:
    for record_id in (group.winner, *group.losers):
        yield f'  # {record_id} "{visible(group.titles[record_id])}"'
    yield f"  - merge: {str(group.merge).lower()}"
    yield f"    winner: {group.winner}"
    yield f"    losers: [{', '.join(group.losers)}]"
    yield f"    reason: {_quoted(group.reason)}"
    yield f"    score: {group.score}"
    if group.doubts:
        yield f"    doubtful: [{', '.join(map(_quoted, group.doubts))}]"
    revisions = ", ".join(f"{name}: {number}" for name, number in group.revisions.items())
    yield f"    revisions: {{{revisions}}}"
    if group.fields:
        yield "    fields:"
    for field in group.fields:
        values = ", ".join(f"{name}: {_value(value)}" for name, value in field.values.items())
        yield f"      {field.name}: {{take: {field.take}, values: {{{values}}}}}"


def _value(value: str | list[str]) -> str:
    return f"[{', '.join(map(_quoted, value))}]" if isinstance(value, list) else _quoted(value)


def _quoted(text: str) -> str:
    """Return text as YAML reads it back: JSON strings are that, but for what YAML cannot hold as it is."""
    from crmctl.render.json_text import compact

    return "".join(_escaped(each) for each in compact(text))


def _escaped(character: str) -> str:
    number = ord(character)
    if 0x7F <= number <= 0x9F or number in (0x2028, 0x2029, 0xFEFF) or 0xFFFE <= number <= 0xFFFF:
        return f"\\u{number:04x}"
    return character
