"""`crmctl assign`."""

import click

from crmctl.cli.options import WriterCommand, ids_argument, partial_option
from crmctl.cli.session import Session
from crmctl.workspace.assign import Assignees, assign_records


@click.command(
    "assign",
    cls=WriterCommand,
    examples="""
    crmctl assign L-7 L-8 --round-robin anna,oleg
    crmctl filter leads unassigned -o ids | crmctl assign - --to me --yes
    crmctl assign L-9 --least-loaded retail
    """,
)
@ids_argument
@click.option("--to", default="", metavar="USER", help="To one user; me for yourself.")
@click.option(
    "--round-robin", default="", metavar="USERS", help="To users, or a team, in turn, from the last turn on."
)
@click.option(
    "--least-loaded", default="", metavar="USERS", help="To whoever has least open records of the same type."
)
@partial_option
@click.pass_obj
def command(
    session: Session, ids: tuple[str, ...], to: str, round_robin: str, least_loaded: str, partial: bool
) -> int:
    """Give records to owners.

    USERS are users and teams, with commas between them. Whose turn it is goes by the last turn of the same users,
    whichever command or stage gave it.
    """
    named = session.confirmed_ids("assign", ids)
    asked = Assignees(to, round_robin, least_loaded)
    return session.wrote(assign_records(session.workspace, named, asked, session.bulk(partial=partial)))
