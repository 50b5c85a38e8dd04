"""The phones of a card: in their order, and as they were typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crmctl.importer.vcard_cards import Card
from crmctl.importer.vcard_property import Property
from crmctl.model.field_types.base import SEPARATOR

_STANDARD_LABEL = re.compile(r"_\$!<(.*)>!\$_", re.DOTALL)
_NO_LABELS = frozenset({"home", "work", "mobile", "cell", "main", "other", "iphone", "phone", "voice"})


def phones(card: Card) -> tuple[str, str]:
    """Return the numbers, faxes and pagers last, and how they were typed where that is more than the number."""
    labels = {each.group: each.whole().strip() for each in card.of("X-ABLABEL") if each.group}
    found = [(*_number(each), _label(each, labels)) for each in card.of("TEL")]
    found = [each for each in found if each[0]]
    found.sort(key=lambda each: each[2].lower().endswith(("fax", "pager")))
    typed = [shown if shown != number else _labelled(number, label) for number, shown, label in found]
    numbers = [number for number, _, _ in found]
    return joined(numbers), joined(typed) if typed != numbers else ""


def _number(phone: Property) -> tuple[str, str]:
    """Return a number and the form in which it was typed."""
    number = bare_number(phone.whole().strip())
    return number, phone.param("X-TYPED").replace(SEPARATOR, ",").strip() or number


def bare_number(number: str) -> str:
    """Return a number without what makes it an address on the web; nothing in it may part two numbers."""
    if number[:4].lower() == "tel:":
        number, *params = number[4:].split(SEPARATOR)
        ext = [param[4:] for param in params if param[:4].lower() == "ext="]
        number = f"{number} ext. {ext[0]}" if ext else number
    return number.replace(SEPARATOR, ",").strip()


def _labelled(number: str, label: str) -> str:
    """Return a number behind what it is for, which does not change how it is read."""
    return f"{label}: {number}" if label else number


def _label(phone: Property, labels: dict[str, str]) -> str:
    """Return what a number is for where that is worth knowing."""
    given = labels.get(phone.group, "")
    label = _STANDARD_LABEL.sub(r"\1", given).replace(SEPARATOR, ",").strip()
    if label and label.lower() not in _NO_LABELS and not any(map(str.isdigit, label)):
        return label
    return next((kind for kind in ("fax", "pager") if kind in phone.types), "")


def joined(values: Iterable[str] | Sequence[str]) -> str:
    """Return the values of a field in one cell."""
    return f"{SEPARATOR} ".join(filter(None, map(str.strip, values)))
