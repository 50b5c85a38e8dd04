"""When tasks are due: relative to a moment, or by a date that a record or a result holds."""

from collections.abc import Mapping
from datetime import datetime

from crmctl import dates
from crmctl.errors import BadValue, WrongUse
from crmctl.model.field import Conventions
from crmctl.model.records import Value


def moment_of(
    text: str, values: Mapping[str, Value | None], conventions: Conventions, since: datetime | None = None
) -> str | None:
    """Return the kept form of a time: `+2d` from `since` or now, or the date in the field that it names.

    Nothing is returned for no text, and for a field without a value. Raises WrongUse for what is no time.
    """
    if not text:
        return None
    held = values.get(text)
    if held is None and _is_name(text, conventions):
        return None
    try:
        moment = dates.read_moment(str(held or text), since or conventions.now, conventions.timezone)
    except BadValue as error:
        raise WrongUse(f'"{text}": {error.reason}', hint=error.hint).at("due") from None
    return dates.stored_moment(moment)


def _is_name(text: str, conventions: Conventions) -> bool:
    """Tell whether a text is a field's name, and so no time."""
    try:
        dates.read_moment(text, conventions.now, conventions.timezone)
    except BadValue:
        return text.isidentifier()
    return False


def is_past(stored: str, conventions: Conventions) -> bool:
    """Tell whether a kept moment is over: that of a day, or of midnight, when the day is."""
    today = dates.day_of(conventions.now, conventions.timezone)
    start = dates.stored_moment(dates.days(today, today, conventions.timezone).start)
    return stored < dates.stored_moment(conventions.now) and stored != start


def check_due(due: Value | None, conventions: Conventions) -> None:
    """Raise WrongUse for a due time that is over before the task begins."""
    if isinstance(due, str) and is_past(due, conventions):
        shown = dates.local_text(due, conventions.timezone)[:16].replace("T", " ")
        raise WrongUse(f"due: {shown} is in the past", hint="write it like tomorrow, +2h or 2026-12-01").at(
            "due"
        )
