"""`crmctl help`."""

import click

from crmctl.cli.options import Command
from crmctl.cli.session import Session
from crmctl.cli.topics import TOPICS
from crmctl.errors import NotFound
from crmctl.text import did_you_mean, names_hint


@click.command(
    "help",
    cls=Command,
    examples="""
    crmctl help move
    crmctl help filters
    """,
)
@click.argument("names", nargs=-1, metavar="[COMMAND|TOPIC]")
@click.pass_context
def command(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Show help on a command or a topic: exit-codes, environment, filters, dates, formats."""
    session: Session = ctx.obj
    root = ctx.find_root()
    if len(names) == 1 and names[0] in TOPICS:
        session.output.data(TOPICS[names[0]].strip())
        return
    found, where = root.command, root
    for name in names:
        inner = found.get_command(where, name) if isinstance(found, click.Group) else None
        if inner is None:
            known = [*TOPICS, *(found.list_commands(where) if isinstance(found, click.Group) else [])]
            hint = did_you_mean(name, known) or names_hint(name, TOPICS, "topics")
            raise NotFound(f'no command or topic "{name}"', hint=hint)
        found, where = inner, click.Context(inner, info_name=name, parent=where)
    session.output.data(found.get_help(where))
