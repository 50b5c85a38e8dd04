"""`crmctl search`."""

import click

from crmctl.cli.emit_records import emit_hits
from crmctl.cli.options import ReaderCommand
from crmctl.cli.session import Session
from crmctl.model.records import record_type
from crmctl.workspace.search import search_records


@click.command(
    "search",
    cls=ReaderCommand,
    examples="""
    crmctl search коваль
    crmctl search "050 123 45 67"
    crmctl search acme --type company --type deal
    """,
)
@click.argument("text", nargs=-1, required=True)
@click.option("--type", "kinds", multiple=True, metavar="TYPE", help="Only this type. May be repeated.")
@click.pass_obj
def command(session: Session, text: tuple[str, ...], kinds: tuple[str, ...]) -> None:
    """Find TEXT in every text field and note of every record, phones and e-mails however typed."""
    found = search_records(session.workspace, " ".join(text), [record_type(kind) for kind in kinds])
    emit_hits(session.output, found)
    if not kinds:
        session.note_unread_tasks()
