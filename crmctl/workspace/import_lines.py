"""The lines of a deal that rows are: their products found by title, or made with the price they have there."""

from decimal import Decimal

from crmctl.errors import Refused, WrongUse, wrong_use
from crmctl.importer.row import ImportRow, LineCells
from crmctl.importer.table import quoted
from crmctl.importer.targets import ITEM
from crmctl.model.change import Change
from crmctl.model.item_line import ItemLine, item_line, merged, read_price, read_quantity
from crmctl.model.records import Record, RecordType, read_id, type_of
from crmctl.money import Money
from crmctl.rules.create import NewRecord, create
from crmctl.rules.decision import Refusal
from crmctl.text import name_key
from crmctl.workspace.import_faults import refused
from crmctl.workspace.import_linked import Brought
from crmctl.workspace.named_records import NamedRecords
from crmctl.workspace.transaction import Transaction

_PRODUCT = f"{ITEM}.product"
_PRICE = f"{ITEM}.price"
_QUANTITY = f"{ITEM}.quantity"


class Lines:
    """Reads the lines of deals. Products that are made, later rows find by their title."""

    def __init__(self, tx: Transaction, named: NamedRecords) -> None:
        self._tx = tx
        self._named = named

    def brought(self, row: ImportRow, currency: str, *, make: bool = True) -> Brought:
        """Return the lines of a row, and the products that they make; prices that name none are in a currency.

        Without `make` the lines of products that are not there are left out. Raises Rejected, Refused and WrongUse.
        """
        products: dict[str, Record] = {}
        made: dict[str, Change] = {}
        lines = [item_line(text) for text in Record(row.values).many("items")]
        complete = True
        for cells in filter(_is_line, row.lines):
            key = name_key(cells.product)
            product = products.get(key) or self._product(cells.product)
            with wrong_use(f"{_QUANTITY} {quoted(cells.quantity)}: ", _QUANTITY):
                quantity = read_quantity(cells.quantity, cells.mark) if cells.quantity else Decimal(1)
            price = self._price(cells, product, currency)
            stated = row.values.get("currency")
            if stated and price.currency != stated:
                raise Refused(f"{_PRICE} is in {price.currency}, but the currency of its row is {stated}").at(
                    _PRICE
                )
            if product is None and make:
                made[key] = self._made(cells.product, price)
                product = made[key].record
            complete = complete and product is not None
            if product:
                products[key] = product
                lines.append(ItemLine(product.id, quantity, price))
        known = tuple(product for key, product in products.items() if key not in made)
        values = {"items": [str(line) for line in merged(lines)]} if lines and row.lines else {}
        return Brought(tuple(made.values()), values, known, complete)

    def _product(self, text: str) -> Record | None:
        """Return the known product that a cell names. Raises WrongUse where it may be several, NotFound."""
        own = read_id(text)
        if own and type_of(own) is RecordType.PRODUCT:
            return self._tx.get(own)
        try:
            found = self._named.one_of(text, (RecordType.PRODUCT,))
        except WrongUse as error:
            raise error.at(_PRODUCT) from None
        return self._tx.get(found) if found else None

    def _price(self, cells: LineCells, product: Record | None, currency: str) -> Money:
        own = product.text("currency") if product else ""
        used = currency or own or self._tx.configuration.currency
        if cells.price:
            with wrong_use(f"{_PRICE} {quoted(cells.price)}: ", _PRICE):
                return read_price(cells.price, used, cells.mark)
        if product is None or product.get("price") is None:
            raise Refused(f'"{cells.product}" has no price').at(_PRICE)
        return Money(Decimal(str(product.get("price"))), own or used)

    def _made(self, title: str, price: Money) -> Change:
        """Return a new product, through its gate."""
        fields = self._tx.configuration.fields_of(RecordType.PRODUCT)
        conventions = self._tx.context.conventions
        values = {
            **fields["title"].assign(title, conventions),
            **fields["price"].assign(str(price), conventions),
        }
        new_id = self._tx.writer.new_id(RecordType.PRODUCT)
        answer = create(new_id, NewRecord(RecordType.PRODUCT, values), self._tx.context)
        if isinstance(answer, Refusal):
            raise refused(answer, "product.")
        return answer


def _is_line(cells: LineCells) -> bool:
    """Tell whether cells are a line. Raises Refused for a price without a product."""
    # Exports of deals without products have noughts there.
    if not cells.product and cells.price.strip("0.,\u00a0 "):
        raise Refused("a price, but no product").at(_PRODUCT)
    return bool(cells.product)
