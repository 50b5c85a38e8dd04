"""What is told of some records together: how many there are, or the sum, average or median of what they hold."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from math import fsum
from typing import Any

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.field import Field
from crmctl.model.table import Cell, Kind
from crmctl.reports.duration import days_between, mean, median
from crmctl.reports.journey import Journey
from crmctl.reports.sums import Sums, told
from crmctl.text import names_hint

AGE = "age"
"""The days from a record's creation to its closing, or to now: the name of a field that no record keeps."""
_WAYS = ("count", "sum", "avg", "median")
_HINT = "count, or sum:, avg: or median: and a field, such as sum:amount or median:age"


class Measure(msgspec.Struct, frozen=True):
    """A figure of some records; `field` is what it is of, none for their number and their age."""

    way: str
    name: str
    field: Field | None = None
    now: str = ""

    @property
    def of_age(self) -> bool:
        """Whether it is of the time from creation to closing."""
        return self.way != "count" and self.field is None

    @property
    def of_money(self) -> bool:
        """Whether it is of amounts, which are told a currency each."""
        return self.field is not None and self.field.kind == "money"

    @property
    def kind(self) -> Kind:
        """How its figures are written."""
        if self.of_money:
            return Kind.AMOUNT
        return Kind.DAYS if self.of_age else Kind.COUNT

    def figure(self, journeys: Sequence[Journey]) -> Cell:
        """Return the figure; of none that have a value the sum is nothing, and an average there is not."""
        if self.way == "count":
            return len(journeys)
        if self.of_money:
            return _amounts(journeys, self.way)
        numbers = [self.age(each) for each in journeys] if self.of_age else self._numbers(journeys)
        return _NUMBERS[self.way](numbers)

    def age(self, journey: Journey) -> float:
        """Return the days from a record's creation to its closing, or to now."""
        return days_between(journey.created, journey.closed or self.now)

    def _numbers(self, journeys: Iterable[Journey]) -> list[float]:
        assert self.field is not None
        found = (journey.values.get(self.field.name) for journey in journeys)
        # What is no number was kept before the field held numbers.
        return [each for each in found if isinstance(each, int | float) and not isinstance(each, bool)]


def read_measure(text: str, field: Callable[[str], Field], now: str) -> Measure:
    """Return the figure that `count` or `sum:amount` means; `field` finds fields by name. Raises WrongUse."""
    way, colon, name = (part.strip() for part in text.partition(":"))
    if way.lower() not in _WAYS:
        raise WrongUse(f'--value: unknown figure "{way}"', hint=names_hint(way, _WAYS) or _HINT)
    way = way.lower()
    if (way == "count") is bool(colon or name) or (way != "count" and not name):
        raise WrongUse(f'--value: "{text}" is not complete', hint=_HINT)
    if way == "count":
        return Measure(way, way)
    try:
        found = field(name)
    except WrongUse:
        if name.lower() != AGE:
            raise
        return Measure(way, f"{way}:{AGE}", None, now)
    if found.multiple or not (found.type.numeric or found.kind == "money"):
        raise WrongUse(f"--value: {found.label} is neither a number nor an amount", hint=_HINT)
    return Measure(way, f"{way}:{found.name}", found, now)


def _amounts(journeys: Iterable[Journey], way: str) -> Cell:
    found: dict[str, list[Decimal]] = {}
    for journey in journeys:
        if journey.amount is not None:
            found.setdefault(journey.currency or "", []).append(Decimal(journey.amount))
    sums: Sums = {currency: _AMOUNTS[way](amounts) for currency, amounts in found.items()}
    return told(sums)


def _middle(amounts: Sequence[Decimal]) -> Decimal:
    ordered = sorted(amounts)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _sum(numbers: Sequence[float]) -> float:
    return sum(numbers) if all(isinstance(each, int) for each in numbers) else fsum(numbers)


_AMOUNTS: dict[str, Callable[[Sequence[Decimal]], Decimal]] = {
    "sum": lambda amounts: sum(amounts, Decimal(0)),
    "avg": lambda amounts: sum(amounts, Decimal(0)) / len(amounts),
    "median": _middle,
}
_NUMBERS: dict[str, Callable[[Sequence[Any]], float | None]] = {"sum": _sum, "avg": mean, "median": median}
