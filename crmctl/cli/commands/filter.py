"""`crmctl filter`."""

import click

from crmctl.cli.listing import list_request, listing_options, run_list
from crmctl.cli.options import KeepingCommand
from crmctl.cli.session import Session
from crmctl.errors import WrongUse
from crmctl.model.records import record_type
from crmctl.workspace.listing import ListRequest
from crmctl.workspace.saved_views import forget_view, save_view


@click.command(
    "filter",
    cls=KeepingCommand,
    examples="""
    crmctl filter deals 'stage in (order, shipping) and amount >= 10k'
    crmctl filter deals 'open and amount >= 50k' --sort -amount --save large
    crmctl filter deals --forget large
    crmctl filter leads unassigned -o ids | crmctl assign - --to anna --yes
    """,
)
@click.argument("record", metavar="TYPE")
@click.argument("where", required=False, default="", metavar="[EXPR]")
@listing_options
@click.option("--save", metavar="NAME", help="Keep the filter as a view of this name.")
@click.option("--forget", metavar="VIEW", help="Remove a view that was kept; takes no EXPR.")
@click.pass_obj
def command(
    session: Session, /, record: str, where: str, save: str | None, forget: str | None, **options: object
) -> int:
    """List the records of TYPE that EXPR is true of."""
    if forget is not None:
        if where or save is not None:
            raise WrongUse("--forget goes with neither EXPR nor --save")
        return _forget(session, record, forget)
    if not where.strip():
        raise WrongUse("an empty expression", hint=f"crmctl list {record} shows them all")
    if save is not None:
        _save(session, save, list_request(record, where, options))
    return run_list(session, record, where, options)


def _save(session: Session, name: str, asked: ListRequest) -> None:
    dry_run = session.writing.dry_run
    before = save_view(session.workspace, name, asked, dry_run=dry_run)
    instead = f", in the place of: {before.where}" if before else ""
    session.output.status(f'{"would be " if dry_run else ""}kept as the view "{name.strip()}"{instead}')


def _forget(session: Session, record: str, name: str) -> int:
    dry_run = session.writing.dry_run
    view = forget_view(session.workspace, name, record_type(record), dry_run=dry_run)
    session.output.status(f'the view "{name}" {"would be" if dry_run else "is"} removed: {view.where}')
    return 0
