"""`crmctl restore`."""

import click

from crmctl.cli.options import WriterCommand, ids_argument
from crmctl.cli.session import Session
from crmctl.workspace.delete import restore_records


@click.command(
    "restore",
    cls=WriterCommand,
    examples="""
    crmctl restore L-7
    crmctl restore L-7 L-8
    """,
)
@ids_argument
@click.pass_obj
def command(session: Session, ids: tuple[str, ...]) -> int:
    """Bring records back from the trash as they were."""
    return session.wrote(restore_records(session.workspace, session.ids(ids), session.writing))
