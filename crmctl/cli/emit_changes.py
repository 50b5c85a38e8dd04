"""Telling what a writing command did or would do, and what an undo took back."""

from crmctl.cli.answer import Answer
from crmctl.cli.emit_records import emit_written
from crmctl.cli.output import WHOLE, Output
from crmctl.model.change import Change
from crmctl.model.records import Value
from crmctl.render.change import changes_json, changes_text
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
            output.status(_told(change))
    for note in outcome.notes:
        output.note(note)


def _told(change: Change) -> str:
    """Return a line that says what became of a record."""
    label = change.record.label
    if change.op == "purge":
        return f"{label} removed for good"
    if change.after is None:
        return f"{label} moved to the trash (back: crmctl restore {change.record.id})"
    if change.before is None:
        return f"{label} {'restored' if change.op == 'restore' else 'created'}"
    differences = change.differences()
    if "stage" in differences:
        before, after = differences["stage"]
        return f"{label}: {before} -> {after}"
    return f"{label}: " + ", ".join(f"{name} {_shown(new)}" for name, (_, new) in differences.items())


def _shown(value: Value | None) -> str:
    if value is None:
        return "emptied"
    return f"= {'; '.join(value) if isinstance(value, list) else value}"


def _named(ids: tuple[str, ...]) -> str:
    return ", ".join(ids[:MOST_NAMED]) + (", ..." if len(ids) > MOST_NAMED else "")
