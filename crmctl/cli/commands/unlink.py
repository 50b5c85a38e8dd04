"""`crmctl unlink`."""

import click

from crmctl.cli.options import WriterCommand
from crmctl.cli.session import Session
from crmctl.workspace.link import unlink_records


@click.command(
    "unlink",
    cls=WriterCommand,
    examples="""
    crmctl unlink C-1 O-2
    crmctl unlink D-42 C-1
    crmctl unlink D-42 https://example.com/offer.pdf
    """,
)
@click.argument("record", metavar="ID")
@click.argument("other", metavar="ID|URL|PATH")
@click.pass_obj
def command(session: Session, record: str, other: str) -> int:
    """Take a link, or an attached document, away."""
    return session.wrote(unlink_records(session.workspace, record, other, session.writing))
