"""Yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmctl.errors import BadValue
from crmctl.model.field_types.base import FieldType
from crmctl.text import name_key

if TYPE_CHECKING:
    from crmctl.model.field import Conventions, Field
    from crmctl.model.records import Scalar

_WORDS = {
    **dict.fromkeys(("true", "yes", "y", "1", "да", "так"), True),
    **dict.fromkeys(("false", "no", "n", "0", "нет", "ні"), False),
}


class BooleanType(FieldType):
    """Kept as true or false."""

    def parse(self, text: str, field: Field, conventions: Conventions) -> bool:
        """Read the words for yes and no, English and Russian."""
        value = _WORDS.get(name_key(text))
        if value is None:
            raise BadValue("neither true nor false", hint="write true or false")
        return value

    def show(self, value: Scalar, field: Field, conventions: Conventions) -> str:
        """Return `true` or `false`, as YAML and JSON write them."""
        return "true" if self.key(value) else "false"

    def key(self, value: Scalar) -> bool:
        """Compare as yes or no, also one of many values, which are texts."""
        return value != "false" and bool(value)


TYPE = BooleanType()
