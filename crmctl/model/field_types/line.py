"""The lines of a deal: products with quantity and price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmctl.errors import BadValue
from crmctl.model.field_types.base import FieldType, Test
from crmctl.model.item_line import item_line, merged, read_item_line, total_of
from crmctl.model.records import read_id

if TYPE_CHECKING:
    from crmctl.model.field import Conventions, Field
    from crmctl.model.records import Scalar, Value


class LineType(FieldType):
    """Kept as one text a line; those of one product at one price are one line, so that none is lost among equals."""

    points = True

    def parse(self, text: str, field: Field, conventions: Conventions) -> str:
        """Read a line; a price without a currency is in the workspace's."""
        return str(read_item_line(text, conventions.currency, conventions.decimal_mark))

    def assigned(
        self, field: Field, text: str | list[str], conventions: Conventions
    ) -> dict[str, Value | None]:
        """Join what is the same, and hold all lines to one currency."""
        lines = merged(item_line(self.parse(part, field, conventions)) for part in field.parts(text))
        total_of(lines)
        return {field.name: [str(line) for line in lines] or None}

    def comparison(self, op: str, text: str, field: Field, conventions: Conventions) -> Test:
        """Find a product by its id alone, too."""
        product = read_id(text)
        if op == "=" and product:
            return lambda value: self.refers(value) == product
        if op not in ("=", "~"):
            raise BadValue(f"lines have no {op} comparison", hint="use has P-1")
        return super().comparison(op, text, field, conventions)

    def refers(self, value: Scalar) -> str:
        """Return the product."""
        return str(value).partition(" ")[0]


TYPE = LineType()
