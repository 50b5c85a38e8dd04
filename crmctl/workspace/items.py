"""`item add` and `item remove`: the lines of a deal; and those lines with the titles of their products."""

import msgspec

from crmctl.model.change import Change
from crmctl.model.item_line import total_of
from crmctl.model.records import Record, parse_id
from crmctl.rules.decision import Refusal
from crmctl.rules.items import NewLine, lines_of, with_line, without_line
from crmctl.rules.update import update
from crmctl.storage.interface import Reader
from crmctl.workspace.each import change_each
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.transaction import Transaction
from crmctl.workspace.workspace import Workspace


class ShownLine(msgspec.Struct, frozen=True):
    """A line of a deal as it is shown."""

    product: str
    title: str
    quantity: str
    price: str
    total: str


def add_item(workspace: Workspace, deal: str, product: str, line: NewLine, options: WriteOptions) -> Outcome:
    """Add a line to a deal. Raises Refused, WrongUse, NotFound."""

    def decide(record: Record, tx: Transaction) -> Change | Refusal:
        return update(record, with_line(record, tx.get(product), line, tx.context), tx.context)

    return change_each(workspace, [deal], options, "update", decide)


def remove_item(
    workspace: Workspace, deal: str, product: str, line: NewLine, options: WriteOptions
) -> Outcome:
    """Take lines of a product from a deal. Raises Refused, WrongUse, NotFound; the product may be gone."""
    named = parse_id(product)

    def decide(record: Record, tx: Transaction) -> Change | Refusal:
        return update(record, without_line(record, named, line, tx.context), tx.context)

    return change_each(workspace, [deal], options, "update", decide)


def shown_lines(record: Record, reader: Reader) -> tuple[list[ShownLine], str]:
    """Return a deal's lines with the titles of their products, and what they come to."""
    lines = lines_of(record)
    titles = {line.product: reader.get(line.product) for line in lines}
    shown = [
        ShownLine(
            line.product,
            product.title if (product := titles[line.product]) else "(deleted)",
            f"{line.quantity:f}",
            str(line.price),
            f"{line.total} {line.price.currency}",
        )
        for line in lines
    ]
    return shown, str(total_of(lines) or "")
