"""Whole numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmctl.errors import BadValue
from crmctl.model.field_types.number import NumberType
from crmctl.money import read_decimal, read_shorthand

if TYPE_CHECKING:
    from crmctl.model.field import Conventions, Field

LARGEST = 2**53
"""The largest whole number that every JSON reader keeps exactly."""


class IntegerType(NumberType):
    """Kept as JSON numbers."""

    def parse(self, text: str, field: Field, conventions: Conventions) -> int:
        """Read a whole number, with or without thousands separators."""
        try:
            number = read_decimal(text, conventions.decimal_mark)
        except BadValue:
            if not conventions.shorthand or text.strip()[-1:].isdigit():
                raise
            number = read_shorthand(text)
        if number != number.to_integral_value():
            raise BadValue("not a whole number")
        if abs(number) > LARGEST:
            raise BadValue(f"is larger than {LARGEST:,}")
        return int(number)


TYPE = IntegerType()
