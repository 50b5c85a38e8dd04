"""Telling what a writing command did or would do, and what an undo took back."""

from crmctl.cli.answer import Answer
from crmctl.cli.emit_records import emit_written
from crmctl.cli.output import WHOLE, Output
from crmctl.render.change import change_done, changes_json, changes_text
from crmctl.text import plural
from crmctl.workspace.outcome import Outcome, as_error
from crmctl.workspace.presentation import presented, value_shower
from crmctl.workspace.undo import Undone
from crmctl.workspace.workspace import Workspace

MOST_NAMED = 10
"""Changed records that are named one by one; of more, only their number."""


def emit_outcome(output: Output, outcome: Outcome, workspace: Workspace, answer: Answer) -> None:
    """Write the answer to standard output, and confirm the changes on standard error."""
    errors = [as_error(refusal) for refusal in outcome.refusals]
    if outcome.dry_run:
        as_json = output.format in WHOLE
        output.text(
            changes_json(outcome.changes, errors)
            if as_json
            else changes_text(outcome.changes, errors, value_shower(workspace), output.style)
        )
        return
    if output.format:
        records = list(outcome.records) if answer is Answer.GIVEN else outcome.created
        single = len(records) == 1 and answer is not Answer.CONVERTED
        emit_written(output, presented(workspace, records), single=single)
    elif answer is not Answer.GIVEN:
        for record in outcome.created:
            output.data(record.id)
    for error in errors:
        output.error(error)
    _confirm(output, outcome)


def emit_undone(output: Output, undone: Undone) -> int:
    """Tell what was reversed, kept and not reached; the exit code is 1 where something stayed as it was."""
    if output.format in WHOLE:
        output.json(undone.summary())
    elif undone.dry_run:
        output.text(changes_text(undone.reversed, style=output.style))
    counts = [f"{len(undone.reversed):,} reversed"]
    counts += [f"{len(undone.kept):,} kept (changed since: {_named(undone.kept)})"] if undone.kept else []
    counts += [f"{len(undone.failed):,} failed ({_named(undone.failed)})"] if undone.failed else []
    output.status(f"{undone.run or f'change {undone.generation}'}: {', '.join(counts)}")
    for note in undone.notes:
        output.note(note)
    return 1 if undone.kept or undone.failed else 0


def _confirm(output: Output, outcome: Outcome) -> None:
    if not outcome.changes:
        output.status("nothing to change")
    elif len(outcome.changes) > MOST_NAMED:
        undo = f" (undo: crmctl undo {outcome.run})" if outcome.run else ""
        output.status(
            f"{outcome.run or outcome.changes[0].op}: {plural(len(outcome.changes), 'record')} changed{undo}"
        )
    else:
        for change in outcome.changes:
            output.status(change_done(change))
    for note in outcome.notes:
        output.note(note)


def _named(ids: tuple[str, ...]) -> str:
    return ", ".join(ids[:MOST_NAMED]) + (", ..." if len(ids) > MOST_NAMED else "")
