"""When tasks are due: relative to a moment, or by a date that a record or a result holds."""

from datetime import datetime, timedelta

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
    return dates.over_at(conventions.now, conventions.timezone)(stored)


def check_due(due: Value | None, conventions: Conventions, name: str = "due", label: str = "") -> None:
    """Raise WrongUse for a time that is over before the task begins; `name` is the field that holds it."""
    if isinstance(due, str) and is_past(due, conventions):
        told = f"{label or name}: {_shown(due, conventions)} is in the past"
        raise WrongUse(told, hint="write it like tomorrow, +2h or 2026-12-01").at(name)


def reminder_before(text: str, due: Value | None, conventions: Conventions) -> str | None:
    """Return when a reminder is due that counts from the due time, `-1h`; nothing for no text. Raises WrongUse."""
    if not text:
        return None
    if not isinstance(due, str):
        told = f'remind_at: "{text}" counts from due, which is empty'
        raise WrongUse(told, hint="set due, or write a time like 2026-12-01T09:30").at("remind_at")
    try:
        return moment_of(text, conventions, datetime.fromisoformat(due))
    except WrongUse as error:
        raise WrongUse(f"remind_at: {error.message}", hint=error.hint).at("remind_at") from None


def check_reminder(remind_at: Value | None, due: Value | None, conventions: Conventions) -> None:
    """Raise WrongUse for a reminder that is over, or that comes when the task should be done already."""
    check_due(remind_at, conventions, "remind_at")
    if isinstance(remind_at, str) and isinstance(due, str) and remind_at > _end(due, conventions):
        told = f"remind_at: {_shown(remind_at, conventions)} is after due, {_shown(due, conventions)}"
        raise WrongUse(told, hint="write it like -1h, counted from due").at("remind_at")


def _end(due: str, conventions: Conventions) -> str:
    """Return the last moment at which a task is not late: a day without a time is meant as a whole."""
    day = dates.day_of(datetime.fromisoformat(due), conventions.timezone)
    whole = dates.days(day, day, conventions.timezone)
    if due != dates.stored_moment(whole.start):
        return due
    return dates.stored_moment(whole.end - timedelta(seconds=1))


def _shown(stored: str, conventions: Conventions) -> str:
    return dates.local_text(stored, conventions.timezone)[:16].replace("T", " ")
