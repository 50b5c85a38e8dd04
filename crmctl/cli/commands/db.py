"""`crmctl db`."""

import click

from crmctl.cli.emit_database import emit_stats
from crmctl.cli.options import Command, Group, WriterCommand
from crmctl.cli.session import Session
from crmctl.render.format_names import FORMATS
from crmctl.workspace.database import (
    accept_edit,
    back_up,
    check_database,
    damaged,
    find_database,
    restore,
    stats,
    warnings,
)


@click.group("db", cls=Group)
def command() -> None:
    """Check, measure, back up and restore the database."""


@command.command(
    "check",
    cls=WriterCommand,
    writes=("accept",),
    examples="""
    crmctl db check
    crmctl db check --accept
    """,
)
@click.option("--accept", is_flag=True, help="Take a hand edit that you have looked over.")
@click.pass_obj
def check(session: Session, accept: bool) -> None:
    """Read the whole file and say what is wrong with it (exit 6)."""
    database = find_database(session.settings)
    if accept and not session.writing.dry_run and accept_edit(database):
        session.output.status(f"{database.path}: accepted as it is")
        return
    problems = check_database(database)
    if problems:
        raise damaged(database, problems)
    session.output.status(f"{database.path} is in order")
    for warning in warnings(database):
        session.output.warning(warning)


@command.command(
    "stats",
    cls=Command,
    formats=tuple(name for name in FORMATS if name != "ids"),
    examples="""
    crmctl db stats
    crmctl db stats -o json
    """,
)
@click.pass_obj
def show_stats(session: Session) -> None:
    """Show size, generation, records by table, and the backups."""
    emit_stats(session.output, stats(find_database(session.settings)))


@command.command(
    "backup",
    cls=WriterCommand,
    examples="""
    crmctl db backup crm-before-the-fair.json
    crmctl db backup /mnt/usb/crm.json
    """,
)
@click.argument("file")
@click.pass_obj
def backup(session: Session, file: str) -> None:
    """Copy the database to a new FILE."""
    database = find_database(session.settings)
    if session.writing.dry_run:
        session.output.status(f"{database.path} would be copied to {file}")
        return
    generation = back_up(database, file)
    session.output.status(f"generation {generation} copied to {file}")


@command.command(
    "restore",
    cls=WriterCommand,
    examples="""
    crmctl db restore
    crmctl db restore .crmctl/backups/crm.json.41.20261121T183759Z --yes
    """,
)
@click.argument("file", required=False, default="")
@click.pass_obj
def bring_back(session: Session, file: str) -> None:
    """Make a backup the database again: FILE, or the newest good one. The present file is kept aside."""
    database, backup = find_database(session.settings), file or "its newest good backup"
    if session.writing.dry_run:
        session.output.status(f"{database.path} would be replaced by {backup}")
        return
    session.confirm(f"replace {database.path} by {backup}")
    generation = restore(database, file)
    session.output.status(f"restored as generation {generation}")
