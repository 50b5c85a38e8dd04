"""`crmctl blacklist`."""

import sys
from collections.abc import Sequence

import click

from crmctl.cli.emit_blacklist import emit_blacklist, emit_list_change
from crmctl.cli.options import Command, Group, WriterCommand
from crmctl.cli.session import Session
from crmctl.workspace.blacklisting import add_to_blacklist, read_blacklist, remove_from_blacklist

_reason = click.option("--reason", default="", metavar="TEXT", help="Why, for whoever asks later.")
_kind = click.argument("kind", metavar="KIND")
_values = click.argument("values", metavar="VALUE...|-", nargs=-1, required=True)


@click.group("blacklist", cls=Group)
def command() -> None:
    """List phones, e-mails, domains, messengers and sources that create, import and inbox refuse."""


@command.command(
    "add",
    cls=WriterCommand,
    examples="""
    crmctl blacklist add phone "+380 50 123 45 67" --reason "rude callers"
    crmctl blacklist add domain mailings.example
    crmctl blacklist add source cold_list
    """,
)
@_kind
@_values
@_reason
@click.pass_obj
def add(session: Session, kind: str, values: tuple[str, ...], reason: str) -> None:
    """Put values on the list: a phone, email, domain, messenger or source. A domain covers those below it."""
    change = add_to_blacklist(session.workspace, kind, _read(values), reason, session.writing)
    emit_list_change(session.output, change, session.workspace, "listed")


@command.command(
    "list",
    cls=Command,
    examples="""
    crmctl blacklist list
    crmctl blacklist list phone -o json
    """,
)
@click.argument("kind", metavar="[KIND]", required=False, default="")
@click.pass_obj
def show(session: Session, kind: str) -> None:
    """Show what is listed, the latest first: since when, by whom and why."""
    emit_blacklist(session.output, read_blacklist(session.workspace, kind), session.workspace)


@command.command(
    "remove",
    cls=WriterCommand,
    examples="""
    crmctl blacklist remove phone "(050) 123-45-67"
    crmctl blacklist remove domain mailings.example --reason "a client after all"
    """,
)
@_kind
@_values
@_reason
@click.pass_obj
def remove(session: Session, kind: str, values: tuple[str, ...], reason: str) -> None:
    """Take values off the list, all of them or none."""
    change = remove_from_blacklist(session.workspace, kind, _read(values), reason, session.writing)
    emit_list_change(session.output, change, session.workspace, "taken off")


def _read(values: Sequence[str]) -> list[str]:
    """Return the values named; in the place of `-` those on standard input, one a line."""
    found: list[str] = []
    for text in values:
        found += [line for line in sys.stdin.read().splitlines() if line.strip()] if text == "-" else [text]
    return found
