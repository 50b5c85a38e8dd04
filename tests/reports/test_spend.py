"""Advertising spend by its days."""

from datetime import date, timedelta
from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from crmctl.reports.spend import Spend, spent, within
from crmctl.reports.sums import told

NOVEMBER = Spend("ads", date(2026, 11, 1), date(2026, 11, 30), Decimal(300), "EUR", "autumn")


def test_what_counts_is_the_part_of_its_days() -> None:
    (part,) = within([NOVEMBER], date(2026, 11, 21), date(2026, 12, 31))
    assert (part.since, part.until, part.amount) == (date(2026, 11, 21), date(2026, 11, 30), 100)
    assert list(within([NOVEMBER], date(2026, 12, 1), date(2026, 12, 31))) == []
    (day,) = within([NOVEMBER], date(2026, 11, 30), date(2026, 11, 30))
    assert day.amount == 10


def test_unlike_currencies_are_never_added() -> None:
    yen = msgspec.structs.replace(NOVEMBER, currency="JPY")
    assert spent([NOVEMBER, yen, NOVEMBER]) == {"EUR": 600, "JPY": 300}
    assert spent([]) == {}


@given(st.integers(0, 40), st.integers(0, 40), st.decimals(0, 10**9, places=2))
def test_the_parts_before_and_from_a_day_are_the_whole(days: int, cut: int, amount: Decimal) -> None:
    first = date(2026, 11, 1)
    whole = Spend("ads", first, first + timedelta(days=days), amount, "EUR")
    at = first + timedelta(days=cut)
    parts = [
        *within([whole], date.min, at - timedelta(days=1)),
        *within([whole], at, date.max),
    ]
    assert told(spent(parts)) == told(spent([whole]))
