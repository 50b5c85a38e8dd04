"""Telling what an import did: one line for people and logs, the same as JSON for programs."""

from crmctl.cli.output import WHOLE, Output
from crmctl.render.change import changes_text
from crmctl.text import plural
from crmctl.workspace.importing import Summary, rolled_back

PARTLY = 7
MOST_TOLD = 20


def emit_import(output: Output, summary: Summary) -> int:
    """Tell the summary and return the exit code: 1 where nothing was written because of rejects, 7 in part."""
    for note in summary.notes:
        output.note(note)
    if output.format in WHOLE:
        output.json(summary.counts())
    elif summary.dry_run:
        output.text(changes_text(summary.changes, style=output.style))
    if not summary.written:
        output.error(rolled_back(summary))
        return 1
    for each in summary.rejected[:MOST_TOLD] if not summary.rejects else ():
        output.warning(f"line {each.line}: {'; '.join(each.reasons)}")
    output.status(summary_line(summary))
    return PARTLY if summary.rejected else 0


def summary_line(summary: Summary) -> str:
    """Return `R-12: 8,000 rows: 7,901 created, ... (undo: crmctl undo R-12)`."""
    counts = {
        "created": summary.created,
        "updated": summary.updated,
        "unchanged": summary.unchanged,
        "skipped": summary.skipped,
        "rejected": len(summary.rejected),
    }
    told = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    name = summary.run or ("dry run" if summary.dry_run else "nothing to do")
    line = f"{name}: {plural(summary.rows, 'row')}{f': {told}' if told else ''}"
    if summary.rejects:
        line += f" -> {summary.rejects}"
    return f"{line} (undo: crmctl undo {summary.run})" if summary.run else line
