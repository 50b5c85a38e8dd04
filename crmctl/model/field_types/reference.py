"""The id of another record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmctl.errors import BadValue
from crmctl.model.field_types.base import FieldType
from crmctl.model.records import RecordType, number_of, read_id, type_of

if TYPE_CHECKING:
    from crmctl.model.field import Conventions, Field
    from crmctl.model.records import Scalar


class ReferenceType(FieldType):
    """Kept as the id. Whether the record exists is for the rules to ask: a type sees no store."""

    points = True

    def parse(self, text: str, field: Field, conventions: Conventions) -> str:
        """Read an id of the type that the field points to."""
        found = read_id(text)
        if found is None:
            raise BadValue(f'"{text.strip()}" is not an id', hint=f"write an id like {self._like(field)}")
        if field.to and type_of(found) is not RecordType(field.to):
            raise BadValue(f"{found} is no {field.to}", hint=f"write an id like {self._like(field)}")
        return found

    def key(self, value: Scalar) -> tuple[str, int]:
        """Sort by number, not by digits."""
        return str(value)[0], number_of(str(value))

    def refers(self, value: Scalar) -> str:
        """Return the id itself."""
        return str(value)

    def match_key(self, value: Scalar) -> str | None:
        """Find duplicates by the id itself."""
        return str(value)

    def _like(self, field: Field) -> str:
        return f"{RecordType(field.to).prefix}-1" if field.to else "D-1"


TYPE = ReferenceType()
