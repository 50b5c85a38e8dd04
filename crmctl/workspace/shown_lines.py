"""The lines of a deal as they are shown: with the titles of their products, and what they come to."""

import msgspec

from crmctl.model.records import Record
from crmctl.storage.interface import Reader


class ShownLine(msgspec.Struct, frozen=True):
    """A line of a deal as it is shown."""

    product: str
    title: str
    quantity: str
    price: str
    total: str


def shown_lines(record: Record, reader: Reader) -> tuple[list[ShownLine], str]:
    """Return a deal's lines with the titles of their products, and what they come to."""
    if record.get("items") is None:
        return [], ""
    from crmctl.model.item_line import lines_of, total_of

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
