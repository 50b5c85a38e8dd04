"""Plans of merges as YAML: written by `duplicates --plan` to be reviewed, read by `merge --plan`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crmctl.errors import NotFound, WrongUse
from crmctl.model.field import Field
from crmctl.model.records import Record, RecordType, Value, parse_id, record_type, type_of
from crmctl.render.merge_plan import PlannedField, PlannedGroup, plan_text
from crmctl.rules.create import built_title
from crmctl.rules.likeness import Likeness
from crmctl.rules.united import differ, is_united, mergeable, taken
from crmctl.typed import typed_texts
from crmctl.whole_file import whole_file
from crmctl.workspace.duplicates import FoundGroups
from crmctl.workspace.merge import Group
from crmctl.workspace.merge_take import ALL, Take
from crmctl.workspace.workspace import Workspace

LARGEST = 64 * 1024 * 1024
"""Bytes of a plan: more than a hundred thousand groups."""


def write_plan(workspace: Workspace, found: FoundGroups, target: str) -> int:
    """Write the groups, but for hints, to a file, whole or not at all, or to standard output as `-`.

    Returns how many are to be merged: the others are doubtful. Raises what `whole_file` raises.
    """
    planned = [_planned(workspace, each) for each in found.groups]
    content = plan_text(found.kind.value, planned).encode()
    if target == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        with whole_file(target) as file:
            file.write(content)
    return sum(each.merge for each in planned)


def _planned(workspace: Workspace, group: Likeness) -> PlannedGroup:
    winner = next(each for each in group.records if each.id == group.winner)
    losers = [each for each in group.records if each is not winner]
    return PlannedGroup(
        not group.doubts,
        winner.id,
        tuple(each.id for each in losers),
        group.reason,
        group.score,
        group.doubts,
        {each.id: each.revision for each in group.records},
        tuple(_fields(workspace, group)),
        {each.id: each.title for each in group.records},
    )


def _fields(workspace: Workspace, group: Likeness) -> Iterator[PlannedField]:
    """Yield the fields in which the records differ, each with what the winner would have."""
    winner = next(each for each in group.records if each.id == group.winner)
    losers = [each for each in group.records if each is not winner]
    fields = workspace.configuration.fields_of(winner.type, winner.pipeline)
    found = taken(winner, losers, fields, workspace.conventions)
    named = all(each.title == built_title(each) for each in group.records)
    places = [name for name in ("title", "stage") if name in fields and not (named and name == "title")]
    for field in (*(fields[name] for name in places), *mergeable(fields)):
        held = {each.id: _held(field, each) for each in (winner, *losers)}
        if not field.computed and differ(field, list(held.values())):
            take = ALL if is_united(field) else found.filled.get(field.name, winner.id)
            shown = {
                name: _shown(field, value, workspace) for name, value in held.items() if value is not None
            }
            yield PlannedField(field.name, take, shown)


def _held(field: Field, record: Record) -> Value | None:
    return record.get(field.name) if field.name == "stage" else field.read(record.values)


def _shown(field: Field, value: Value, workspace: Workspace) -> str | list[str]:
    if isinstance(value, list):
        return [field.show([one], workspace.conventions) for one in value]
    return str(value) if field.name == "stage" else field.show(value, workspace.conventions)


def read_plan(workspace: Workspace, name: str) -> tuple[list[Group], int]:
    """Return the groups of a plan that are to be merged, and how many are not.

    Raises NotFound for a file, WrongUse naming the line for one that is no plan.
    """
    content, path = _content(name)
    from crmctl.config.schema_check import check
    from crmctl.config.yaml_reader import read

    document = read(content, path, largest=LARGEST)
    faults = document.findings or (check(document, "merge-plan") if document.data is not None else ())
    if faults or document.data is None:
        details = [{"message": f"{each.place}: {each.message}", "rule": each.rule} for each in faults[:5]]
        raise WrongUse(f"{path} is no plan of a merge", details=details, hint="crmctl schema merge-plan")
    kind = record_type(document.data["record"])
    workspace.configuration.check_kind(kind)
    listed = [(_group(node.value), node.place()) for node in document.top.each("groups")]
    groups = [(group, place) for (group, merge), place in listed if merge]
    _check(groups, kind)
    return [group for group, _ in groups], len(listed) - len(groups)


def _content(name: str) -> tuple[bytes, str]:
    if name == "-":
        return sys.stdin.buffer.read(LARGEST + 1), "standard input"
    path = Path(name)
    if not path.is_file():
        raise NotFound(f"no such file: {name}", hint="crmctl duplicates TYPE --plan FILE writes one")
    return path.read_bytes(), name


def _group(written: dict[str, Any]) -> tuple[Group, bool]:
    takes: dict[str, Take] = {}
    for name, each in (written.get("fields") or {}).items():
        texts = typed_texts(each["take"])
        takes[name] = list(texts) if isinstance(each["take"], list) else "".join(texts)
    losers = tuple(map(parse_id, written["losers"]))
    revisions = {parse_id(name): number for name, number in written["revisions"].items()}
    return Group(parse_id(written["winner"]), losers, (), takes, revisions, planned=True), bool(
        written.get("merge", True)
    )


def _check(groups: list[tuple[Group, str]], kind: RecordType) -> None:
    """Raise WrongUse for a record that stands in two places, is of another type, or of no revision."""
    seen: dict[str, str] = {}
    for group, place in groups:
        for record_id in group.ids:
            if type_of(record_id) is not kind:
                raise WrongUse(f"{place}: {record_id} is no {kind.value}")
            if record_id in seen:
                raise WrongUse(f"{place}: {record_id} stands in the plan already, {seen[record_id]}")
            if record_id not in group.revisions:
                raise WrongUse(f"{place}: the revision of {record_id} is missing")
            seen[record_id] = place
