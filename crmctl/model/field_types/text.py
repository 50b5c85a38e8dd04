"""Text in one line or a few: names, titles, addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmctl.model.field_types.base import LONGEST_TEXT, SEPARATOR, FieldType
from crmctl.text import are_plain, is_plain, name_key, nfc, strip_invisible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmctl.model.field import Conventions, Field
    from crmctl.model.records import Scalar, Value


class TextType(FieldType):
    """Compared without regard to case, composition, ё or runs of white space."""

    searched = True

    def parse(self, text: str, field: Field, conventions: Conventions) -> str:
        """Keep the text composed and trimmed, without marks that cannot be seen."""
        return nfc(strip_invisible(text)).strip()

    def quick(self, text: str, field: Field, conventions: Conventions) -> dict[str, Value] | None:
        """Take text as it is that has nothing unseen in it and no space around."""
        if not is_plain(text) or text[-1] == " " or len(text) > (self.size_limit or LONGEST_TEXT):
            return None
        if not field.multiple:
            return {field.name: nfc(text)}
        return None if SEPARATOR in text else {field.name: [nfc(text)]}

    def quick_all(
        self, texts: Sequence[str], field: Field, conventions: Conventions
    ) -> dict[str, list[Value | None]] | None:
        """Look at all texts together, and at each only where there is something about one of them."""
        if not are_plain(texts, self.size_limit or LONGEST_TEXT):
            found = [self.quick(text, field, conventions) for text in texts]
            return {field.name: [each[field.name] if each else None for each in found]}
        if field.multiple:
            return {field.name: [[text] if text and SEPARATOR not in text else None for text in texts]}
        return {field.name: [text or None for text in texts]}

    def key(self, value: Scalar) -> str:
        """Compare by the folded text."""
        return name_key(str(value))


TYPE = TextType()
