"""Telling what taking in messages did: one line for people and logs, the same as JSON for programs."""

import msgspec

from crmctl.cli.emit_rejected import emit_rejected, run_line
from crmctl.cli.output import WHOLE, Output
from crmctl.cli.session import PARTLY
from crmctl.errors import Refused
from crmctl.importer.inbound_rejects import RejectedMessage
from crmctl.render.change import changes_text
from crmctl.text import plural
from crmctl.workspace.inbox_summary import InboxSummary
from crmctl.workspace.presentation import value_shower
from crmctl.workspace.workspace import Workspace

FORMATS = ("table", "json", "jsonl", "yaml")


def emit_inbox(output: Output, summary: InboxSummary, workspace: Workspace) -> int:
    """Tell the summary and return the exit code: 7 where a message was rejected for what it holds."""
    for warning in summary.warnings:
        output.warning(warning)
    for note in summary.notes:
        output.note(note)
    if output.format in WHOLE:
        plan = {"plan": msgspec.to_builtins(summary.plan)} if summary.dry_run else {}
        output.json({**summary.counts(), **plan})
    elif summary.dry_run:
        refused = [Refused(_told(each)) for each in summary.rejected]
        output.text(changes_text(summary.changes, refused, value_shower(workspace), output.style))
    if not summary.rejects and not summary.dry_run:
        emit_rejected(output, list(map(_told, summary.rejected)))
    output.status(summary_line(summary))
    return PARTLY if summary.faulty else 0


def _told(each: RejectedMessage) -> str:
    return f"{each.label}: {each.reason}"


def summary_line(summary: InboxSummary) -> str:
    """Return `R-12: 40 messages: 3 created, 30 joined, ... (undo: crmctl undo R-12)`."""
    counts = {
        "created": summary.created,
        "joined": summary.joined,
        "unchanged": summary.unchanged,
        "blacklisted": summary.blacklisted,
        "rejected": summary.faulty,
    }
    more = [f"{plural(summary.waits_ended, 'wait')} ended"] if summary.waits_ended else []
    taken = plural(summary.messages, "message")
    return run_line(summary.run, taken, counts, *more, rejects=summary.rejects, dry_run=summary.dry_run)
