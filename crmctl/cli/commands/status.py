"""`crmctl status`."""

import click

from crmctl.cli.emit_status import emit_status
from crmctl.cli.options import ReaderCommand
from crmctl.cli.session import Session
from crmctl.workspace.status import status


@click.command(
    "status",
    cls=ReaderCommand,
    formats=("table", "json", "jsonl", "yaml"),
    examples="""
    crmctl status
    crmctl status -o json
    """,
)
@click.pass_obj
def command(session: Session) -> None:
    """Show the workspace at a glance: records, what is late, the last import, the configuration."""
    emit_status(session.output, status(session.workspace), session.workspace.configuration.timezone)
    session.note_unread_tasks()
