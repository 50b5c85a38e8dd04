"""Telling what a writing command did or would do, and what an undo took back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crmctl.cli.answer import Answer
from crmctl.cli.emit_records import emit_written
from crmctl.cli.output import WHOLE, Output
from crmctl.cli.session import exit_code
from crmctl.errors import CrmError
from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType
from crmctl.render.change import change_done, changes_json, changes_text, count_line
from crmctl.text import plural
from crmctl.workspace.outcome import Outcome, as_error
from crmctl.workspace.presentation import presented, value_dumper, value_shower
from crmctl.workspace.workspace import Workspace

if TYPE_CHECKING:
    from crmctl.workspace.undo import Undone

MOST_NAMED = 10
"""Changed records that are named one by one; of more, only their number."""


def emit_outcome(output: Output, outcome: Outcome, workspace: Workspace, answer: Answer) -> None:
    """Write the answer to standard output, and confirm the changes on standard error."""
    in_part = bool(outcome.changes) and not outcome.dry_run
    errors = [as_error(refusal, in_part=in_part) for refusal in outcome.refusals]
    if outcome.dry_run:
        foretell(output, outcome.changes, errors, workspace)
        for note in outcome.foretold:
            output.note(note)
        return
    if output.format:
        records = _answer(outcome, answer)
        single = len(records) + len(errors) == 1 and answer is not Answer.CONVERTED
        emit_written(output, presented(workspace, records), single=single)
    elif answer is not Answer.GIVEN:
        for record in _answer(outcome, answer):
            output.data(record.id)
    for error in errors:
        output.error(error)
    _confirm(output, outcome, workspace)


def _answer(outcome: Outcome, answer: Answer) -> list[Record]:
    """Return the records that were asked for; the tasks that follow from them are told of among the changes."""
    if answer is not Answer.CONVERTED:
        return list(outcome.records)
    return [record for record in outcome.created if record.type is not RecordType.TASK]


def foretell(
    output: Output, changes: Sequence[Change], errors: Sequence[CrmError], workspace: Workspace
) -> None:
    """Write what a dry run would do."""
    if output.format in WHOLE:
        lines = output.format == "jsonl"
        output.text(changes_json(changes, errors, value_dumper(workspace), lines=lines))
    elif output.format == "ids":
        for record_id in dict.fromkeys(change.record.id for change in changes):
            output.data(record_id)
        output.status(count_line(changes, len(errors)))
    else:
        output.text(changes_text(changes, errors, value_shower(workspace), output.style))


def emit_undone(output: Output, undone: Undone, workspace: Workspace) -> int:
    """Tell what was reversed, kept and not reached; returns the exit code."""
    if output.format in WHOLE:
        output.json(undone.summary())
    elif undone.dry_run:
        foretell(output, undone.reversed, (), workspace)
    output.status(f"{undone.run or f'change {undone.generation}'}: {', '.join(_undone_counts(undone))}")
    for note in undone.notes:
        output.note(note)
    some = bool(undone.reversed) and not undone.dry_run
    return exit_code(some=some, all_of_it=not undone.kept and not undone.failed)


def _undone_counts(undone: Undone) -> list[str]:
    would = "would be " if undone.dry_run else ""
    what = f"{len(undone.reversed):,}"
    if undone.values:
        what = plural(undone.values, "value of the blacklist", "values of the blacklist")
    elif undone.ids:
        what = plural(undone.ids, "id of another system", "ids of other systems")
    counts = [f"{what} {would}reversed"]
    if undone.kept:
        counts.append(f"{len(undone.kept):,} {would}kept ({_why_kept(undone)})")
    if undone.failed:
        counts.append(f"{len(undone.failed):,} failed ({_named(undone.failed)})")
    return counts


def _why_kept(undone: Undone) -> str:
    along = tuple(name for name in undone.kept if name not in undone.changed)
    if not undone.changed:
        return f"with what cannot be taken back: {_named(along)}"
    with_them = f"; kept with {'it' if len(undone.changed) == 1 else 'them'}: {_named(along)}"
    return f"changed since: {_named(undone.changed)}{with_them if along else ''}"


def _confirm(output: Output, outcome: Outcome, workspace: Workspace) -> None:
    if not outcome.changes:
        # A run without changes wrote something beside the records, which a note tells.
        if not outcome.run:
            output.status("nothing to change")
    elif len(outcome.changes) > MOST_NAMED:
        undo = f" (undo: crmctl undo {outcome.run})" if outcome.run else ""
        output.status(
            f"{outcome.run or outcome.changes[0].op}: {plural(len(outcome.changes), 'record')} changed{undo}"
        )
    else:
        show = value_shower(workspace)
        for change in outcome.changes:
            output.status(change_done(change, show))
    for note in (*outcome.notes, *outcome.foretold):
        output.note(note)


def _named(ids: tuple[str, ...]) -> str:
    return ", ".join(ids[:MOST_NAMED]) + (", ..." if len(ids) > MOST_NAMED else "")
