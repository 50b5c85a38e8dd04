"""The periods that reports are cut by: `2026-11`, `2026-Q4`, `last-month`, `FROM..TO` with both ends included.

Years and quarters begin where the reporting year begins, weeks on the day the workspace says; filters, which
speak of dates in general, keep to the calendar (`crmctl.dates`).
"""

from datetime import UTC, date, datetime, timedelta

import msgspec

from crmctl.dates import Span, add_months, days, read_span, zone
from crmctl.errors import BadValue
from crmctl.patterns import pattern

_NAMED = pattern(r"(this|last|next)-(week|month|quarter|year)")
_YEAR = pattern(r"(\d{4})(?:-q([1-4]))?")
_SHIFT = {"last": -1, "this": 0, "next": 1}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ACCEPTED = "write it like 2026-Q4, 2026-11, this-month, last-quarter or 2026-11-01..2026-11-15"


BEGINNING, END = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
"""Where a period ends that is open at that end."""


class Calendar(msgspec.Struct, frozen=True):
    """How a workspace cuts time: the name of its zone, where its year begins and its week.

    `year_starts` is `MM-DD`, a day that every year has; `week_starts` the English name of a day.
    """

    zone: str
    year_starts: str = "01-01"
    week_starts: str = "monday"


def read_period(text: str, now: datetime, calendar: Calendar) -> Span:
    """Read a report's period; an end left open is the beginning or the end of time. Raises BadValue."""
    first, dots, last = text.partition("..")
    if not dots:
        return _span(first, now, calendar)
    start = _span(first, now, calendar).start if first.strip() else BEGINNING
    end = _span(last, now, calendar).end if last.strip() else END
    if end <= start:
        raise BadValue("ends before it begins")
    return Span(start, end)


def _span(text: str, now: datetime, calendar: Calendar) -> Span:
    word = text.strip()
    try:
        if match := _NAMED.fullmatch(word.lower()):
            today = now.astimezone(zone(calendar.zone)).date()
            return days(*_named(_SHIFT[match[1]], match[2], today, calendar), calendar.zone)
        if match := _YEAR.fullmatch(word.lower()):
            return days(*_numbered(int(match[1]), match[2], calendar), calendar.zone)
    except (OverflowError, ValueError) as error:
        if isinstance(error, BadValue):
            raise
        raise BadValue("is out of range") from None
    try:
        return read_span(word, now, calendar.zone)
    except BadValue as error:
        raise BadValue(error.reason.replace("not a date", "not a period"), hint=_ACCEPTED) from None


def _named(shift: int, unit: str, today: date, calendar: Calendar) -> tuple[date, date]:
    """Return the first and the last day of the week, month, quarter or year that many from today's."""
    if unit == "week":
        since = (today.weekday() - _WEEKDAYS.index(calendar.week_starts)) % 7
        first = today - timedelta(days=since) + timedelta(weeks=shift)
        return first, first + timedelta(days=6)
    if unit == "month":
        return _months(today.replace(day=1), shift, 1)
    start = _year_start(today.year, calendar)
    if start > today:
        start = _year_start(today.year - 1, calendar)
    length = _MONTHS[unit]
    passed = max(at for at in range(0, 12, length) if add_months(start, at) <= today)
    return _months(start, passed // length + shift, length)


def _numbered(year: int, quarter: str | None, calendar: Calendar) -> tuple[date, date]:
    start = _year_start(year, calendar)
    return _months(start, int(quarter) - 1, 3) if quarter else _months(start, 0, 12)


def _months(start: date, shift: int, length: int) -> tuple[date, date]:
    # Both ends are counted from the start: month by month, a 31st would wear down to a 28th.
    return (
        add_months(start, shift * length),
        add_months(start, (shift + 1) * length) - timedelta(days=1),
    )


def _year_start(year: int, calendar: Calendar) -> date:
    month, day = map(int, calendar.year_starts.split("-"))
    return date(year, month, day)
