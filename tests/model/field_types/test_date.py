"""Calendar days have neither time nor zone."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue


@pytest.fixture(scope="module")
def day(read: Any) -> Any:
    return read("date")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2026-11-21", "2026-11-21"),
        ("today", "2026-11-21"),
        ("+2d", "2026-11-23"),
        ("eom", "2026-11-30"),
        ("2026-11-21T23:30Z", "2026-11-22"),
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_a_day_is_read(day: Any, typed: str, kept: str) -> None:
    assert day.parse(typed) == kept


@pytest.mark.parametrize(
    "wrong", ["01/02/03", "31.02.2024", "2024-02-30", "2026", "2026-11", "45251", "soon", "9999-12-31T23:00Z"]
)
def test_what_is_not_exactly_one_day_is_refused(day: Any, wrong: str) -> None:
    with pytest.raises(BadValue):
        day.parse(wrong)


@pytest.mark.parametrize("word", ["today", "+2d", "mon", "eom"])
def test_a_file_has_no_relative_days(read: Any, conventions: Any, word: str) -> None:
    cell = read("date", conventions=msgspec.structs.replace(conventions, shorthand=False))
    with pytest.raises(BadValue, match="not a date"):
        cell.parse(word)


@pytest.mark.parametrize("typed", ["21.11.2026", "2026-11-21"])
def test_a_declared_format_is_read_beside_iso(read: Any, conventions: Any, typed: str) -> None:
    cell = read("date", conventions=msgspec.structs.replace(conventions, date_format="%d.%m.%Y"))
    assert cell.parse(typed) == "2026-11-21"


def test_another_format_than_the_declared_one_is_refused(read: Any, conventions: Any) -> None:
    cell = read("date", conventions=msgspec.structs.replace(conventions, date_format="%d.%m.%Y"))
    with pytest.raises(BadValue, match="does not fit"):
        cell.parse("11/21/2026")


def test_bounds_are_the_configurations_whatever_format_a_file_declares(read: Any, conventions: Any) -> None:
    declared = msgspec.structs.replace(conventions, date_format="%d.%m.%Y", shorthand=False)
    bounded = read("date", conventions=declared, min="2026-01-01", max="today")
    assert bounded.parse("21.11.2026") == "2026-11-21"
    with pytest.raises(BadValue, match="at most today"):
        bounded.parse("22.11.2026")


@pytest.mark.parametrize(
    ("operator", "text", "value", "holds"),
    [
        ("=", "2026-11-21", "2026-11-21", True),
        ("=", "2026-11", "2026-11-30", True),
        ("=", "2026-Q4", "2026-09-30", False),
        (">", "2026-11", "2026-11-30", False),
        (">", "2026-11", "2026-12-01", True),
        ("<", "2026", "2025-12-31", True),
        ("<=", "today", "2026-11-21", True),
        (">=", "-7d", "2026-11-13", False),
        ("=", "9999-12-31", "9999-12-31", True),
        ("<", "9999-12-31", "2026-11-21", True),
    ],
)
def test_days_compare_with_days_months_quarters_and_years(
    day: Any, operator: str, text: str, value: str, holds: bool
) -> None:
    assert day.holds(operator, text, value) is holds


@settings(max_examples=100, deadline=None)
@given(st.dates())
def test_a_shown_day_reads_back(day: Any, value: date) -> None:
    assert day.again(value.isoformat()) == value.isoformat()


@settings(max_examples=100, deadline=None)
@given(st.dates(), st.dates(date(2, 1, 1), date(9998, 1, 1)), st.sampled_from(["<", "<=", "=", ">", ">="]))
def test_kept_days_compare_as_days(day: Any, one: date, other: date, operator: str) -> None:
    expected = {
        "<": one < other, "<=": one <= other, "=": one == other, ">": one > other, ">=": one >= other
    }  # fmt: skip
    assert day.holds(operator, other.isoformat(), one.isoformat()) is expected[operator]
