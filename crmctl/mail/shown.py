"""What templates see: values as people read them, and records as cards of such values."""

from collections.abc import Iterable, Mapping
from decimal import Decimal


class Shown(str):
    """A value as lists and cards show it; `raw` is what it is: a number, a list, true or false, text."""

    __slots__ = ("currency", "raw")
    raw: object
    currency: str

    def __new__(cls, text: str, raw: object = None, currency: str = "") -> "Shown":
        """Return the text of a value; `currency` is that of an amount."""
        made = super().__new__(cls, text)
        made.raw = raw
        made.currency = currency
        return made

    def __bool__(self) -> bool:
        """Tell whether a condition holds: an empty value and a plain no do not."""
        return self.raw if isinstance(self.raw, bool) else bool(str.__len__(self))


class Card:
    """A record, or another thing with named values. Text made of it is its title.

    It has nothing but its values: what a template asks it for is looked up among them.
    """

    __slots__ = ("_label", "_title", "_values")
    __iter__ = None

    def __init__(self, label: str, title: str, values: Mapping[str, object]) -> None:
        self._label = label
        self._title = title
        self._values = values

    def __getitem__(self, name: str) -> object:
        """Return a value. Raises KeyError."""
        return self._values[name]

    def __str__(self) -> str:
        """Return the title."""
        return self._title


def about(card: Card) -> tuple[str, Iterable[str]]:
    """Return how messages name a card, and the names of its values."""
    return card._label, card._values.keys()


def amount(value: Decimal, currency: str) -> Shown:
    """Return an amount as it is shown everywhere."""
    return Shown(f"{value:f} {currency}".rstrip(), value, currency)
