"""Sums of money, a currency each."""

from decimal import Decimal

from crmctl.reports.journey import Journey
from crmctl.reports.sums import added, average, minus, per, ratio, summed, sums_of, told

EUR, YEN = {"EUR": Decimal(300)}, {"JPY": Decimal(7)}


def test_sums_are_rounded_once_when_they_are_told() -> None:
    third = ("EUR", Decimal(1) / 3)
    assert told(added([third, ("JPY", Decimal(7)), third])) == {"EUR": "0.67", "JPY": "7"}
    assert told(None) is None


def test_unlike_currencies_are_never_added() -> None:
    deals = [Journey("D-1", "sales", "won", "300", "EUR"), Journey("D-2", "sales", "won", "7", "JPY")]
    assert sums_of([*deals, Journey("D-3", "sales", "won")]) == EUR | YEN
    assert minus(EUR, YEN) == {"EUR": Decimal(300), "JPY": Decimal(-7)}


def test_there_is_nothing_for_each_of_none() -> None:
    assert per(EUR, 0) is None
    assert told(per(EUR, 7)) == {"EUR": "42.86"}


def test_a_ratio_is_of_one_currency() -> None:
    assert ratio({"EUR": Decimal(150)}, EUR) == 0.5
    assert ratio({}, EUR) == 0.0
    assert ratio(YEN, EUR) is None
    assert ratio(EUR, EUR | YEN) is None
    assert ratio(EUR, {"EUR": Decimal(0)}) is None
    assert ratio({}, {}) is None


def test_amounts_are_summed_by_currency_exactly() -> None:
    journeys = [
        Journey("D-1", "p", "new", "0.10", "UAH"),
        Journey("D-2", "p", "new", "0.20", "UAH"),
        Journey("D-3", "p", "new", "5.00", "EUR"),
        Journey("D-4", "p", "new"),
    ]
    assert summed(journeys) == {"EUR": "5.00", "UAH": "0.30"}


def test_a_sum_is_rounded_once_to_the_decimals_of_its_currency() -> None:
    thirds = [Journey(f"D-{at}", "p", "new", "0.335", "EUR") for at in range(3)]
    assert summed(thirds) == {"EUR": "1.01"}
    assert summed([Journey("D-1", "p", "new", "10.5", "JPY")]) == {"JPY": "11"}


def test_an_average_is_of_the_records_of_a_currency_those_without_an_amount_counting_as_nothing() -> None:
    euros = [Journey(f"D-{at}", "sales", "won", amount, "EUR") for at, amount in enumerate(("1", "2", None))]
    assert average(euros) == {"EUR": 1}
    assert average([*euros, Journey("D-4", "sales", "won", "8", "JPY")]) == {"EUR": 1, "JPY": 4}
    assert average(euros[2:]) is None
