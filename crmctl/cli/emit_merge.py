"""Asking before records are merged, and telling what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from crmctl.cli.emit_changes import foretell
from crmctl.cli.emit_records import emit_written
from crmctl.cli.output import WHOLE, Output
from crmctl.cli.session import Session, exit_code
from crmctl.errors import CrmError
from crmctl.model.table import Column
from crmctl.render.error import error_object
from crmctl.render.table import draw_table
from crmctl.text import plural
from crmctl.workspace.merge import Group, MergedGroup, MergeOutcome, merge_groups
from crmctl.workspace.merge_request import ReadRequest
from crmctl.workspace.merge_table import differing
from crmctl.workspace.outcome import as_error
from crmctl.workspace.presentation import presented, value_shower
from crmctl.workspace.workspace import Workspace

MOST_TOLD = 10
"""Merged groups that are told of one by one; of more, only their number."""
MOST_LEFT = 5
"""Values left with a record that is merged away that are told one by one."""


def confirm_merge(session: Session, request: ReadRequest) -> Sequence[Group]:
    """Ask before records are merged; a person is shown first where they differ.

    Returns the groups as they were looked at: one that moved on meanwhile is refused then.
    """
    if session.given.yes or session.given.dry_run or not request.groups:
        return request.groups
    foreseen = merge_groups(
        session.workspace, request.groups, msgspec.structs.replace(session.bulk(partial=True), dry_run=True)
    )
    if not foreseen.groups and not foreseen.outcome.refusals:
        return request.groups  # all of it was done before
    if session.may_ask and not request.plan:
        for each in foreseen.groups:
            session.output.text("".join(f"{line}\n" for line in _table(each, session)))
    session.confirm(_question(request))
    if request.plan or not foreseen.groups:
        return request.groups
    seen = foreseen.groups[0]
    revisions = {each.id: each.revision for each in (seen.winner, *seen.losers)}
    return [msgspec.structs.replace(request.groups[0], revisions=revisions)]


def emit_merge(output: Output, merged: MergeOutcome, request: ReadRequest, workspace: Workspace) -> int:
    """Tell what was merged, or would be; returns the exit code."""
    outcome = merged.outcome
    some = bool(outcome.changes) and not outcome.dry_run
    errors = [as_error(refusal, in_part=some) for refusal in outcome.refusals]
    if outcome.dry_run:
        foretell(output, outcome.changes, errors, workspace)
    elif output.format in WHOLE:
        output.json(_object(merged, errors, request))
    elif output.format:
        records = presented(workspace, [each.after for each in merged.groups])
        emit_written(output, records, single=False)
    if not outcome.dry_run:
        for error in errors:
            output.error(error)
    _tell(output, merged, request, workspace)
    return exit_code(some=some, all_of_it=not outcome.refusals)


def _table(group: MergedGroup, session: Session) -> list[str]:
    columns, rows = differing(group, session.workspace)
    heads = [Column("field", "Field"), *(Column(name, name) for name in columns), Column("after", "After")]
    return draw_table(heads, rows, session.output.style)


def _question(request: ReadRequest) -> str:
    groups = request.groups
    if len(groups) > 1 or request.plan:
        count = plural(sum(len(each.losers) for each in groups), "record")
        return f"merge {count} into {len(groups):,}"
    losers = groups[0].losers
    named = ", ".join(losers[:MOST_TOLD]) + ", ..." * (len(losers) > MOST_TOLD)
    return f"merge {named} into {groups[0].winner}"


def _object(merged: MergeOutcome, errors: Sequence[CrmError], request: ReadRequest) -> dict[str, object]:
    return {
        "run": merged.outcome.run or None,
        "merged": [_group_object(each) for each in merged.groups],
        "unchanged": [{"winner": each.winner, "losers": list(each.losers)} for each in merged.done],
        "passed_over": request.passed,
        "refused": [error_object(error) for error in errors],
        "notes": list(merged.outcome.notes),
    }


def _group_object(group: MergedGroup) -> dict[str, object]:
    return {
        "winner": group.winner.id,
        "losers": [each.id for each in group.losers],
        "filled": dict(group.filled),
        "united": list(group.united),
        "left": [msgspec.to_builtins(each) for each in group.left],
        "links": list(group.links),
    }


def _tell(output: Output, merged: MergeOutcome, request: ReadRequest, workspace: Workspace) -> None:
    outcome, groups = merged.outcome, merged.groups
    if not outcome.dry_run:
        for each in groups if len(groups) <= MOST_TOLD else ():
            output.status(_line(each))
        if outcome.run and groups:
            count = plural(sum(len(each.losers) for each in groups), "record")
            output.status(
                f"{outcome.run}: {count} merged into {len(groups):,} (undo: crmctl undo {outcome.run})"
            )
        elif not outcome.refusals:
            output.status("nothing to merge")
    if merged.done:
        output.note(f"{plural(len(merged.done), 'group was', 'groups were')} merged before")
    if request.passed:
        told = plural(request.passed, "group says", "groups say")
        output.note(f"{told} merge: false, and stayed as they are")
    for told in _left(groups, workspace) if len(groups) <= MOST_TOLD else ():
        output.note(told)
    for note in (*outcome.notes, *outcome.foretold):
        output.note(note)


def _line(group: MergedGroup) -> str:
    took = [f"{name} from {source}" for name, source in group.filled.items()]
    took += [f"{name} of all" for name in group.united]
    parts = [f"took {', '.join(took)}"] if took else []
    if group.links:
        parts.append(f"{plural(len(group.links), 'record refers', 'records refer')} to it now")
    losers = ", ".join(each.label for each in group.losers)
    told = f" ({'; '.join(parts)})" if parts else ""
    return f"{losers} merged into {group.after.label}{told}"


def _left(groups: Sequence[MergedGroup], workspace: Workspace) -> Iterator[str]:
    show = value_shower(workspace)
    for group in groups:
        kind = group.after.type
        for each in group.left[:MOST_LEFT]:
            held = group.after.get(each.field)
            stays = f", {group.after.id} keeps {show(kind, each.field, held)}" if held is not None else ""
            yield f"{each.field} {show(kind, each.field, each.value)} stays with {each.record} in the trash{stays}"
        if len(group.left) > MOST_LEFT:
            yield f"and {len(group.left) - MOST_LEFT} more such values of {group.after.id}"
