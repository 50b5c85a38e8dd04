"""A line of a deal is read with one meaning, kept in one form, and adds up to the last digit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.errors import BadValue
from crmctl.model.item_line import ItemLine, item_line, merged, read_item_line, total_of
from crmctl.money import Money

UAH = Money(Decimal("100.00"), "UAH")
quantities = st.decimals("0.000001", 10**6, places=6)
prices = st.decimals(0, 10**6, places=2).map(lambda amount: Money(amount, "UAH"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("P-1 2 x 100 UAH", "P-1 2 x 100.00 UAH"),
        (" p-1  2.50 х 100,5", "P-1 2.5 x 100.50 UAH"),
        ("product/1 10×$3", "P-1 10 x 3.00 USD"),
        ("P-1 0.000001 * 1 JPY", "P-1 0.000001 x 1 JPY"),
        ("P-1 1000 x 1 000,50", "P-1 1000 x 1000.50 UAH"),
    ],
)
def test_a_line_is_typed_in_many_ways_and_kept_in_one(typed: str, kept: str) -> None:
    assert str(read_item_line(typed, "UAH")) == kept
    assert str(item_line(kept)) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "P-1",
        "P-1 2",
        "P-1 2 100",
        "D-1 2 x 5",
        "2 x 5",
        "P-1 0 x 5",
        "P-1 -2 x 5",
        "P-1 2 x -5",
        "P-1 2 x 5 XYZ",
        "P-1 1,234 x 5",
        "P-1 2 x 1.234",
        "P-1 0.0000001 x 5",
    ],
)
def test_what_is_no_line_is_refused(typed: str) -> None:
    with pytest.raises(BadValue):
        read_item_line(typed, "UAH")


@given(st.integers(1, 999), quantities.filter(bool), prices)
def test_what_is_kept_reads_back_as_it_was(number: int, quantity: Decimal, price: Money) -> None:
    kept = str(read_item_line(f"P-{number} {quantity:f} x {price}", "USD", "."))
    assert str(read_item_line(kept, "USD", ".")) == kept == str(item_line(kept))


def test_lines_round_one_by_one_so_that_the_total_is_the_sum_of_what_is_shown() -> None:
    third = ItemLine("P-1", Decimal("0.333"), Money(Decimal("0.05"), "UAH"))
    assert [third.total, total_of([third, third])] == [Decimal("0.02"), Money(Decimal("0.04"), "UAH")]


def test_nothing_comes_to_nothing_and_two_currencies_to_no_sum() -> None:
    assert total_of([]) is None
    with pytest.raises(BadValue, match="not in UAH and USD"):
        total_of([ItemLine("P-1", Decimal(1), UAH), ItemLine("P-1", Decimal(1), Money(Decimal(1), "USD"))])


def test_only_the_same_product_at_the_same_price_is_joined() -> None:
    other = Money(Decimal("90.00"), "UAH")
    lines = [
        ItemLine("P-1", Decimal(1), UAH),
        ItemLine("P-2", Decimal(1), UAH),
        ItemLine("P-1", Decimal(1), other),
    ]
    assert merged([*lines, *lines]) == [ItemLine(each.product, Decimal(2), each.price) for each in lines]
