"""`crmctl wait`."""

import click

from crmctl.cli.answer import Answer
from crmctl.cli.options import WriterCommand, ids_argument
from crmctl.cli.session import Session
from crmctl.workspace.wait import wait_for


@click.command(
    "wait",
    cls=WriterCommand,
    examples="""
    crmctl wait L-7 --until +3d
    crmctl wait D-42 --until 2026-12-01 --note 'обещали ответить после отпуска'
    """,
)
@ids_argument
@click.option("--until", required=True, metavar="WHEN", help="When to go on if nobody gets in touch.")
@click.option("--note", default="", metavar="TEXT", help="What for; kept in the task's comment.")
@click.pass_obj
def command(session: Session, ids: tuple[str, ...], until: str, note: str) -> int:
    """Wait for a client: a task of type wait, which any message from them ends. Prints its id.

    A record that waits already goes on to wait until the new time.
    """
    outcome = wait_for(session.workspace, session.ids(ids), until, note, session.writing)
    code = session.wrote(outcome, Answer.CREATED if outcome.created else Answer.GIVEN)
    if not (outcome.created or outcome.dry_run or session.format):
        for record in outcome.records:
            session.output.data(record.id)
    return code
