"""Lengths of time in days, and what is typical of many: their median, mean and percentiles."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from math import floor, fsum
from typing import TypeVar

DAY = 86400
Number = TypeVar("Number", float, Decimal)


@lru_cache(maxsize=1 << 17)
def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def days_between(start: str, end: str) -> float:
    """Return the time from one moment to another, both in their kept form, in days; negative where it goes back."""
    return (_seconds(end) - _seconds(start)) / DAY


def mean(values: Sequence[float]) -> float | None:
    """Return the mean, whatever order the values come in; nothing of none."""
    return fsum(values) / len(values) if values else None


def median(values: Sequence[float]) -> float | None:
    """Return the middle value, or the mean of the two in the middle; nothing of none."""
    return middle(values) if values else None


def middle(values: Sequence[Number]) -> Number:
    """Return the same of values of which there are some."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def percentile(values: Sequence[float], part: float) -> float | None:
    """Return the value below which a part of all lie; nothing of none.

    Between two values it is interpolated linearly, as PERCENTILE.INC of spreadsheets does.
    """
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * part
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
