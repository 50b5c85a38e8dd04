"""Whole numbers are kept as JSON numbers."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue


@pytest.fixture(scope="module")
def integer(read: Any) -> Any:
    return read("integer")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("5", 5), ("-5", -5), ("0", 0), ("1 000", 1000), ("12.0", 12), ("1,234,567", 1234567), ("10k", 10_000)],
)
def test_a_whole_number_is_read(integer: Any, typed: str, kept: int) -> None:
    assert integer.parse(typed) == kept


def test_shorthand_may_have_a_fraction_where_the_number_has_none(integer: Any) -> None:
    assert integer.parse("1.5k") == 1500


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("1.5", "not a whole number"),
        ("1,000", "two ways"),
        ("five", "not a number"),
        ("nan", "not a number"),
        ("1_000", "not a number"),
        ("9007199254740993", "larger than"),
        ("9" * 400, "more than 18 digits"),
    ],
)
def test_what_is_no_whole_number_is_refused(integer: Any, wrong: str, reason: str) -> None:
    with pytest.raises(BadValue, match=reason):
        integer.parse(wrong)


@pytest.mark.parametrize(("typed", "allowed"), [("0", True), ("100", True), ("-1", False), ("101", False)])
def test_bounds_are_included(read: Any, typed: str, allowed: bool) -> None:
    percent = read("integer", min="0", max="100")
    if allowed:
        assert percent.parse(typed) == int(typed)
    else:
        with pytest.raises(BadValue, match=r"must be at (least 0|most 100)"):
            percent.parse(typed)


def test_numbers_compare_as_numbers(integer: Any) -> None:
    assert integer.holds(">", "9", 10)
    assert not integer.holds("<", "9", 10)


def test_many_numbers_are_kept_as_texts_and_compare_as_numbers(read: Any) -> None:
    sizes = read("integer", multiple=True)
    assert sizes.parse("9; 10") == ["9", "10"]
    assert sizes.holds(">", "9", "10")


@settings(max_examples=100, deadline=None)
@given(st.integers(-(2**53), 2**53))
def test_a_shown_number_reads_back(integer: Any, value: int) -> None:
    assert integer.again(value) == value
