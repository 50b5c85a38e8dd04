"""`crmctl log`."""

import click

from crmctl.cli.emit_history import emit_entries
from crmctl.cli.options import Command
from crmctl.cli.session import Session
from crmctl.workspace.log import LogRequest, read_log


@click.command(
    "log",
    cls=Command,
    examples="""
    crmctl log
    crmctl log D-42
    crmctl log --since today --by anna
    crmctl log --operation move --since -7d -o json
    """,
)
@click.argument("ids", nargs=-1, metavar="[ID...]")
@click.option("--since", default="", metavar="WHEN", help="From then on.")
@click.option("--until", default="", metavar="WHEN", help="Up to and with then.")
@click.option("--by", default="", metavar="USER", help="Only this user's changes; me for your own.")
@click.option("--operation", default="", metavar="NAME", help="Only create, update, move, ... or a run.")
@click.option("--limit", type=click.IntRange(min=0), default=0, metavar="N", help="At most N (0: all).")
@click.pass_obj
def command(
    session: Session, ids: tuple[str, ...], since: str, until: str, by: str, operation: str, limit: int
) -> None:
    """Show what happened, the latest first."""
    asked = LogRequest(tuple(session.ids(ids)), since, until, by, operation, limit)
    workspace = session.lenient_workspace
    emit_entries(session.output, read_log(workspace, asked), workspace)
