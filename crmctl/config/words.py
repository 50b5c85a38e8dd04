"""How messages speak of values, and how values are read as the text that someone might have typed."""

from collections.abc import Iterable

from crmctl.config.document import Json, Node
from crmctl.model.choices import LISTED_WHOLE
from crmctl.text import did_you_mean, visible
from crmctl.typed import as_text

_LONGEST = 60


def name_of(node: Node) -> str:
    """Return how a message calls a value: by its key, or as an entry of its list."""
    if not node.keys:
        return "the file"
    last = node.keys[-1]
    if isinstance(last, str):
        return f'"{last}"'
    within = next((f' of "{key}"' for key in reversed(node.keys) if isinstance(key, str)), "")
    return f"entry {last + 1}{within}"


def type_of(value: Json) -> str:
    """Return what a value is, as messages say it."""
    for kind, name in (
        (type(None), "empty"),
        (bool, "true or false"),
        (int | float, "a number"),
        (str, "text"),
        (list, "a list"),
    ):
        if isinstance(value, kind):
            return name
    return "a mapping"


def shown(value: Json) -> str:
    """Return a value as messages quote it: short, and safe to print."""
    if isinstance(value, list | dict):
        return type_of(value)
    text = visible(as_text(value))
    return f'"{text if len(text) <= _LONGEST else text[:_LONGEST] + "…"}"'


def as_texts(value: Json) -> str | list[str]:
    """Return a field's value as it would be typed: one text, or several."""
    return [as_text(one) for one in value] if isinstance(value, list) else as_text(value)


def suggestion(word: str, names: Iterable[str]) -> str:
    """Return a hint: the closest name, or every one where there are few."""
    known = sorted(set(names))
    near = did_you_mean(word, known)
    if near or not known:
        return near or ""
    return "one of: " + ", ".join(known) if len(known) <= LISTED_WHOLE else ""
