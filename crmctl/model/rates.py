"""Exchange rates: what one unit of a currency is worth in the workspace's own, from one day to the next."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from crmctl.errors import BadValue


class Rate(msgspec.Struct, frozen=True):
    """What a unit is worth from a day on; from the beginning of time where it names none."""

    worth: Decimal
    since: date = date.min


class Rates(msgspec.Struct, frozen=True):
    """The rates of a workspace, those of each currency by day; its own currency is worth 1 on any day.

    `place` is where they are stated.
    """

    home: str
    by_currency: Mapping[str, Sequence[Rate]]
    place: str = "under rates: in crmctl.yaml"

    def convert(self, amount: Decimal, currency: str, into: str, day: date) -> Decimal:
        """Return an amount in another currency at the rates of a day, unrounded. Raises BadValue without a rate."""
        if currency == into:
            return amount
        return amount * self._worth(currency, day) / self._worth(into, day)

    def steady(self, currency: str, into: str, since: date, until: date) -> Iterator[tuple[date, date]]:
        """Yield the stretches of days, first and last, on which one rate holds, from one day to another."""
        changes = {rate.since for code in (currency, into) for rate in self.by_currency.get(code, ())}
        firsts = [since, *sorted(day for day in changes if since < day <= until)]
        yield from zip(firsts, [*(day - timedelta(days=1) for day in firsts[1:]), until], strict=True)

    def check(self, currency: str) -> None:
        """Raise BadValue for a currency of which no rate of any day is known."""
        self._worth(currency, date.max)

    def _worth(self, currency: str, day: date) -> Decimal:
        if currency == self.home:
            return Decimal(1)
        known = self.by_currency.get(currency, ())
        at = bisect_right(known, day, key=lambda rate: rate.since)
        if at:
            return known[at - 1].worth
        since = f" on {day}: the first is of {known[0].since}" if known else ""
        raise BadValue(
            f"no rate for {currency or 'amounts without a currency'}{since}",
            hint=f"state what a unit is worth {self.place}",
        )
