"""Whole numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmctl.errors import BadValue
from crmctl.model.field_types.base import FieldType
from crmctl.money import read_decimal, read_shorthand

if TYPE_CHECKING:
    from crmctl.model.field import Conventions, Field
    from crmctl.model.records import Scalar

LARGEST = 2**53
"""The largest whole number that every JSON reader keeps exactly."""


class IntegerType(FieldType):
    """Kept as JSON numbers."""

    numeric = True

    def parse(self, text: str, field: Field, conventions: Conventions) -> int:
        """Read a whole number, with or without thousands separators."""
        try:
            number = read_decimal(text, conventions.decimal_mark)
        except BadValue:
            if not conventions.shorthand or not text.strip().isalnum():
                raise
            number = read_shorthand(text)
        if number != number.to_integral_value():
            raise BadValue("not a whole number")
        if abs(number) > LARGEST:
            raise BadValue(f"is larger than {LARGEST:,}")
        return int(number)

    def key(self, value: Scalar) -> int | float:
        """Compare as numbers."""
        return value if isinstance(value, int | float) else 0


TYPE = IntegerType()
