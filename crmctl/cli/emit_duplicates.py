"""Telling which records may be one, and of the plan that was written for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crmctl.cli.output import WHOLE, Output
from crmctl.model.table import Column, Kind
from crmctl.render.listing import Listing
from crmctl.rules.likeness import Likeness, Pair
from crmctl.text import plural
from crmctl.workspace.duplicates import FoundGroups
from crmctl.workspace.workspace import Workspace

_COLUMNS = (
    Column("group", "Group", Kind.COUNT),
    Column("id", "ID"),
    Column("title", "Title"),
    Column("score", "Score", Kind.COUNT),
    Column("by", "By"),
    Column("value", "Value"),
    Column("doubt", "Doubt"),
)


def emit_duplicates(output: Output, found: FoundGroups, *, hints: bool) -> None:
    """Write the groups: whole in JSON, else a row for each record with what it matches by."""
    told = [*found.groups, *(found.hints if hints else ())]
    if output.format in WHOLE:
        output.records(Listing((), [_object(at, found.kind.value, each) for at, each in enumerate(told, 1)]))
    elif output.format == "ids":
        ids = dict.fromkeys(record.id for group in told for record in group.records)
        output.text("".join(f"{each}\n" for each in ids))
    else:
        cells = [row for at, group in enumerate(told, 1) for row in _rows(at, group)]
        # A table leaves out the column of doubts where there are none; other formats always have all.
        last = None if output.format or any(group.doubts for group in told) else -1
        output.records(Listing(_COLUMNS[:last], (), [row[:last] for row in cells]))
    output.status(_summary(found, hints=hints))
    for note in found.notes:
        output.note(note)


def emit_plan_written(output: Output, found: FoundGroups, target: str, workspace: Workspace) -> None:
    """Write the plan, and say how to go on."""
    from crmctl.workspace.merge_plan import write_plan

    sure = write_plan(workspace, found, target)
    output.status(_summary(found, hints=False))
    if target != "-":
        groups = plural(len(found.groups), "group")
        output.status(f"{groups} written to {target}, {sure:,} to be merged: crmctl merge --plan {target}")
    for note in found.notes:
        output.note(note)


def _summary(found: FoundGroups, *, hints: bool) -> str:
    records = sum(len(each.records) for each in found.groups)
    if not found.total:
        told = "no duplicates found"
    elif found.total > len(found.groups):
        told = f"{len(found.groups):,} of {found.total:,} groups of {found.kind.table}"
    else:
        told = f"{plural(found.total, 'group')} of {records:,} {found.kind.table}"
    doubtful = sum(bool(each.doubts) for each in found.groups)
    parts = [told, *([f"{doubtful:,} doubtful"] if doubtful else [])]
    if found.hints:
        parts.append(plural(len(found.hints), "hint") + ("" if hints else " (--hints shows them)"))
    return ", ".join(parts)


def _rows(number: int, group: Likeness) -> Iterator[list[str]]:
    """Yield a row for each record: the first pair that it is in says by what it matches."""
    told: set[tuple[str, str]] = set()
    for at, record in enumerate(group.records):
        pair = (
            next((each for each in group.pairs if record.id in each.ids and each.ids not in told), None)
            if at
            else None
        )
        if pair:
            told.add(pair.ids)
        doubt = "; ".join(group.doubts) if not at else ""
        by = ("hint: " if group.hint and pair else "") + (_by(pair) if pair else "")
        score = str(pair.score) if pair else ""
        yield [str(number), record.id, record.title, score, by, _values(pair) if pair else "", doubt]


def _by(pair: Pair) -> str:
    return "; ".join(", ".join(fields) for fields in (pair.rule, *pair.also))


def _values(pair: Pair) -> str:
    return ", ".join(value for value in pair.values.values() if value)


def _object(number: int, kind: str, group: Likeness) -> dict[str, object]:
    return {
        "group": number,
        "record": kind,
        "score": group.score,
        "doubtful": bool(group.doubts),
        "doubts": list(group.doubts),
        "hint": group.hint,
        "winner": group.winner,
        "records": [{"id": each.id, "title": each.title} for each in group.records],
        "pairs": [_pair_object(each) for each in group.pairs],
    }


def _pair_object(pair: Pair) -> dict[str, object]:
    also: Sequence[list[str]] = [list(fields) for fields in pair.also]
    return {
        "ids": list(pair.ids),
        "rule": list(pair.rule),
        "also": also,
        "values": dict(pair.values),
        "score": pair.score,
    }
