"""Dates and times as people write them, and as they are kept.

Kept: a date as `2026-11-21`, a moment as `2026-11-21T18:37:59+00:00` (UTC, to the second), so that both
compare as text. Read: ISO 8601, the words of `docs/dates.md`, or a declared format; never guessed.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crmctl.errors import BadValue
from crmctl.patterns import pattern

_ISO = pattern(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2}(?::\d{2})?)?)?"
)
_MONTH = pattern(r"(\d{4})-(\d{2})")
_QUARTER = pattern(r"(\d{4})-[Qq]([1-4])")
_YEAR = pattern(r"\d{4}")
_RELATIVE = pattern(r"([+-]\d{1,5})\s*(min|h|d|w|mo|q|y)")
_DURATION = pattern(r"(\d{1,5})\s*(min|h|d|w|mo|y)")
_LATEST = datetime.max.replace(tzinfo=UTC)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY_WORDS = {
    **{short: at for at, short in enumerate(_WEEKDAYS)},
    **{
        long: at
        for at, long in enumerate(
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        )
    },
    **{short: at for at, short in enumerate(("пн", "вт", "ср", "чт", "пт", "сб", "вс"))},
}
_NEAR_DAYS = {
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
    "вчера": -1,
    "сегодня": 0,
    "завтра": 1,
}
ABSOLUTE = "write it like 2026-11-21, or declare the format with --date-format"
"""The hint for dates in files, where words such as `today` are no dates."""
_ACCEPTED = "write it like 2026-11-21, 2026-11-21 15:30, today, -7d, mon or eom"


class Span(NamedTuple):
    """A stretch of time, `start` included and `end` not: a whole local day, a month, or one second."""

    start: datetime
    end: datetime


@lru_cache(maxsize=8)
def zone(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name. Raises BadValue."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadValue(f'unknown time zone "{name}"', hint="use an IANA name such as Europe/Kyiv") from None


def stored_moment(moment: datetime) -> str:
    """Return the kept form of an aware moment."""
    try:
        return moment.astimezone(UTC).isoformat(timespec="seconds")
    except OverflowError:
        raise BadValue("is out of range") from None


def local_text(stored: str, zone_name: str) -> str:
    """Return a kept moment with the workspace's offset, as JSON shows it, and what is no moment as it is kept."""
    try:
        return datetime.fromisoformat(stored).astimezone(zone(zone_name)).isoformat(timespec="seconds")
    except (OverflowError, ValueError):
        return stored


def day_of(moment: datetime, zone_name: str) -> date:
    """Return the calendar day of an aware moment in a zone. Raises BadValue beyond the calendar's ends."""
    try:
        return moment.astimezone(zone(zone_name)).date()
    except OverflowError:
        raise BadValue("is out of range") from None


def over_at(now: datetime, zone_name: str) -> Callable[[str], bool]:
    """Return what tells whether a kept moment or day is over: that of a day, or of midnight, when the day is."""
    moment, today = stored_moment(now), day_of(now, zone_name)
    midnight, this_day = stored_moment(days(today, today, zone_name).start), today.isoformat()

    def over(stored: str) -> bool:
        return stored < (moment if "T" in stored else this_day) and stored != midnight

    return over


def read_date(text: str, now: datetime, zone_name: str) -> date:
    """Read one calendar day. Raises BadValue for anything that is not exactly one."""
    span = read_span(text, now, zone_name)
    if span.end - span.start > timedelta(hours=25):
        raise BadValue("is more than one day", hint=_ACCEPTED)
    return day_of(span.start, zone_name)


def read_moment(text: str, now: datetime, zone_name: str) -> datetime:
    """Read one moment: a day alone means its start in the workspace's time zone. Raises BadValue."""
    span = read_span(text, now, zone_name)
    if span.end - span.start > timedelta(hours=25):
        raise BadValue("is more than one day", hint=_ACCEPTED)
    return span.start


def read_formatted(text: str, pattern: str, zone_name: str) -> datetime:
    """Read text in a declared strptime format; without an offset it is the workspace's time. Raises BadValue."""
    try:
        moment = datetime.strptime(text.strip(), pattern)
    except ValueError:
        raise BadValue(f'does not fit the date format "{pattern}"') from None
    return moment if moment.tzinfo else _in_zone(moment, zone_name)


def check_pattern(pattern: str) -> None:
    """Raise BadValue for a date format that does not tell the day, the month and the year."""
    day = datetime(2001, 2, 13)
    try:
        same = datetime.strptime(day.strftime(pattern), pattern).date() == day.date()
    except (ValueError, re.error):  # strptime makes an expression of it, which may not say something twice
        same = False
    if not same:
        raise BadValue("is no date format", hint="write it like %d.%m.%Y")


def is_iso(text: str) -> bool:
    """Tell whether text has the form of a date, or a date and time, of ISO 8601."""
    return _ISO.fullmatch(text.strip()) is not None


