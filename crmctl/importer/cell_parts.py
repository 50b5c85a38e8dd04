"""How a cell that holds several values is taken apart."""

from collections.abc import Callable

from crmctl.model.field_types.base import SEPARATOR

Apart = Callable[[str], list[str]]
"""Returns the values of a cell; the cell itself, alone, where it is not of the kind that was expected."""


def split_at(mark: str) -> Apart:
    """Return what takes cells apart at a mark."""
    return lambda text: [part.strip() for part in text.split(mark)] if mark in text else [text]


def named_in_json(name: str) -> Apart:
    """Return what takes out of a JSON object, or of a list of them, the texts and numbers under a name.

    Texts in the list stand for themselves. Where an object lacks the name, or holds something else under it, the
    cell is left as it is, for its field to refuse: nothing in it is dropped.
    """

    def values(text: str) -> list[str]:
        import json

        try:
            found = json.loads(text, parse_int=str, parse_float=str)
        except ValueError:
            return [text]
        parts: list[str] = []
        for each in found if isinstance(found, list) else [] if found is None else [found]:
            value = each.get(name, False) if isinstance(each, dict) else each
            if value is None:
                continue
            if not isinstance(value, str) or SEPARATOR in value:
                return [text]
            parts.append(value.strip())
        return parts

    return values
