"""What the values of a file show of how its dates and numbers are written: one way, or several that may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DATE = re.compile(
    r"(?P<a>\d{1,4})(?P<mark>[./-])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{2}|\d{4})"
    r"(?:(?P<gap>,? )(?P<time>\d{1,2}:\d{2}(?P<seconds>:\d{2})?)(?P<half> ?[AaPp][Mm])?)?"
)
_POINT = re.compile(r"\d\.(?:\d{1,2}|\d{4,})$|,\d{3}\.\d+$")
_COMMA = re.compile(r"\d,(?:\d{1,2}|\d{4,})$|\.\d{3},\d+$")
_AMOUNT = re.compile(r"-?(?:\d+|\d{1,3}(?P<group>[ .,'\u00a0\u202f])\d{3}(?:(?P=group)\d{3})*)(?:[.,]\d{2})?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}\b.*", re.DOTALL)
_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST = "%d{0}%m{0}", "%m{0}%d{0}", "%Y{0}%m{0}%d"


def date_formats(values: Iterable[str]) -> list[list[str]]:
    """Return the date formats of values that are not ISO: for each kind of them every one that all of it fits.

    A kind with a single format leaves one reading; one with none, or values of no such form, is left out.
    """
    kinds: dict[tuple[str, int], set[str]] = {}
    times: dict[tuple[str, int], dict[str, None]] = {}
    for value in values:
        match = _DATE.fullmatch(value.strip())
        if match is None:
            continue
        kind = (match["mark"], len(match["c"]) if len(match["a"]) < 4 else 0)
        fitting = _orders(match)
        kinds[kind] = kinds.get(kind, fitting) & fitting
        times.setdefault(kind, {})[_time(match)] = None
    return [
        [day + time for day in sorted(days) for time in times[kind]] if len(days) == 1 else sorted(days)
        for kind, days in kinds.items()
        if days
    ]


def is_amount(text: str) -> bool:
    """Tell whether text looks like an amount of money: a whole number, or one of two decimals."""
    return bool(_AMOUNT.fullmatch(text))


def is_local_date(text: str) -> bool:
    """Tell whether text looks like a date that is not ISO."""
    return not _ISO.fullmatch(text) and bool(date_formats([text]))


def two_readings(value: str) -> bool:
    """Tell whether the figures of a date may be day and month in either order, and mean different days."""
    match = _DATE.fullmatch(value.strip())
    return match is not None and int(match["a"]) != int(match["b"]) and len(_orders(match)) > 1


def is_decided(formats: list[str]) -> bool:
    """Tell whether the formats of one kind differ in no more than the time of day."""
    return len({pattern.split(" ")[0].rstrip(",") for pattern in formats}) == 1


def decimal_mark(values: Iterable[str]) -> str:
    """Return the decimal mark that values show which have one reading; empty where they show none or both."""
    shown = set()
    for value in values:
        text = value.strip()
        shown |= {"."} if _POINT.search(text) else {","} if _COMMA.search(text) else set()
    return shown.pop() if len(shown) == 1 else ""


def _orders(match: re.Match[str]) -> set[str]:
    mark, first, second = match["mark"], int(match["a"]), int(match["b"])
    if len(match["a"]) == 4:
        return {_YEAR_FIRST.format(mark)} if second <= 12 else set()
    year = "%Y" if len(match["c"]) == 4 else "%y"
    found = set()
    if first <= 31 and second <= 12:
        found.add(_DAY_FIRST.format(mark) + year)
    # With points nobody writes the month first.
    if first <= 12 and second <= 31 and mark != ".":
        found.add(_MONTH_FIRST.format(mark) + year)
    return found


def _time(match: re.Match[str]) -> str:
    if not match["time"]:
        return ""
    half = match["half"] or ""
    hour = "%I:%M" if half else "%H:%M"
    apart = " " if half.startswith(" ") else ""
    return f"{match['gap']}{hour}{':%S' if match['seconds'] else ''}{apart + '%p' if half else ''}"
