"""`crmctl runs`."""

import click

from crmctl.cli.emit_history import emit_runs
from crmctl.cli.options import Command
from crmctl.cli.session import Session
from crmctl.workspace.log import read_runs


@click.command(
    "runs",
    cls=Command,
    examples="""
    crmctl runs
    crmctl runs -o json
    """,
)
@click.pass_obj
def command(session: Session) -> None:
    """List imports and bulk changes, the latest first. Each can be undone as one."""
    emit_runs(
        session.output, read_runs(session.lenient_workspace), session.lenient_workspace.configuration.timezone
    )
