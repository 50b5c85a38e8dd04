"""Text in one line or a few: names, titles, addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmctl.model.field_types.base import FieldType
from crmctl.text import name_key, nfc, strip_invisible

if TYPE_CHECKING:
    from crmctl.model.field import Conventions, Field
    from crmctl.model.records import Scalar


class TextType(FieldType):
    """Compared without regard to case, composition, ё or runs of white space."""

    searched = True

    def parse(self, text: str, field: Field, conventions: Conventions) -> str:
        """Keep the text composed and trimmed, without marks that cannot be seen."""
        return nfc(strip_invisible(text)).strip()

    def key(self, value: Scalar) -> str:
        """Compare by the folded text."""
        return name_key(str(value))


TYPE = TextType()
