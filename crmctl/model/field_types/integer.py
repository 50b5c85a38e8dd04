"""Whole numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmctl.errors import BadValue
from crmctl.model.field_types.number import NumberType, read_number

if TYPE_CHECKING:
    from crmctl.model.field import Conventions, Field

LARGEST = 2**53
"""The largest whole number that every JSON reader keeps exactly."""


class IntegerType(NumberType):
    """Kept as JSON numbers."""

    def parse(self, text: str, field: Field, conventions: Conventions) -> int:
        """Read a whole number, with or without thousands separators."""
        number = read_number(text, conventions)
        if number != number.to_integral_value():
            raise BadValue("not a whole number")
        if abs(number) > LARGEST:
            raise BadValue(f"is larger than {LARGEST:,}")
        return int(number)


TYPE = IntegerType()
