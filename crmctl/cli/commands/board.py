"""`crmctl board`."""

import click

from crmctl.cli.emit_board import emit_board
from crmctl.cli.options import ReaderCommand
from crmctl.cli.session import Session
from crmctl.workspace.board import board


@click.command(
    "board",
    cls=ReaderCommand,
    formats=("table", "json", "jsonl", "yaml"),
    examples="""
    crmctl board wholesale
    crmctl board leads --where 'owner = me' --fields title,source
    """,
)
@click.argument("pipeline", required=False, default="")
@click.option("--where", default="", metavar="EXPR", help="Only records an expression is true of.")
@click.option(
    "--fields", default="", metavar="LIST", help="What a card shows: names with commas between them."
)
@click.option("--all", "whole", is_flag=True, help="Won and lost stages, too.")
@click.pass_obj
def command(session: Session, pipeline: str, where: str, fields: str, whole: bool) -> None:
    """Show a pipeline as columns of cards."""
    names = tuple(name.strip() for name in fields.split(",") if name.strip())
    emit_board(session.output, board(session.workspace, pipeline, where, names), whole=whole)
