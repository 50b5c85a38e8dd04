"""`crmctl take`."""

import click

from crmctl.cli.options import WriterCommand, ids_argument, partial_option
from crmctl.cli.session import Session
from crmctl.workspace.work_tasks import take_tasks


@click.command(
    "take",
    cls=WriterCommand,
    examples="""
    crmctl take T-7
    crmctl filter tasks 'overdue and unassigned' -o ids | crmctl take -
    """,
)
@ids_argument
@partial_option
@click.pass_obj
def command(session: Session, ids: tuple[str, ...], partial: bool) -> int:
    """Begin tasks: they are in progress, and yours."""
    return session.wrote(take_tasks(session.workspace, session.ids(ids), session.bulk(partial=partial)))
