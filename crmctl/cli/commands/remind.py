"""`crmctl remind`."""

import sys
from collections.abc import Sequence

import click

from crmctl.activities.remind import Reminder
from crmctl.cli.emit_reminders import emit_reminders
from crmctl.cli.options import WriterCommand
from crmctl.cli.session import Session, exit_code
from crmctl.text import plural
from crmctl.workspace.remind import Reminded, Rows, due_now, remind, reminder_rows


@click.command(
    "remind",
    cls=WriterCommand,
    examples="""
    crmctl remind
    crmctl remind --assignee oleg --dry-run
    crmctl remind -q --exec /srv/sales/send-reminder.sh
    """,
)
@click.option("--assignee", default="", metavar="USER", help="Whose tasks; everybody's if not named.")
@click.option(
    "--exec",
    "program",
    default=None,
    metavar="CMD",
    help="Hand each as JSON to the standard input of a program, instead of printing it.",
)
@click.pass_obj
def command(session: Session, assignee: str, program: str | None) -> int:
    """Tell reminders that are due, each once: what is told is marked. For cron; nothing due, nothing said."""
    if program is not None:
        return _handed(session, assignee, program)

    def show(reminders: Sequence[Reminder], rows: Rows) -> None:
        emit_reminders(session.output, reminders, rows, session.workspace)
        sys.stdout.flush()

    if session.writing.dry_run:
        return _foretold(session, assignee)
    reminded = remind(session.workspace, assignee, show, one_by_one=False)
    if not reminded.told and not reminded.failures:
        show([], [])
    return _told(session, reminded)


def _handed(session: Session, assignee: str, program: str) -> int:
    from crmctl.workspace.remind_by import telling

    workspace = session.workspace
    tell = telling(workspace, program)
    if session.writing.dry_run:
        return _foretold(session, assignee)
    reminded = remind(workspace, assignee, tell, one_by_one=True)
    if session.output.format:
        emit_reminders(session.output, reminded.told, reminded.rows, workspace)
    if reminded.told:
        session.output.status(f"{plural(len(reminded.told), 'reminder')} told")
    return _told(session, reminded)


def _foretold(session: Session, assignee: str) -> int:
    due = due_now(session.workspace, assignee)
    emit_reminders(session.output, due, reminder_rows(session.workspace, due), session.workspace)
    return 0


def _told(session: Session, reminded: Reminded) -> int:
    for error in reminded.failures:
        session.output.error(error)
    return exit_code(some=bool(reminded.told), all_of_it=not reminded.failures)
