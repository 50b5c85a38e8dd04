"""`crmctl take`."""

import click

from crmctl.cli.options import WriterCommand, ids_argument, partial_option
from crmctl.cli.session import Session
from crmctl.workspace.work_tasks import held_by_others, take_tasks


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
    """Begin tasks: they are in progress, and yours. Those that a colleague is at need a yes."""
    named = session.ids(ids)
    given = session.given
    agreed = given.yes or (session.may_ask and not given.dry_run and _agreed(session, named))
    options = session.bulk(partial=partial)
    return session.wrote(take_tasks(session.workspace, named, options, from_others=agreed))


def _agreed(session: Session, ids: list[str]) -> bool:
    """Ask whether tasks are to be taken over from colleagues who are at them. Raises Declined for a no."""
    held = held_by_others(session.workspace, ids)
    if held:
        session.confirm(f"take over {', '.join(held)}")
    return bool(held)
