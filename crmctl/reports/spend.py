"""Advertising spend: what was spent on a source over some days, evenly, and how much of it falls into others."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

import msgspec

from crmctl.reports.sums import Sums, added

NOT_STATED = (
    "what advertising cost is not stated: spend: spend.csv in crmctl.yaml names the file that tells it"
)
"""The note of a report that would need it."""


class Spend(msgspec.Struct, frozen=True):
    """An amount spent on a source from one day to another, both included, the same on each."""

    source: str
    since: date
    until: date
    amount: Decimal
    currency: str
    campaign: str = ""

    @property
    def days(self) -> int:
        """How many days it was spent on."""
        return (self.until - self.since).days + 1

    def part(self, since: date, until: date) -> "Spend | None":
        """Return what of it was spent from one day to another; nothing where those are other days."""
        first, last = max(self.since, since), min(self.until, until)
        if first > last:
            return None
        days = (last - first).days + 1
        amount = self.amount if days == self.days else self.amount * days / self.days
        return msgspec.structs.replace(self, since=first, until=last, amount=amount)


def within(lines: Iterable[Spend], since: date, until: date) -> Iterator[Spend]:
    """Yield what of some spend was spent from one day to another."""
    for line in lines:
        part = line.part(since, until)
        if part:
            yield part


def spent(lines: Iterable[Spend]) -> Sums:
    """Return the sum of some spend."""
    return added((line.currency, line.amount) for line in lines)
