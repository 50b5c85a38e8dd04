"""Periods of reports."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmctl.errors import BadValue
from crmctl.periods import Calendar, read_period

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
PLAIN = Calendar("UTC")


def bounds(text: str, calendar: Calendar = PLAIN, now: datetime = NOW) -> tuple[str, str]:
    """Return the first and the last day of a period."""
    span = read_period(text, now, calendar)
    place = ZoneInfo(calendar.zone)
    last = span.end.astimezone(place) - timedelta(seconds=1)
    return span.start.astimezone(place).date().isoformat(), last.date().isoformat()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026-q1", "2026-01-01", "2026-03-31"),
        ("2026-11-05", "2026-11-05", "2026-11-05"),
        ("today", "2026-11-21", "2026-11-21"),
        ("this-month", "2026-11-01", "2026-11-30"),
        ("last-quarter", "2026-07-01", "2026-09-30"),
        ("next-year", "2027-01-01", "2027-12-31"),
        ("last-week", "2026-11-09", "2026-11-15"),
        ("2026-11-01..2026-11-07", "2026-11-01", "2026-11-07"),
        ("2026-10..2026-11", "2026-10-01", "2026-11-30"),
        ("last-month..this-month", "2026-10-01", "2026-11-30"),
        ("-7d..today", "2026-11-14", "2026-11-21"),
        ("2026-11-01T00:00:00Z..2026-11-02T23:59:59Z", "2026-11-01", "2026-11-02"),
    ],
)
def test_a_period_takes_in_its_last_day(text: str, first: str, last: str) -> None:
    assert bounds(text) == (first, last)


def test_a_period_may_be_open_at_one_end() -> None:
    span = read_period("2026-11-01..", NOW, PLAIN)
    assert span.start == datetime(2026, 11, 1, tzinfo=UTC)
    assert span.end > datetime(9000, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-11-07..2026-11-01", "ends before it begins"),
        ("novemb", "not a period"),
        ("2026-Q5", "not a period"),
        ("this-decade", "not a period"),
        ("9999", "out of range"),
        ("0000", "out of range"),
    ],
)
def test_what_is_no_period_is_refused_with_how_to_write_one(text: str, reason: str) -> None:
    with pytest.raises(BadValue, match=reason):
        read_period(text, NOW, PLAIN)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-04-01", "2027-03-31"),
        ("2026-Q4", "2027-01-01", "2027-03-31"),
        ("this-quarter", "2026-10-01", "2026-12-31"),
        ("this-year", "2026-04-01", "2027-03-31"),
        ("last-year", "2025-04-01", "2026-03-31"),
        ("this-month", "2026-11-01", "2026-11-30"),
    ],
)
def test_years_and_quarters_begin_where_the_reporting_year_does(text: str, first: str, last: str) -> None:
    assert bounds(text, Calendar("UTC", year_starts="04-01")) == (first, last)


def test_before_the_reporting_year_begins_it_is_still_the_last_one() -> None:
    march = datetime(2026, 3, 1, tzinfo=UTC)
    assert bounds("this-year", Calendar("UTC", year_starts="04-06"), march) == ("2025-04-06", "2026-04-05")
    assert bounds("this-quarter", Calendar("UTC", year_starts="04-06"), march) == ("2026-01-06", "2026-04-05")


def test_weeks_begin_on_the_day_the_workspace_says() -> None:
    assert bounds("this-week", Calendar("UTC", week_starts="sunday")) == ("2026-11-15", "2026-11-21")


def test_days_are_those_of_the_workspace() -> None:
    span = read_period("2026-11-21", NOW, Calendar("Europe/Kyiv"))
    assert span.start == datetime(2026, 11, 20, 22, 0, tzinfo=UTC)


STARTS = st.dates(date(2003, 1, 1), date(2003, 12, 31)).map(lambda day: f"{day:%m-%d}")


@settings(max_examples=200)
@given(
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    STARTS,
    st.sampled_from(["week", "month", "quarter", "year"]),
)
@example(date(2026, 5, 30), "01-31", "quarter")
def test_the_present_period_holds_today_and_its_neighbours_adjoin(day: date, starts: str, unit: str) -> None:
    calendar = Calendar("UTC", year_starts=starts)
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    last, this, following = (
        read_period(f"{word}-{unit}", now, calendar) for word in ("last", "this", "next")
    )
    assert this.start <= now < this.end
    assert (last.end, this.end) == (this.start, following.start)


@settings(max_examples=300)
@given(st.text(alphabet="0123456789-+.:TZ .dwmohqyinsec/last", max_size=26))
def test_any_text_is_a_period_or_refused(text: str) -> None:
    try:
        span = read_period(text, NOW, PLAIN)
    except BadValue:
        return
    assert span.start < span.end
