"""Dates in a declared form to ISO 8601, as text: whether there is such a day is for the field to say."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

Form = Callable[[str], str | None]
"""Returns the ISO form of a date, or nothing for text of another form."""

_FIGURES = {
    "%d": r"(?P<d>\d{1,2})",
    "%m": r"(?P<m>\d{1,2})",
    "%Y": r"(?P<Y>\d{4})",
    "%H": r"(?P<H>\d{1,2})",
    "%M": r"(?P<M>\d{2})",
    "%S": r"(?P<S>\d{2})",
}
_CODE = re.compile(r"%.")


def date_reader(patterns: Sequence[str], *, day_only: bool) -> Form:
    """Return what reads the first of some strptime formats that fits; with `day_only` the time is left out."""
    forms = [
        _figures(pattern, day_only=day_only) or _spelled(pattern, day_only=day_only) for pattern in patterns
    ]

    def read(text: str) -> str | None:
        for form in forms:
            if found := form(text.strip()):
                return found
        return None

    return read


def _figures(pattern: str, *, day_only: bool) -> Form | None:
    """Return the reader of a format of plain figures: it spares the calendar, which is most of the time."""
    codes = _CODE.findall(pattern)
    if not {"%d", "%m", "%Y"} <= set(codes) <= _FIGURES.keys() or len(codes) != len(set(codes)):
        return None
    parts = re.split(r"(%.)", pattern)
    match = re.compile("".join(_FIGURES.get(part) or re.escape(part) for part in parts), re.ASCII).fullmatch
    timed = "%H" in codes and not day_only

    def read(text: str) -> str | None:
        found = match(text)
        if found is None:
            return None
        day = f"{found['Y']}-{found['m']:0>2}-{found['d']:0>2}"
        if not timed:
            return day
        minute = found["M"] if "%M" in codes else "00"
        return f"{day} {found['H']:0>2}:{minute}:{found['S'] if '%S' in codes else '00'}"

    return read


def _spelled(pattern: str, *, day_only: bool) -> Form:
    timed = not day_only and bool({"%H", "%I", "%X", "%c", "%T", "%R"} & set(_CODE.findall(pattern)))

    def read(text: str) -> str | None:
        try:
            moment = datetime.strptime(text, pattern)
        except (ValueError, re.error):  # a format that says something twice is no pattern
            return None
        return moment.isoformat(timespec="seconds") if timed else moment.date().isoformat()

    return read
