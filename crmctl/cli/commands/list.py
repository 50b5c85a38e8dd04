"""`crmctl list`."""

import click

from crmctl.cli.listing import listing_options, run_list
from crmctl.cli.options import ReaderCommand
from crmctl.cli.session import Session


@click.command(
    "list",
    cls=ReaderCommand,
    examples="""
    crmctl list deals --where 'open and amount >= 50k' --sort -amount
    crmctl list leads --fields id,title,phone --limit 20
    crmctl list deals --view mine -o json
    crmctl list leads --where 'stage = new' --count
    """,
)
@click.argument("record", metavar="TYPE")
@click.option("--where", default="", metavar="EXPR", help="Only records an expression is true of.")
@listing_options
@click.pass_obj
def command(session: Session, /, record: str, where: str, **options: object) -> int:
    """List records of TYPE."""
    return run_list(session, record, where, options)
