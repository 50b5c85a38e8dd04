"""`crmctl inbox`."""

import click

from crmctl.cli.emit_inbox import FORMATS, emit_inbox
from crmctl.cli.options import WriterCommand
from crmctl.cli.session import Session
from crmctl.workspace.inbox import take_messages


@click.command(
    "inbox",
    cls=WriterCommand,
    formats=FORMATS,
    examples="""
    crmctl inbox night.jsonl --rejects rejects.jsonl
    crmctl inbox letter.eml ~/mail/sales.mbox --dry-run
    bot.sh | crmctl inbox - -o json
    """,
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...|-")
@click.option(
    "--rejects", default="", metavar="FILE", help="Write messages that are not taken here, as JSON Lines."
)
@click.pass_obj
def command(session: Session, files: tuple[str, ...], rejects: str) -> int:
    """Take in messages: JSON Lines, .eml files and mbox, told apart by what they hold.

    A known client gets the message in the history and their waits end; an unknown one becomes a lead with the
    channel as source. A message that comes twice is one. All of it is one run that can be undone.
    """
    summary = take_messages(session.workspace, files, rejects, session.writing)
    return emit_inbox(session.output, summary, session.workspace)
