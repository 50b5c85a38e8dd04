"""Text of any length, kept to the letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmctl.model.field_types.text import TextType
from crmctl.text import nfc

if TYPE_CHECKING:
    from crmctl.model.field import Conventions, Field


class LongTextType(TextType):
    """Comments and notes: line breaks and spaces stay as they were written."""

    def parse(self, text: str, field: Field, conventions: Conventions) -> str:
        """Keep the text composed, otherwise untouched."""
        return nfc(text)


TYPE = LongTextType()