def read_span(text: str, now: datetime, zone_name: str) -> Span:
    """Read a day, a second, a month, a quarter or a year, absolute or relative to `now`. Raises BadValue."""
    word = text.strip().lower()
    if match := _ISO.fullmatch(text.strip()):
        return _iso_span(match, zone_name)
    today = now.astimezone(zone(zone_name)).date()
    if match := _RELATIVE.fullmatch(word):
        return _relative_span(int(match[1]), match[2], now, today, zone_name)
    if word == "now":
        return Span(now, now + timedelta(seconds=1))
    if day := _named_day(word, today):
        return days(day, day, zone_name)
    if bounds := _named_months(word):
        return days(*bounds, zone_name)
    raise BadValue("not a date", hint=_ACCEPTED)


def read_duration(text: str) -> timedelta:
    """Read a length of time: `2d`, `4h`, `30min`, `1w`; a month is 30 days, a year 365. Raises BadValue."""
    match = _DURATION.fullmatch(text.strip().lower())
    if not match:
        raise BadValue("not a length of time", hint="write it like 2d, 4h or 1w")
    return (
        int(match[1])
        * {
            "min": timedelta(minutes=1),
            "h": timedelta(hours=1),
            "d": timedelta(days=1),
            "w": timedelta(weeks=1),
            "mo": timedelta(days=30),
            "y": timedelta(days=365),
        }[match[2]]
    )


def days(first: date, last: date, zone_name: str) -> Span:
    """Return the stretch from the start of one local day to the end of another."""
    try:
        after = last + timedelta(days=1)
        return Span(_start_of(first, zone_name), _start_of(after, zone_name))
    except OverflowError:
        raise BadValue("is out of range") from None


def _start_of(day: date, zone_name: str) -> datetime:
    # Midnight may not exist on the day the clocks go forward; the first moment after it does.
    return datetime.combine(day, time(), zone(zone_name)).astimezone(UTC)


def _in_zone(moment: datetime, zone_name: str) -> datetime:
    local = moment.replace(tzinfo=zone(zone_name))
    try:
        utc = local.astimezone(UTC)
    except OverflowError:
        raise BadValue("is out of range") from None
    if utc.astimezone(zone(zone_name)).replace(tzinfo=None) != moment:
        raise BadValue(f"does not exist in {zone_name}: the clocks go forward over it")
    return utc


def _iso_span(match: re.Match[str], zone_name: str) -> Span:
    year, month, day, hour, minute, second, offset = match.groups()
    try:
        on = date(int(year), int(month), int(day))
        at = time(int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError as error:
        raise BadValue(f"no such date: {error}") from None
    if hour is None:
        return days(on, on, zone_name)
    moment = datetime.combine(on, at)
    start = _at_offset(moment, offset) if offset else _in_zone(moment, zone_name)
    length = timedelta(seconds=60 if second is None else 1)
    return Span(start, start + min(length, _LATEST - start))


def _at_offset(moment: datetime, offset: str) -> datetime:
    try:
        fixed = datetime.fromisoformat(f"{moment.isoformat()}{offset.replace('Z', '+00:00')}")
    except ValueError:
        raise BadValue(f'no such offset: "{offset}"', hint="write it like +02:00") from None
    return datetime.fromisoformat(stored_moment(fixed))


def _relative_span(count: int, unit: str, now: datetime, today: date, zone_name: str) -> Span:
    try:
        if unit in {"h", "min"}:
            moment = now + (timedelta(hours=count) if unit == "h" else timedelta(minutes=count))
            return Span(moment, moment + timedelta(seconds=1))
        if unit in {"d", "w"}:
            day = today + timedelta(days=count * (7 if unit == "w" else 1))
        else:
            day = add_months(today, count * {"mo": 1, "q": 3, "y": 12}[unit])
    except (OverflowError, ValueError):
        raise BadValue("is out of range") from None
    return days(day, day, zone_name)


def add_months(day: date, count: int) -> date:
    """Return the same day `count` months on, or that month's last day where it is shorter."""
    month = day.year * 12 + day.month - 1 + count
    year, month = divmod(month, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))


def _named_day(word: str, today: date) -> date | None:
    if word in _NEAR_DAYS:
        return today + timedelta(days=_NEAR_DAYS[word])
    if word in _WEEKDAY_WORDS:
        return today + timedelta(days=(_WEEKDAY_WORDS[word] - today.weekday() - 1) % 7 + 1)
    edge, unit = word[:2], {"w": "week", "m": "month", "q": "quarter", "y": "year"}.get(word[2:])
    if edge in {"so", "eo"} and unit:
        first, last = _period_around(today, unit)
        return first if edge == "so" else last
    return None


def _named_months(word: str) -> tuple[date, date] | None:
    if match := _MONTH.fullmatch(word):
        year, month, length = int(match[1]), int(match[2]), 1
    elif match := _QUARTER.fullmatch(word):
        year, month, length = int(match[1]), int(match[2]) * 3 - 2, 3
    elif _YEAR.fullmatch(word):
        year, month, length = int(word), 1, 12
    else:
        return None
    try:
        first = date(year, month, 1)
        return first, add_months(first, length) - timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise BadValue(f"no such date: {error}") from None


def _period_around(today: date, unit: str) -> tuple[date, date]:
    if unit == "week":
        first = today - timedelta(days=today.weekday())
        return first, first + timedelta(days=6)
    length = {"month": 1, "quarter": 3, "year": 12}[unit]
    first = date(today.year, (today.month - 1) // length * length + 1, 1)
    return first, add_months(first, length) - timedelta(days=1)
