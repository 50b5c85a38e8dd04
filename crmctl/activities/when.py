"""When tasks are due: relative to a moment, or by a date that a record or a result holds."""

from datetime import datetime

from crmctl import dates
from crmctl.errors import BadValue, WrongUse
from crmctl.model.field import Conventions
from crmctl.model.records import Record, Value
from crmctl.rules.context import Context


def moment_of(text: str, conventions: Conventions, since: datetime | None = None) -> str | None:
    """Return the kept form of a time, `+2d` counted from `since` or now; nothing for no text. Raises WrongUse."""
    if not text:
        return None
    try:
        moment = dates.read_moment(text, since or conventions.now, conventions.timezone)
    except BadValue as error:
        raise WrongUse(f'"{text}": {error.reason}', hint=error.hint).at("due") from None
    return dates.stored_moment(moment)


def moment_by(text: str, record: Record, context: Context) -> str | None:
    """Return a time, or that in the field of a record which it names; nothing where the field is empty.

    Raises WrongUse for what is neither.
    """
    if text in context.configuration.fields_of(record.type, record.pipeline):
        return moment_of(record.text(text), context.conventions)
    return moment_of(text, context.conventions)


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
