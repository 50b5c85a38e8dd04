"""`crmctl reschedule`."""

import click

from crmctl.cli.options import WriterCommand
from crmctl.cli.session import Session
from crmctl.workspace.work_tasks import reschedule_tasks


@click.command(
    "reschedule",
    cls=WriterCommand,
    examples="""
    crmctl reschedule T-7 +2d
    crmctl reschedule T-7 2026-12-01T15:30
    """,
)
@click.argument("task", metavar="T-ID")
@click.argument("when", metavar="WHEN")
@click.pass_obj
def command(session: Session, task: str, when: str) -> int:
    """Let a task be due at another time; its reminder keeps its distance."""
    return session.wrote(reschedule_tasks(session.workspace, [task], when, session.writing))
