"""Numbers with a fraction that are not money."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from crmctl.errors import BadValue
from crmctl.model.field_types.base import FieldType
from crmctl.money import read_decimal, read_shorthand, unambiguous

if TYPE_CHECKING:
    from crmctl.model.field import Conventions, Field
    from crmctl.model.records import Scalar

MOST_DIGITS = 15
"""Significant digits that a JSON number keeps exactly in every reader."""


class NumberType(FieldType):
    """Kept as JSON numbers, whole ones without a fraction."""

    numeric = True

    def parse(self, text: str, field: Field, conventions: Conventions) -> int | float:
        """Read a number with either decimal mark."""
        number = read_number(text, conventions)
        if len(number.normalize().as_tuple().digits) > MOST_DIGITS:
            raise BadValue(f"has more than {MOST_DIGITS} significant digits")
        return int(number) if number == number.to_integral_value() else float(number)

    def show(self, value: Scalar, field: Field, conventions: Conventions) -> str:
        """Return plain digits with one reading, never an exponent."""
        return unambiguous(self.display(value, field, conventions))

    def display(self, value: Scalar, field: Field, conventions: Conventions) -> str:
        """Return plain digits, never an exponent."""
        return f"{Decimal(str(value)):f}" if isinstance(value, float) else str(value)

    def key(self, value: Scalar) -> int | float:
        """Compare as numbers, also one of many values, which are texts."""
        return value if isinstance(value, int | float) else float(value)

    def dump_many(self, values: list[str], conventions: Conventions) -> list[int | float | str]:
        """Return numbers; what was kept before the field held numbers stays text."""
        return [_number_of(text) for text in values]

    def sort_key(self, value: Scalar, field: Field) -> int | float:
        """Sort what was kept before the field held numbers as nought."""
        try:
            return self.key(value)
        except ValueError:
            return 0


def _number_of(text: str) -> int | float | str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return int(number) if number == number.to_integral_value() else float(number)


def read_number(text: str, conventions: Conventions) -> Decimal:
    """Return a number in plain digits or, where that is allowed, in shorthand such as `10k`. Raises BadValue."""
    try:
        return read_decimal(text, conventions.decimal_mark)
    except BadValue:
        if not conventions.shorthand or text.strip()[-1:].isdigit():
            raise
        return read_shorthand(text)


TYPE = NumberType()
