"""`crmctl link`."""

import click

from crmctl.cli.options import WriterCommand
from crmctl.cli.session import Session
from crmctl.workspace.link import link_records


@click.command(
    "link",
    cls=WriterCommand,
    examples="""
    crmctl link C-1 O-2
    crmctl link D-42 C-1
    crmctl link D-42 https://example.com/offer.pdf
    """,
)
@click.argument("record", metavar="ID")
@click.argument("other", metavar="ID|URL|PATH")
@click.pass_obj
def command(session: Session, record: str, other: str) -> int:
    """Link two records, or attach a URL or a path to one.

    A contact is linked to a company; a deal to a contact, a company or an earlier deal. The order does
    not matter.
    """
    return session.wrote(link_records(session.workspace, record, other, session.writing))
