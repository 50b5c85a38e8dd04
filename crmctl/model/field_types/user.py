"""A person who works the records; any name where the workspace declares no users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmctl.model.field_types.list import ListType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmctl.model.field import Conventions, Field
    from crmctl.model.records import Value


class UserType(ListType):
    """Kept as the user's id; `me` is the acting user."""

    searched = False

    def parse(self, text: str, field: Field, conventions: Conventions) -> str:
        """Return the id of the user meant."""
        name = conventions.me if text.strip().lower() == "me" and conventions.me else text
        return super().parse(name, field, conventions)

    def quick(self, text: str, field: Field, conventions: Conventions) -> dict[str, Value] | None:
        """Take any plain name where the workspace declares no users."""
        several = field.multiple and "," in text
        return None if several or text.lower() == "me" else super().quick(text, field, conventions)

    def quick_all(
        self, texts: Sequence[str], field: Field, conventions: Conventions
    ) -> dict[str, list[Value | None]] | None:
        """Take none together: names may be those of several, or mean who acts, and a few come again and again."""
        return None


TYPE = UserType()
