"""`crmctl agenda`."""

import click

from crmctl.cli.emit_agenda import emit_agenda
from crmctl.cli.options import ReaderCommand
from crmctl.cli.session import Session
from crmctl.errors import WrongUse
from crmctl.workspace.agenda import agenda


@click.command(
    "agenda",
    cls=ReaderCommand,
    examples="""
    crmctl agenda
    crmctl agenda --assignee oleg --days 14
    crmctl agenda --everyone -o json
    """,
)
@click.option("--assignee", default="", metavar="USER", help="Whose tasks; your own if not named.")
@click.option(
    "--days",
    type=click.IntRange(0, 3660),
    default=7,
    metavar="N",
    help="How many days after today; 7 if not said.",
)
@click.option("--everyone", is_flag=True, help="The tasks of all, and of nobody.")
@click.pass_obj
def command(session: Session, assignee: str, days: int, everyone: bool) -> None:
    """Show open tasks: overdue, today, the next days, then those without a date."""
    if assignee and everyone:
        raise WrongUse("--assignee and --everyone exclude each other")
    workspace = session.workspace
    found = agenda(workspace, assignee, days, everyone=everyone)
    emit_agenda(session.output, found, workspace, days, everyone=everyone)
