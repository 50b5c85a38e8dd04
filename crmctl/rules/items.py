"""The lines of a deal: adding one, taking one away."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from crmctl.errors import NotFound, Refused, WrongUse, wrong_use
from crmctl.model.item_line import ItemLine, lines_of, merged, read_price, read_quantity
from crmctl.model.records import Record, RecordType, Value
from crmctl.money import Money
from crmctl.rules.context import Context


class NewLine(msgspec.Struct, frozen=True):
    """A line as it was typed: without a quantity one, without a price that of the catalogue."""

    quantity: str = ""
    price: str = ""


def with_line(deal: Record, product: Record, typed: NewLine, context: Context) -> dict[str, Value | None]:
    """Return what adding a line writes. Raises WrongUse, Refused for a line in another currency than the deal's."""
    check_deal(deal)
    if product.type is not RecordType.PRODUCT:
        raise WrongUse(f"{product.label} is no product", hint="crmctl item add D-1 P-1")
    with wrong_use(f'--quantity "{typed.quantity}": '):
        quantity = read_quantity(typed.quantity) if typed.quantity else Decimal(1)
    line = ItemLine(product.id, quantity, _price(deal, product, typed.price, context))
    used = deal.text("currency") if deal.get("amount") is not None or deal.many("items") else ""
    if used and used != line.price.currency:
        raise Refused(
            f"{deal.label} is in {used}: a line in {line.price.currency} cannot be added",
            hint=f"crmctl item add {deal.id} {product.id} --price '<{used}>'",
            record=deal.id,
        )
    return _written(merged([*lines_of(deal), line]))


def without_line(deal: Record, product: str, typed: NewLine, context: Context) -> dict[str, Value | None]:
    """Return what taking lines of a product away writes, or some of its quantity. Raises WrongUse, NotFound."""
    check_deal(deal)
    with wrong_use():
        price = (
            read_price(typed.price, deal.text("currency") or context.configuration.currency)
            if typed.price
            else None
        )
        left = read_quantity(typed.quantity) if typed.quantity else None
    kept: list[ItemLine] = []
    found = False
    for line in lines_of(deal):
        if line.product != product or price not in (None, line.price):
            kept.append(line)
            continue
        found = True
        less = line.quantity if left is None else min(left, line.quantity)
        left = None if left is None else left - less
        if line.quantity > less:
            kept.append(msgspec.structs.replace(line, quantity=line.quantity - less))
    if not found:
        raise NotFound(
            f"{deal.label} has no such line of {product}", hint=f"crmctl show {deal.id}", record=deal.id
        )
    if left:
        raise WrongUse(f"{deal.label} has {left:f} less of {product} than that")
    return _written(kept)


def check_deal(record: Record) -> None:
    """Raise WrongUse for a record that has no lines."""
    if record.type is not RecordType.DEAL:
        raise WrongUse(f"{record.label} has no lines: only deals do")


def _price(deal: Record, product: Record, typed: str, context: Context) -> Money:
    own = product.text("currency") or context.configuration.currency
    if typed:
        with wrong_use(f'--price "{typed}": '):
            return read_price(typed, deal.text("currency") or own)
    price = product.get("price")
    if price is None:
        raise WrongUse(f"{product.label} has no price", hint="--price 100 says what one of it costs")
    return Money(Decimal(str(price)), own)


def _written(lines: Sequence[ItemLine]) -> dict[str, Value | None]:
    return {"items": [str(line) for line in lines] or None}
