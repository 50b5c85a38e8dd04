"""`crmctl delete`."""

import click

from crmctl.cli.options import WriterCommand, ids_argument
from crmctl.cli.session import Session
from crmctl.text import plural
from crmctl.workspace.delete import delete_records, purge_records


@click.command(
    "delete",
    cls=WriterCommand,
    examples="""
    crmctl delete L-7
    crmctl delete L-7 L-8 --yes
    crmctl delete C-1 --purge --yes
    """,
)
@ids_argument
@click.option("--purge", is_flag=True, help="Remove for good, with the values in the history.")
@click.pass_obj
def command(session: Session, ids: tuple[str, ...], purge: bool) -> int:
    """Move records to the trash, from which restore brings them back."""
    named = session.ids(ids)
    told = "remove for good" if purge else "delete"
    session.confirm(
        f"{told} {plural(len(named), 'record')} ({', '.join(named[:5])}{', ...' * (len(named) > 5)})"
    )
    operation = purge_records if purge else delete_records
    return session.wrote(operation(session.workspace, named, session.writing))
