"""Money is exact, in one currency, and compares only within it."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmctl.currencies import DECIMALS
from crmctl.errors import BadValue
from crmctl.money import exact


@pytest.fixture(scope="module")
def money(read: Any) -> Any:
    return read("money")


@pytest.fixture(scope="module")
def amount(read: Any) -> Any:
    return read("money", "amount", paired="currency")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1 000,50", "1000.50 UAH"),
        ("$22,700.00", "22700.00 USD"),
        ("10k USD", "10000.00 USD"),
        ("0", "0.00 UAH"),
    ],
)
def test_money_is_read_in_the_workspaces_currency_unless_it_names_one(
    money: Any, typed: str, kept: str
) -> None:
    assert money.parse(typed) == kept


@pytest.mark.parametrize("wrong", ["1.234", "1,234", "0.005", "10 XYZ", "lots", "nan", "9" * 50])
def test_what_is_no_money_or_several_is_refused(money: Any, wrong: str) -> None:
    with pytest.raises(BadValue):
        money.parse(wrong)


def test_a_file_has_no_shorthand(read: Any, conventions: Any) -> None:
    cell = read("money", conventions=msgspec.structs.replace(conventions, shorthand=False))
    with pytest.raises(BadValue):
        cell.parse("10k")


def test_an_amount_is_kept_beside_its_currency(amount: Any) -> None:
    assert amount.assign("10 USD") == {"amount": "10.00", "currency": "USD"}


def test_emptying_an_amount_leaves_its_currency(amount: Any) -> None:
    assert amount.assign("") == {"amount": None}


def test_nought_is_a_value(amount: Any) -> None:
    assert amount.assign("0") == {"amount": "0.00", "currency": "UAH"}


@pytest.mark.parametrize(
    ("operator", "text", "value", "holds"),
    [
        (">=", "10k", "10000.00 UAH", True),
        (">", "10k", "10000.00 UAH", False),
        ("=", "5", "5.00 UAH", True),
        ("<", "10 USD", "5.00 USD", True),
        ("<", "10 USD", "5.00 UAH", False),
        (">", "10 USD", "50.00 UAH", False),
    ],
)
def test_money_compares_within_one_currency(
    money: Any, operator: str, text: str, value: str, holds: bool
) -> None:
    assert money.holds(operator, text, value) is holds


@settings(max_examples=300, deadline=None)
@given(
    operator=st.sampled_from(["=", "<", "<=", ">", ">="]),
    wanted=st.decimals(-(10**17), 10**17, places=2),
    apart=st.sampled_from(["0", "0.01", "-0.01", "1000"]),
    currency=st.sampled_from(["UAH", "USD"]),
)
@example(operator=">", wanted=Decimal("90071992547409.92"), apart="0.01", currency="UAH")
@example(operator="=", wanted=Decimal("90071992547409930.01"), apart="0.01", currency="UAH")
def test_an_amount_compares_the_same_read_from_one_field_or_two(
    money: Any, operator: str, wanted: Decimal, apart: str, currency: str
) -> None:
    amount, text = f"{wanted + Decimal(apart):f}", f"{wanted:f} UAH"
    judge = money.field.type.pair_comparison(operator, text, money.field, money.conventions)
    holds = money.holds(operator, text, f"{amount} {currency}")
    assert judge(amount, currency) is (holds if currency == "UAH" else None)


def test_a_value_from_before_a_field_held_amounts_is_not_compared(money: Any) -> None:
    judge = money.field.type.pair_comparison(">", "10", money.field, money.conventions)
    assert [judge(*pair) for pair in (("lots", "UAH"), (None, "UAH"), (["1"], "UAH"))] == [None] * 3


def test_comparisons_tell_which_amounts_they_pass_over(money: Any) -> None:
    passed_over = money.field.type.incomparable("10 USD", money.field, money.conventions)
    assert (passed_over("5.00 UAH"), passed_over("5.00 USD")) == (True, False)


def test_amounts_are_sorted_as_numbers(money: Any) -> None:
    sort_key = money.field.type.sort_key
    assert sort_key("9.00 UAH", money.field) < sort_key("10.00 UAH", money.field)


@pytest.mark.parametrize(
    ("bounds", "typed", "allowed"),
    [
        ({"min": "0"}, "-1", False),
        ({"min": "0"}, "-1 USD", False),
        ({"min": "0"}, "5 USD", True),
        ({"max": "100"}, "101", False),
        ({"max": "100"}, "101 USD", True),
        ({"min": "10k"}, "9999", False),
    ],
)
def test_a_bound_holds_in_its_currency_and_nought_in_all(
    read: Any, bounds: dict[str, str], typed: str, allowed: bool
) -> None:
    bounded = read("money", **bounds)
    if allowed:
        assert bounded.parse(typed) is not None
    else:
        with pytest.raises(BadValue, match="must be at"):
            bounded.parse(typed)


def test_three_decimals_are_shown_with_one_reading(money: Any) -> None:
    assert money.show("1.234 KWD") == "1.2340 KWD"
    assert money.display("1.234 KWD") == "1.234 KWD"


@settings(max_examples=200, deadline=None)
@given(st.integers(-(10**15), 10**15), st.sampled_from(sorted(DECIMALS)))
@example(1234, "KWD")
def test_shown_money_reads_back(money: Any, units: int, code: str) -> None:
    value = str(exact(Decimal(units).scaleb(-DECIMALS[code]), code))
    assert money.again(value) == value
