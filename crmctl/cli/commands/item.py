"""`crmctl item`."""

import click

from crmctl.cli.options import Group, WriterCommand
from crmctl.cli.session import Session
from crmctl.rules.items import NewLine
from crmctl.workspace.items import add_item, remove_item

_deal = click.argument("deal", metavar="D-ID")
_product = click.argument("product", metavar="P-ID")


@click.group("item", cls=Group)
def command() -> None:
    """Put products on a deal, line by line, or take them off. The deal's amount follows its lines."""


@command.command(
    "add",
    cls=WriterCommand,
    examples="""
    crmctl item add D-42 P-1 --quantity 3
    crmctl item add D-42 P-2 --price 95
    """,
)
@_deal
@_product
@click.option("--quantity", default="", metavar="N", help="How many, or how much of it; 1 if not given.")
@click.option("--price", default="", metavar="MONEY", help="Of one; that of the catalogue if not given.")
@click.pass_obj
def add(session: Session, deal: str, product: str, quantity: str, price: str) -> int:
    """Put a product on a deal. What is there at the same price already becomes more of it.

    The amount is the sum of the lines, unless one was set by hand; emptied, it follows the lines again.
    """
    return session.wrote(
        add_item(session.workspace, deal, product, NewLine(quantity, price), session.writing)
    )


@command.command(
    "remove",
    cls=WriterCommand,
    examples="""
    crmctl item remove D-42 P-1
    crmctl item remove D-42 P-1 --quantity 1
    """,
)
@_deal
@_product
@click.option("--quantity", default="", metavar="N", help="Only so many; all if not given.")
@click.option("--price", default="", metavar="MONEY", help="Only the line at this price.")
@click.pass_obj
def remove(session: Session, deal: str, product: str, quantity: str, price: str) -> int:
    """Take a product off a deal."""
    return session.wrote(
        remove_item(session.workspace, deal, product, NewLine(quantity, price), session.writing)
    )
