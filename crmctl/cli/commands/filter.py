"""`crmctl filter`."""

import click

from crmctl.cli.listing import list_request, listing_options, run_list
from crmctl.cli.options import ReaderCommand
from crmctl.cli.session import Session
from crmctl.errors import WrongUse
from crmctl.workspace.listing import save_view


@click.command(
    "filter",
    cls=ReaderCommand,
    examples="""
    crmctl filter deals 'stage in (order, shipping) and amount >= 10k'
    crmctl filter leads 'created_at >= -7d and source is empty'
    crmctl filter deals 'open and amount >= 50k' --sort -amount --save large
    crmctl filter leads unassigned -o ids | crmctl assign - --to anna --yes
    """,
)
@click.argument("record", metavar="TYPE")
@click.argument("where", metavar="EXPR")
@listing_options
@click.option("--save", default="", metavar="NAME", help="Keep the filter as a view of this name.")
@click.pass_obj
def command(session: Session, /, record: str, where: str, save: str, **options: object) -> int:
    """List the records of TYPE that EXPR is true of."""
    if not where.strip():
        raise WrongUse("an empty expression", hint=f"crmctl list {record} shows them all")
    if save:
        save_view(session.workspace, save, list_request(record, where, options))
        session.output.status(f'kept as the view "{save}"')
    return run_list(session, record, where, options)
