"""Telling what taking in messages did: one line for people and logs, the same as JSON for programs."""

import msgspec

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
MOST_TOLD = 20


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
        _warn(output, summary)
    output.status(summary_line(summary))
    return PARTLY if summary.faulty else 0


def _warn(output: Output, summary: InboxSummary) -> None:
    """Name the first messages that were not taken where no file does."""
    for each in summary.rejected[:MOST_TOLD]:
        output.warning(_told(each))
    if len(summary.rejected) > MOST_TOLD:
        more = len(summary.rejected) - MOST_TOLD
        output.warning(
            f"and {more:,} more", hint="--rejects FILE writes them all to a file that can be mended"
        )


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
    told = [f"{count:,} {what}" for what, count in counts.items() if count]
    if summary.waits_ended:
        told.append(f"{plural(summary.waits_ended, 'wait')} ended")
    name = summary.run or ("dry run" if summary.dry_run else "nothing to do")
    line = ": ".join(filter(None, (name, plural(summary.messages, "message"), ", ".join(told))))
    if summary.rejects:
        line += f" -> {summary.rejects}"
    return f"{line} (undo: crmctl undo {summary.run})" if summary.run else line
