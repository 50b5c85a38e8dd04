"""Numbers with a fraction are kept as JSON numbers."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue


@pytest.fixture(scope="module")
def number(read: Any) -> Any:
    return read("number")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("2.5", 2.5), ("2,5", 2.5), ("1 000,25", 1000.25), ("3.0", 3), ("0", 0), ("0.1", 0.1), ("1.5k", 1500)],
)
def test_a_number_is_read_with_either_mark(number: Any, typed: str, kept: float) -> None:
    assert number.parse(typed) == kept


def test_a_whole_number_is_kept_without_a_fraction(number: Any) -> None:
    assert isinstance(number.parse("3.00"), int)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("1.234", "two ways"),
        ("1,234", "two ways"),
        ("inf", "not a number"),
        ("0.1234567890123456", "15 significant digits"),
        ("9" * 40, "digits"),
    ],
)
def test_what_cannot_be_kept_exactly_is_refused(number: Any, wrong: str, reason: str) -> None:
    with pytest.raises(BadValue, match=reason):
        number.parse(wrong)


def test_a_declared_mark_settles_the_reading(read: Any, conventions: Any) -> None:
    comma = read("number", conventions=msgspec.structs.replace(conventions, decimal_mark=","))
    assert comma.parse("1,234") == 1.234


def test_bounds_are_the_configurations_whatever_mark_a_file_declares(read: Any, conventions: Any) -> None:
    comma = msgspec.structs.replace(conventions, decimal_mark=",", shorthand=False)
    assert read("number", conventions=comma, min="0.5").parse("0,75") == 0.75


def test_three_decimals_are_shown_with_one_reading(number: Any) -> None:
    assert number.show(1.234) == "1.2340"
    assert number.display(1.234) == "1.234"


def test_a_small_number_is_shown_without_an_exponent(number: Any) -> None:
    assert number.show(1e-7) == "0.0000001"


def test_what_was_kept_before_the_field_held_numbers_is_sorted_all_the_same(number: Any) -> None:
    assert number.field.type.sort_key("abc", number.field) == 0


@settings(max_examples=200, deadline=None)
@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 15))
@example(1234, 3)
@example(-1234, 3)
def test_a_shown_number_reads_back(number: Any, digits: int, places: int) -> None:
    point = msgspec.structs.replace(number.conventions, decimal_mark=".")
    value = number.field.parse(f"{Decimal(digits).scaleb(-places):f}", point)
    assert number.again(value) == value
