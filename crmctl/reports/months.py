"""Months of the calendar as reports name them, `2026-11`, and the local days of a period."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from crmctl.dates import stored_moment
from crmctl.periods import BEGINNING, END
from crmctl.reports.facts import Window

_BEGINNING, _END = stored_moment(BEGINNING), stored_moment(END)


def month_of(day: date) -> str:
    """Return the month that a day is in."""
    return day.isoformat()[:7]


def months_between(first: str, last: str) -> list[str]:
    """Return the months from one to another, both included."""
    start, end = (month_number(date.fromisoformat(f"{month}-01")) for month in (first, last))
    return [month_named(number) for number in range(start, end + 1)]


def month_number(day: date) -> int:
    """Return the month that a day is in as a number, counted from the year 0."""
    return 12 * day.year + day.month - 1


def month_named(number: int) -> str:
    """Return the month of such a number."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def ends_of(window: Window, day: Callable[[str], date]) -> tuple[date | None, date | None]:
    """Return the first and the last local day of a period, none where it is open."""
    start, end = window.start, window.end
    first = day(start) if start > _BEGINNING else None
    if not end or end >= _END:
        return first, None
    last = datetime.fromisoformat(end) - timedelta(seconds=1)
    return first, day(stored_moment(last))
