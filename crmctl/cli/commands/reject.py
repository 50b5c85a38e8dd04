"""`crmctl reject`."""

import click

from crmctl.cli.asking import run_asking
from crmctl.cli.options import WriterCommand, ids_argument, partial_option, set_option
from crmctl.cli.session import Session
from crmctl.rules.assignment import Assignment
from crmctl.workspace.move import Rejection, reject_leads
from crmctl.workspace.outcome import Outcome


@click.command(
    "reject",
    cls=WriterCommand,
    examples="""
    crmctl reject L-7 --reason spam
    crmctl reject L-8 --reason spam --blacklist
    crmctl filter leads 'phone is empty' -o ids | crmctl reject - --reason spam -y
    """,
)
@ids_argument
@click.option("--reason", default="", metavar="REASON", help="Why, from the workspace's list.")
@click.option("--blacklist", is_flag=True, help="Also list their phones, e-mails and messengers.")
@set_option
@partial_option
@click.pass_obj
def command(
    session: Session,
    ids: tuple[str, ...],
    reason: str,
    blacklist: bool,
    assignments: list[Assignment],
    partial: bool,
) -> int:
    """Move leads to their lost stage, with a reason."""
    named = session.confirmed_ids("reject", ids)

    def act(extra: list[Assignment]) -> Outcome:
        asked = Rejection(reason, (*assignments, *extra), blacklist)
        return reject_leads(session.workspace, named, asked, session.bulk(partial=partial))

    return session.wrote(run_asking(session, act))
