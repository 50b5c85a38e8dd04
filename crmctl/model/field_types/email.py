"""E-mail addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crmctl.errors import BadValue
from crmctl.model.field_types.base import FieldType
from crmctl.patterns import pattern
from crmctl.text import fold, nfc, strip_invisible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmctl.model.field import Conventions, Field
    from crmctl.model.records import Scalar, Value

_AROUND = pattern(r"^(?:\s|'|<|mailto:)+", re.IGNORECASE)
_PLAIN = pattern(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z0-9]{1,63}")
_LONGEST_PLAIN = 64
"""Characters up to which neither the local part nor a label of the domain can be too long."""
_LOCAL = pattern(r"""[^\s@"(),:;<>\[\]\\\x00-\x1f\x7f-\x9f\u200c\u200d]{1,64}""")
_LABEL = pattern(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class EmailType(FieldType):
    """Kept with the local part as written and the domain in lower-case ASCII; compared without regard to case."""

    searched = True

    def parse(self, text: str, field: Field, conventions: Conventions) -> str:
        """Read an address, with or without `mailto:` and angle brackets."""
        address = _AROUND.sub("", nfc(strip_invisible(text))).rstrip().removesuffix(">")
        local, at, domain = address.rpartition("@")
        if not at or not _LOCAL.fullmatch(local) or local[0] == "." or local[-1] == "." or ".." in local:
            raise BadValue("not an e-mail address", hint="write it like anna@example.com")
        return f"{local}@{_ascii_domain(domain)}"

    def quick(self, text: str, field: Field, conventions: Conventions) -> dict[str, Value] | None:
        """Take an address that has nothing to take off, to compose or to lower."""
        if len(text) > _LONGEST_PLAIN or not _PLAIN.fullmatch(text):
            return None
        return {field.name: [text] if field.multiple else text}

    def quick_all(
        self, texts: Sequence[str], field: Field, conventions: Conventions
    ) -> dict[str, list[Value | None]] | None:
        """Take such addresses among many texts."""
        found = [text if len(text) <= _LONGEST_PLAIN and _PLAIN.fullmatch(text) else None for text in texts]
        return {field.name: [text and [text] for text in found] if field.multiple else [*found]}

    def key(self, value: Scalar) -> str:
        """Compare the folded address."""
        return fold(str(value))


def _ascii_domain(domain: str) -> str:
    if len(domain) > 253:
        raise BadValue("not an e-mail address: its domain is too long")
    try:
        name = domain.lower().encode("idna").decode() if not domain.isascii() else domain.lower()
    except UnicodeError:
        raise BadValue("not an e-mail address: its domain is not one") from None
    labels = name.split(".")
    if len(labels) < 2 or len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadValue("not an e-mail address: its domain is not one")
    return name


TYPE = EmailType()
