"""What amounts are worth in other currencies, by day."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.errors import BadValue
from crmctl.model.rates import Rate, Rates

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
RATES = Rates("UAH", {"USD": (Rate(Decimal(40)),), "EUR": (Rate(Decimal(45), MAY), Rate(Decimal(50), JUNE))})


@pytest.mark.parametrize(
    ("currency", "into", "day", "worth"),
    [
        ("USD", "UAH", MAY, 400),
        ("UAH", "USD", MAY, Decimal("0.25")),
        ("EUR", "UAH", MAY, 450),
        ("EUR", "UAH", date(2026, 5, 31), 450),
        ("EUR", "UAH", JUNE, 500),
        ("EUR", "USD", date(2027, 1, 1), Decimal("12.5")),
        ("GBP", "GBP", MAY, 10),
    ],
)
def test_an_amount_is_worth_what_the_rates_of_the_day_say(
    currency: str, into: str, day: date, worth: Decimal
) -> None:
    assert RATES.convert(Decimal(10), currency, into, day) == worth


@pytest.mark.parametrize(
    ("currency", "day", "reason"),
    [
        ("GBP", MAY, "no rate for GBP"),
        ("", MAY, "no rate for amounts without a currency"),
        ("EUR", date(2026, 4, 30), "no rate for EUR on 2026-04-30: the first is of 2026-05-01"),
    ],
)
def test_a_rate_that_is_missing_is_no_rate_of_one(currency: str, day: date, reason: str) -> None:
    with pytest.raises(BadValue) as missing:
        RATES.convert(Decimal(10), currency, "UAH", day)
    assert missing.value.reason == reason


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(["UAH", "USD", "EUR"]))
def test_a_currency_is_worth_itself(amount: Decimal, currency: str) -> None:
    assert RATES.convert(amount, currency, currency, date(1999, 1, 1)) == amount
