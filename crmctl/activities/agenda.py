"""What is to be done when: late, today, in the next days, or without a date."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

import msgspec

from crmctl import dates
from crmctl.activities.when import is_past
from crmctl.model.field import Conventions
from crmctl.model.records import Record, number_of
from crmctl.model.tasks import NOTICE


class Part(StrEnum):
    """A part of an agenda, in the order in which it is read."""

    NOTICES = "notices"
    OVERDUE = "overdue"
    TODAY = "today"
    NEXT = "next"
    UNDATED = "undated"


class Agenda(msgspec.Struct, frozen=True):
    """Tasks by part, the first due first; `later` counts those that are due after its days."""

    parts: dict[Part, list[Record]]
    later: int = 0

    @property
    def tasks(self) -> list[Record]:
        """All tasks of the agenda, in order."""
        return [task for part in self.parts.values() for task in part]


def agenda_of(tasks: Iterable[Record], days: int, conventions: Conventions) -> Agenda:
    """Return the agenda of open tasks for today and the next `days`."""
    parts: dict[Part, list[Record]] = {part: [] for part in Part}
    today = dates.day_of(conventions.now, conventions.timezone)
    tomorrow, end = (
        dates.stored_moment(dates.days(day, day, conventions.timezone).start)
        for day in (today + timedelta(days=1), today + timedelta(days=days + 1))
    )
    later = 0
    for task in sorted(tasks, key=lambda each: (each.text("due"), number_of(each.id))):
        due = task.text("due")
        if due >= end:
            later += 1
            continue
        part = Part.NOTICES if task.text("type") == NOTICE else _part(due, tomorrow, conventions)
        parts[part].append(task)
    return Agenda(parts, later)


def _part(due: str, tomorrow: str, conventions: Conventions) -> Part:
    if not due:
        return Part.UNDATED
    if is_past(due, conventions):
        return Part.OVERDUE
    return Part.TODAY if due < tomorrow else Part.NEXT
