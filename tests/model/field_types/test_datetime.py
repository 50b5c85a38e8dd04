"""Moments are kept in UTC and shown in the workspace's time zone."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl import dates
from crmctl.errors import BadValue


@pytest.fixture(scope="module")
def moment(read: Any) -> Any:
    return read("datetime")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2026-11-21 15:30", "2026-11-21T13:30:00+00:00"),
        ("2026-11-21T15:30:09+03:00", "2026-11-21T12:30:09+00:00"),
        ("2026-11-21", "2026-11-20T22:00:00+00:00"),
        ("-2h", "2026-11-21T10:00:00+00:00"),
    ],
)
def test_a_moment_is_kept_in_utc(moment: Any, typed: str, kept: str) -> None:
    assert moment.parse(typed) == kept


@pytest.mark.parametrize("wrong", ["2026-03-29 03:30", "2026-11", "21.11.2026", "2026-11-21 25:00", "later"])
def test_what_is_no_moment_is_refused(moment: Any, wrong: str) -> None:
    with pytest.raises(BadValue):
        moment.parse(wrong)


def test_a_declared_format_is_read_in_the_workspaces_time(read: Any, conventions: Any) -> None:
    cell = read("datetime", conventions=msgspec.structs.replace(conventions, date_format="%d.%m.%Y %H:%M"))
    assert cell.parse("21.11.2026 15:30") == "2026-11-21T13:30:00+00:00"


def test_a_file_has_no_relative_moments(read: Any, conventions: Any) -> None:
    cell = read("datetime", conventions=msgspec.structs.replace(conventions, shorthand=False))
    with pytest.raises(BadValue, match="not a date"):
        cell.parse("now")


def test_a_moment_is_shown_with_the_workspaces_offset(moment: Any) -> None:
    kept = "2026-11-21T13:30:00+00:00"
    assert moment.show(kept) == "2026-11-21T15:30:00+02:00"
    assert moment.field.dump(kept, moment.conventions) == "2026-11-21T15:30:00+02:00"


def test_people_see_local_time_to_the_minute(moment: Any) -> None:
    assert moment.display("2026-11-21T13:30:59+00:00") == "2026-11-21 15:30"


@pytest.mark.parametrize(
    ("operator", "text", "value", "holds"),
    [
        ("=", "2026-11-21", "2026-11-20T22:00:00+00:00", True),
        ("=", "2026-11-21", "2026-11-21T22:00:00+00:00", False),
        (">", "2026-11-21", "2026-11-21T21:59:59+00:00", False),
        (">", "2026-11-21", "2026-11-21T22:00:00+00:00", True),
        ("<", "2026-11-21", "2026-11-20T21:59:59+00:00", True),
        (">=", "2026-11-21 15:30:09", "2026-11-21T13:30:09+00:00", True),
        ("=", "2026-11-21 15:30", "2026-11-21T13:30:59+00:00", True),
        ("<=", "2026-11", "2026-11-30T21:59:59+00:00", True),
    ],
)
def test_a_day_without_time_is_the_whole_local_day(
    moment: Any, operator: str, text: str, value: str, holds: bool
) -> None:
    assert moment.holds(operator, text, value) is holds


@settings(max_examples=100, deadline=None)
@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.just(UTC)))
def test_a_shown_moment_reads_back(moment: Any, value: datetime) -> None:
    kept = dates.stored_moment(value)
    assert moment.again(kept) == kept


@pytest.mark.parametrize("kept", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
@pytest.mark.parametrize("zone", ["Europe/Kyiv", "America/New_York", "UTC"])
def test_the_ends_of_the_calendar_read_back(read: Any, conventions: Any, kept: str, zone: str) -> None:
    there = read("datetime", conventions=msgspec.structs.replace(conventions, timezone=zone))
    assert there.again(kept) == kept
