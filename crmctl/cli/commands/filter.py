"""`crmctl filter`."""

import click

from crmctl.cli.listing import listing_options, run_list
from crmctl.cli.options import Command
from crmctl.cli.session import Session


@click.command(
    "filter",
    cls=Command,
    examples="""
    crmctl filter deals 'stage in (order, shipping) and amount >= 10k'
    crmctl filter leads 'created_at >= -7d and source is empty'
    crmctl filter leads 'stage = new' -o ids | crmctl assign - --round-robin anna,oleg
    """,
)
@click.argument("record", metavar="TYPE")
@click.argument("where", metavar="EXPR")
@listing_options
@click.pass_obj
def command(session: Session, /, record: str, where: str, **options: object) -> int:
    """List the records of TYPE that EXPR is true of."""
    return run_list(session, record, where, options)
