"""Text in one line or a few: names, titles, addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmctl.errors import BadValue
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
        return self.checked(strip_invisible(text)).strip()

    def checked(self, text: str) -> str:
        """Return the composed text. Raises BadValue for what no text field takes."""
        if len(text) > self.size_limit:
            raise BadValue(f"is longer than {self.size_limit:,} characters")
        if "\0" in text:
            raise BadValue("contains a NUL character")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise BadValue("contains half of a character (a lone surrogate)") from None
        return nfc(text)

    def key(self, value: Scalar) -> str:
        """Compare by the folded text."""
        return name_key(str(value))


TYPE = TextType()
