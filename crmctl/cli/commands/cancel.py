"""`crmctl cancel`."""

import click

from crmctl.cli.options import WriterCommand, ids_argument, partial_option
from crmctl.cli.session import Session
from crmctl.workspace.work_tasks import cancel_tasks


@click.command(
    "cancel",
    cls=WriterCommand,
    examples="""
    crmctl cancel T-7 --note 'Клиент сам перезвонил'
    crmctl filter tasks 'open and for = L-7' -o ids | crmctl cancel -
    """,
)
@ids_argument
@click.option("--note", default="", metavar="TEXT", help="Why; kept in the task's comment.")
@partial_option
@click.pass_obj
def command(session: Session, ids: tuple[str, ...], note: str, partial: bool) -> int:
    """Drop tasks: nothing follows from them."""
    options = session.bulk(partial=partial)
    return session.wrote(cancel_tasks(session.workspace, session.ids(ids), note, options))
