"""The ISO 4217 code beside an amount. Not for own fields: those are `money`, which carries its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmctl.model.field_types.base import FieldType
from crmctl.money import find_currency

if TYPE_CHECKING:
    from crmctl.model.field import Conventions, Field


class CurrencyType(FieldType):
    """Kept as the code, read from codes, signs and common names."""

    def parse(self, text: str, field: Field, conventions: Conventions) -> str:
        """Return the code meant."""
        return find_currency(text, home=conventions.currency)


TYPE = CurrencyType()
