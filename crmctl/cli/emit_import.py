"""Telling what an import did: one line for people and logs, the same as JSON for programs."""

import msgspec

from crmctl.cli.emit_rejected import emit_rejected, run_line
from crmctl.cli.output import WHOLE, Output
from crmctl.cli.session import PARTLY
from crmctl.errors import Refused
from crmctl.importer.rejects import Reject
from crmctl.render.change import changes_text
from crmctl.render.value import dumped
from crmctl.text import plural
from crmctl.workspace.import_summary import Summary, rolled_back
from crmctl.workspace.presentation import value_dumper, value_shower
from crmctl.workspace.workspace import Workspace


def emit_import(output: Output, summary: Summary, workspace: Workspace) -> int:
    """Tell the summary and return the exit code: 1 where nothing was written because of rejects, 7 in part."""
    if summary.written or output.format not in WHOLE:
        # What ends in an error is one JSON object on standard error, nothing beside it.
        for note in summary.notes:
            output.note(note)
    if output.format in WHOLE:
        output.json(_object(summary, workspace))
    elif summary.dry_run:
        refused = [Refused(_told(summary, each)) for each in summary.rejected]
        output.text(changes_text(summary.changes, refused, value_shower(workspace), output.style))
    if not summary.written:
        output.error(rolled_back(summary))
        return 1
    if not summary.rejects and not summary.dry_run:
        emit_rejected(output, [_told(summary, each) for each in summary.rejected])
    for each in summary.moved or ():
        if each.problem:
            output.warning(f"{each.file} was imported, but not moved: {each.problem}")
        else:
            output.status(f"{each.file} moved to {each.to}")
    output.status(summary_line(summary))
    return PARTLY if summary.rejected else 0


def _object(summary: Summary, workspace: Workspace) -> dict[str, object]:
    """Return the counts and, of a dry run, the plan, its values as JSON shows them elsewhere."""
    if not summary.dry_run:
        return summary.counts()
    dump = value_dumper(workspace)
    plan = [
        msgspec.structs.asdict(each)
        | {
            "changes": dumped(summary.kind, each.changes, dump),
            "links": [
                msgspec.structs.asdict(link) | {"changes": dumped(link.record, link.changes, dump)}
                for link in each.links
            ],
        }
        for each in summary.plan
    ]
    return {**summary.counts(), "plan": plan}


def _told(summary: Summary, row: Reject) -> str:
    return f"{summary.place(row)}: {'; '.join(row.reasons)}"


def summary_line(summary: Summary) -> str:
    """Return `R-12: 8,000 rows: 7,901 created, ... (undo: crmctl undo R-12)`."""
    counts = {
        "created": summary.created,
        "updated": summary.updated,
        "unchanged": summary.unchanged,
        "skipped": summary.skipped,
        "rejected": len(summary.rejected),
    }
    taken = plural(summary.rows, "row")
    return run_line(
        summary.run, taken, counts, *summary.brought(), rejects=summary.rejects, dry_run=summary.dry_run
    )
