"""`crmctl hooks`."""

import click

from crmctl.cli.emit_hooks import emit_hooks, emit_trusted, emit_untrusted
from crmctl.cli.options import Command, Group
from crmctl.cli.session import Session
from crmctl.workspace.hooks.manage import list_hooks, trust_hooks, untrust_hooks

_names = click.argument("names", metavar="[HOOK]...", nargs=-1)


@click.group("hooks", cls=Group)
def command() -> None:
    """Trust the programs in .crmctl/hooks that changes set off; none runs that you did not trust as it stands."""


@command.command(
    "list",
    cls=Command,
    examples="""
    crmctl hooks list
    crmctl hooks list -o json
    """,
)
@click.pass_obj
def show(session: Session) -> None:
    """List the hooks, and whether each is run: before-change, after-change, after-import, on-reminder."""
    emit_hooks(session.output, list_hooks(session.settings))


@command.command(
    "trust",
    cls=Command,
    writes=True,
    examples="""
    crmctl hooks trust before-change
    crmctl hooks trust
    """,
)
@_names
@click.pass_obj
def trust(session: Session, names: tuple[str, ...]) -> None:
    """Trust hooks, all if none is named, as long as they stay as they are. Read them first: they run as you."""
    emit_trusted(session.output, trust_hooks(session.settings, names))


@command.command(
    "untrust",
    cls=Command,
    writes=True,
    examples="""
    crmctl hooks untrust before-change
    crmctl hooks untrust
    """,
)
@_names
@click.pass_obj
def untrust(session: Session, names: tuple[str, ...]) -> None:
    """Trust hooks no longer, all if none is named."""
    emit_untrusted(session.output, untrust_hooks(session.settings, names))
