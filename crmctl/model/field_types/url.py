"""Addresses of web pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crmctl.errors import BadValue
from crmctl.model.field_types.base import FieldType
from crmctl.patterns import pattern
from crmctl.text import fold, nfc, strip_invisible

if TYPE_CHECKING:
    from crmctl.model.field import Conventions, Field
    from crmctl.model.records import Scalar

_NAME = r"[^\s/:?#@.\x00-\x1f\x7f]+"
_URL = pattern(
    rf"(?:https?://)?{_NAME}(?:\.{_NAME})+(?::[0-9]{{1,5}})?(?:[/?#][^\s\x00-\x1f\x7f]*)?", re.IGNORECASE
)


class UrlType(FieldType):
    """Kept as written; http and https only, the scheme may be left out."""

    searched = True
    size_limit = 2048

    def parse(self, text: str, field: Field, conventions: Conventions) -> str:
        """Read a web address."""
        address = nfc(strip_invisible(text)).strip()
        if len(address) > self.size_limit or not _URL.fullmatch(address):
            raise BadValue("not a web address", hint="write it like https://example.com")
        return address

    def key(self, value: Scalar) -> str:
        """Compare without scheme, www and closing slash."""
        bare = re.sub(r"^(https?://)?(www\.)?", "", fold(str(value)))
        return bare.rstrip("/")


TYPE = UrlType()
