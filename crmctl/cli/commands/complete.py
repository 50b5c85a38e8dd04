"""`crmctl complete`."""

import click

from crmctl.cli.asking import run_asking
from crmctl.cli.asking_next import ask_next
from crmctl.cli.options import WriterCommand, set_option
from crmctl.cli.session import Session
from crmctl.rules.assignment import Assignment
from crmctl.workspace.complete import CompleteRequest, complete_task
from crmctl.workspace.outcome import Outcome


@click.command(
    "complete",
    cls=WriterCommand,
    examples="""
    crmctl complete T-7 --result call_back -s due=tomorrow
    crmctl complete T-7 --result bought -s deal.amount=1200 --note 'Оплатил сразу'
    crmctl complete T-7 --next send_offer:+1d
    """,
)
@click.argument("task", metavar="T-ID")
@click.option("--result", default="", metavar="RESULT", help="What came of it.")
@set_option
@click.option("--note", default="", metavar="TEXT", help="Kept in the task's comment.")
@click.option(
    "--next",
    "following",
    default="",
    metavar="TEMPLATE[:WHEN]",
    help="What comes next, instead of the result's step.",
)
@click.option("--no-next", is_flag=True, help="Nothing comes next.")
@click.pass_obj
def command(
    session: Session,
    task: str,
    result: str,
    assignments: list[Assignment],
    note: str,
    following: str,
    no_next: bool,
) -> int:
    """End a task with its result: the client's record moves, and the next task begins, as the result says."""

    def act(extra: list[Assignment]) -> Outcome:
        asked = CompleteRequest(result, (*assignments, *extra), note, following, no_next)
        return ask_next(
            session, asked, lambda each: complete_task(session.workspace, task, each, session.writing)
        )

    return session.wrote(run_asking(session, act))
