"""Dates as spreadsheets count them: days since an epoch, times as parts of a day."""

from datetime import datetime, timedelta

from crmctl.errors import BadValue
from crmctl.model.field import Conventions, Field
from crmctl.model.records import Value

DATED = frozenset({"date", "datetime"})
"""The kinds of field in which a bare number may be such a date."""
_NO_SUCH_DAY = 60
_SECONDS = 86_400


def moment_text(days: float, epoch: str) -> str:
    """Return the day, with its time unless that is midnight, as ISO writes it. Raises BadValue.

    To the second: spreadsheets keep times as binary fractions of a day. `epoch` is the year from which days are
    counted, 1904 or 1900; with the latter there was a 29 February 1900.
    """
    try:
        whole, seconds = divmod(round(days * _SECONDS), _SECONDS)
        found = _day_zero(whole, epoch) + timedelta(days=whole, seconds=seconds)
    except OverflowError:
        raise BadValue("is after 9999, where dates of a spreadsheet end") from None
    return found.isoformat() if seconds else found.date().isoformat()


def time_text(days: float) -> str:
    """Return a part of a day as a time, or any number of days as hours, minutes and seconds."""
    total = round(abs(days) * _SECONDS)
    hours, rest = divmod(total, 3600)
    return f"{'-' * (days < 0 and total > 0)}{hours:02}:{rest // 60:02}:{rest % 60:02}"


def _day_zero(whole: int, epoch: str) -> datetime:
    if whole < (epoch == "1900"):
        raise BadValue(f"is before {epoch}, where dates of a spreadsheet begin")
    if epoch == "1904":
        return datetime(1904, 1, 1)
    if whole == _NO_SUCH_DAY:
        raise BadValue("is 29 February 1900, which never was")
    return datetime(1899, 12, 31) if whole < _NO_SUCH_DAY else datetime(1899, 12, 30)


def serial_assigned(
    field: Field, texts: str | list[str], conventions: Conventions
) -> dict[str, Value | None]:
    """Return what setting a field of dates writes, where a bare number counts days. Raises BadValue."""
    if isinstance(texts, str):
        texts = _dated(texts, conventions.serial_dates)
    return field.type.assigned(field, texts, conventions)


def _dated(text: str, epoch: str) -> str:
    bare = text.strip()
    if not bare.replace(".", "", 1).isdigit() or not bare.isascii() or len(bare) > 30:
        return text
    return moment_text(float(bare), epoch)
