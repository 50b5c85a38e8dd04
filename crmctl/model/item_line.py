"""A line of a deal: so many of a product at a price. Kept, typed and exported as `P-1 2 x 100.00 UAH`."""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from crmctl.errors import BadValue
from crmctl.model.records import Record, RecordType, read_id, type_of
from crmctl.money import Money, parse_stored, read_decimal, read_money, rounded
from crmctl.patterns import pattern

MOST_DECIMALS = 6
"""Of a quantity: grams of tons, and no more."""
_LINE = pattern(r"(\S+)\s+(\S+?)\s*[xX\u0445\u0425\u00d7*]\s*(.+)")
_HINT = "write it like P-1 2 x 100.00 UAH: product, quantity, price"


class ItemLine(msgspec.Struct, frozen=True):
    """So many of a product, at a price for one."""

    product: str
    quantity: Decimal
    price: Money

    @property
    def total(self) -> Decimal:
        """What the line comes to, with the decimals of its currency."""
        return rounded(self.quantity * self.price.amount, self.price.currency)

    def __str__(self) -> str:
        """Return the line as it is kept."""
        return f"{self.product} {_plain(self.quantity):f} x {self.price}"


def item_line(text: str) -> ItemLine:
    """Return the line that a kept text is."""
    product, quantity, _, price = text.split(" ", 3)
    return ItemLine(product, Decimal(quantity), parse_stored(price))


def lines_of(record: Record) -> list[ItemLine]:
    """Return a deal's lines."""
    return [item_line(text) for text in record.many("items")]


def read_item_line(text: str, currency: str, mark: str | None = None) -> ItemLine:
    """Return the line that typed text means; a price without a currency is in `currency`. Raises BadValue."""
    match = _LINE.fullmatch(text.strip())
    if match is None:
        raise BadValue("not a line of a deal", hint=_HINT)
    product = read_id(match[1])
    if product is None or type_of(product) is not RecordType.PRODUCT:
        raise BadValue(f'"{match[1]}" is not the id of a product', hint=_HINT)
    return ItemLine(product, read_quantity(match[2], mark), read_price(match[3], currency, mark))


def read_quantity(text: str, mark: str | None = None) -> Decimal:
    """Return a quantity without zeros at its end. Raises BadValue for what is not more than nothing."""
    quantity = read_decimal(text, mark)
    if quantity <= 0:
        raise BadValue("a quantity is more than 0")
    if _places(quantity) > MOST_DECIMALS:
        raise BadValue(f"a quantity has {MOST_DECIMALS} decimals, no more")
    return _plain(quantity)


def _places(quantity: Decimal) -> int:
    return len(f"{quantity:f}".partition(".")[2].rstrip("0"))


def _plain(quantity: Decimal) -> Decimal:
    return quantity.quantize(Decimal(1).scaleb(-_places(quantity)))


def read_price(text: str, currency: str, mark: str | None = None) -> Money:
    """Return the price of one. Raises BadValue for what is less than nothing."""
    price = read_money(text, currency, mark)
    if price.amount < 0:
        raise BadValue("a price is not less than 0")
    return price


def merged(lines: Iterable[ItemLine]) -> list[ItemLine]:
    """Return lines of which those of one product at one price are one."""
    found: dict[tuple[str, Money], ItemLine] = {}
    for line in lines:
        key = (line.product, line.price)
        before = found[key].quantity if key in found else Decimal(0)
        found[key] = msgspec.structs.replace(line, quantity=before + line.quantity)
    return list(found.values())


def total_of(lines: Iterable[ItemLine]) -> Money | None:
    """Return what lines come to, nothing for none. Raises BadValue for lines in several currencies."""
    lines = list(lines)
    currencies = list(dict.fromkeys(line.price.currency for line in lines))
    if not lines:
        return None
    if len(currencies) > 1:
        raise BadValue(f"lines of one deal are in one currency, not in {' and '.join(currencies)}")
    return Money(sum((line.total for line in lines), Decimal(0)), currencies[0])
