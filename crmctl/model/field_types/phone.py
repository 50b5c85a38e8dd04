"""Phone numbers, kept in E.164 where they are valid and as typed where they are not."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from crmctl.errors import BadValue
from crmctl.model.field_types.base import FieldType, Test
from crmctl.model.phone_numbers import FEWEST_DIGITS, plain_number, read_number
from crmctl.patterns import pattern
from crmctl.text import nfc, strip_invisible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crmctl.model.field import Conventions, Field
    from crmctl.model.records import Scalar, Value

_AROUND = pattern(r"^(?:\s|'|tel:)+", re.IGNORECASE)
_E164 = pattern(r"\+[1-9]\d{6,14}")


class PhoneType(FieldType):
    """What was typed stays beside the number in `phone_typed`, position by position."""

    searched = True

    def parse(self, text: str, field: Field, conventions: Conventions) -> str:
        """Return the E.164 form, or the text itself where no valid number can be read from it."""
        typed = tidy(text)
        if digits_in(typed) < FEWEST_DIGITS:
            raise BadValue(f"not a phone number: fewer than {FEWEST_DIGITS} digits")
        if len(typed) > 250:
            raise BadValue("not a phone number: too long")
        return e164(typed, conventions.phone_region) or typed

    def assigned(
        self, field: Field, text: str | list[str], conventions: Conventions
    ) -> dict[str, Value | None]:
        """Keep what was typed beside the standard numbers."""
        value = field.parse(text, conventions)
        if field.name != "phone":
            return {field.name: value}
        return {"phone": value, "phone_typed": _as_typed(field, text, value, conventions)}

    def quick(self, text: str, field: Field, conventions: Conventions) -> dict[str, Value] | None:
        """Take a number in plain digits that is valid, in whatever marks it was typed."""
        number = plain_number(text, conventions.phone_region)
        if number is None:
            return None
        if not field.multiple:
            return {field.name: number}
        typed = {"phone_typed": [text]} if field.name == "phone" and number != text else {}
        return {field.name: [number], **typed}

    def quick_all(
        self, texts: Sequence[str], field: Field, conventions: Conventions
    ) -> dict[str, list[Value | None]] | None:
        """Take such numbers among many texts."""
        region = conventions.phone_region
        numbers = [plain_number(text, region) for text in texts]
        if not field.multiple:
            return {field.name: [*numbers]}
        written: dict[str, list[Value | None]] = {field.name: [number and [number] for number in numbers]}
        if field.name == "phone" and numbers != [*texts]:
            pairs = zip(numbers, texts, strict=True)
            written["phone_typed"] = [[text] if number and number != text else None for number, text in pairs]
        return written

    def union_key(self, value: Scalar) -> str:
        """Take what is no valid number by its digits: it is the same however it was typed."""
        text = str(value)
        return "".join(filter(str.isdigit, text)) or text

    def match_key(self, value: Scalar) -> str | None:
        """Return the number where it is valid: others never make two records one."""
        number = str(value)
        return number if _E164.fullmatch(number) and e164(number, "") else None

    def comparison(self, op: str, text: str, field: Field, conventions: Conventions) -> Test:
        """Compare numbers however typed; `~` looks for the digits."""
        if op != "~":
            return super().comparison(op, text, field, conventions)
        digits = re.sub(r"\D", "", text)
        return lambda value: bool(digits) and digits in re.sub(r"\D", "", value)


def tidy(text: str) -> str:
    """Drop what spreadsheets and copied links put around a number."""
    return _AROUND.sub("", nfc(strip_invisible(text))).rstrip()


def digits_in(text: str) -> int:
    """Count the digits, of any script."""
    return sum(map(str.isdigit, text))


@lru_cache(maxsize=4096)
def e164(text: str, region: str) -> str | None:
    """Return the E.164 form of a valid number, or nothing.

    A number that its region does not know is tried again without a leading 8, the old trunk prefix.
    """
    found = read_number(text, region)
    if found is None and text.lstrip(" (").startswith("8"):
        found = read_number(text.replace("8", "", 1), region)
    return found


def _as_typed(
    field: Field, text: str | list[str], value: Value | None, conventions: Conventions
) -> Value | None:
    """Return the typed forms in the order of the kept ones, or nothing where they are the same."""
    if not isinstance(value, list) or value == [text]:
        return None
    parts = field.parts(text)
    if parts == value:
        return None
    typed: dict[str, str] = {}
    for part in parts:
        typed.setdefault(str(field.parse([part], conventions)[0]), part)  # type: ignore[index]
    forms = [typed.get(number, number) for number in value]
    return None if forms == value else forms


TYPE = PhoneType()
