"""What is told of some records together: how many there are, or the sum, average, median, least or most they hold."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from math import fsum
from typing import Any

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.field import Field
from crmctl.model.table import Cell, Kind
from crmctl.reports.duration import days_between, mean, median, middle
from crmctl.reports.journey import Journey
from crmctl.reports.sums import amounts_of, told
from crmctl.text import names_hint

AGE = "age"
"""The days from a record's creation to its closing, or to now: the name of a field that no record keeps."""
_MEANINGS = {
    "count": "how many records there are",
    "sum": "the sum of {}",
    "avg": "the mean of {}, of the records that have one",
    "median": "the median of {}, of the records that have one",
    "min": "the least of {}",
    "max": "the greatest of {}",
}
_WAYS = tuple(_MEANINGS)
_HINT = "count, or sum:, avg:, median:, min: or max: and a field, such as sum:amount or median:age"


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
            worth = _AMOUNTS[self.way]
            return told({code: worth(amounts) for code, amounts in amounts_of(journeys).items()})
        numbers = [self.age(each) for each in journeys] if self.of_age else self._numbers(journeys)
        return _NUMBERS[self.way](numbers)

    @property
    def meaning(self) -> str:
        """What the figure is, in words."""
        return _MEANINGS[self.way].format(self._of)

    @property
    def _of(self) -> str:
        if self.field is None:
            return "the days from creation to closing, or to now where a record is not closed"
        return f"{self.field.name}, a currency each" if self.of_money else self.field.name

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


def _sum(numbers: Sequence[float]) -> float:
    return sum(numbers) if all(isinstance(each, int) for each in numbers) else fsum(numbers)


_AMOUNTS: dict[str, Callable[[Sequence[Decimal]], Decimal]] = {
    "sum": lambda amounts: sum(amounts, Decimal(0)),
    "avg": lambda amounts: sum(amounts, Decimal(0)) / len(amounts),
    "median": middle,
    "min": min,
    "max": max,
}
_NUMBERS: dict[str, Callable[[Sequence[Any]], float | None]] = {
    "sum": _sum,
    "avg": mean,
    "median": median,
    "min": lambda numbers: min(numbers, default=None),
    "max": lambda numbers: max(numbers, default=None),
}
