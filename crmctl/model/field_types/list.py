"""One value of a value list; any text where the workspace declares no such list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmctl.model.field_types.text import TextType
from crmctl.text import fold, name_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmctl.model.field import Conventions, Field
    from crmctl.model.field_types.base import Test
    from crmctl.model.records import Scalar, Value


class ListType(TextType):
    """Kept as the id of the entry, named by id, title or alias."""

    def parse(self, text: str, field: Field, conventions: Conventions) -> str:
        """Return the id of the entry meant."""
        if field.choices is None:
            return super().parse(text, field, conventions)
        return field.choices.find(text).id

    def quick(self, text: str, field: Field, conventions: Conventions) -> dict[str, Value] | None:
        """Take any plain text where the workspace declares no such list."""
        return super().quick(text, field, conventions) if field.choices is None else None

    def quick_all(
        self, texts: Sequence[str], field: Field, conventions: Conventions
    ) -> dict[str, list[Value | None]] | None:
        """Take any plain texts where the workspace declares no such list."""
        return super().quick_all(texts, field, conventions) if field.choices is None else None

    def display(self, value: Scalar, field: Field, conventions: Conventions) -> str:
        """Return the entry's title; one that the list no longer has is shown by its id."""
        return field.choices.title(str(value)) if field.choices else str(value)

    def comparison(self, op: str, text: str, field: Field, conventions: Conventions) -> Test:
        """Compare entries, whatever they are called; look for text in an entry's id and in its title."""
        if op == "=" and field.choices:
            wanted, choices = self.parse(text, field, conventions), field.choices

            def test(value: str) -> bool:
                # What was an entry of its own may be another one's alias by now.
                found = choices.get(value)
                return found is not None and found.id == wanted

            return test
        if op != "~":
            return super().comparison(op, text, field, conventions)
        needle = fold(text)
        return lambda value: needle in fold(f"{value}\n{self.display(value, field, conventions)}")

    def key(self, value: Scalar) -> str:
        """Compare ids without regard to case."""
        return name_key(str(value))


TYPE = ListType()
