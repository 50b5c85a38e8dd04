"""Reminders: when one is to be told of a task, and which are to be told now."""

from collections.abc import Iterable, Mapping

import msgspec

from crmctl.model.records import Record, number_of

Moments = tuple[str, str | None, str | None]
"""The id of an open task, when one is to be reminded of it, and when it is due."""


class Reminder(msgspec.Struct, frozen=True):
    """A task of which somebody is to be reminded, and the moment from which on."""

    task: Record
    at: str


def due_reminders(tasks: Iterable[Moments], told: Mapping[str, str], now: str) -> list[tuple[str, str]]:
    """Return of which open tasks one is to be reminded now, and from when on, the earliest first.

    That is when it was said, else when the task is due. `told` are the moments for which they were told before: a task
    that was rescheduled since has another.
    """
    moments = ((task, remind_at or due or "") for task, remind_at, due in tasks)
    found = [(task, at) for task, at in moments if "" < at <= now and told.get(task) != at]
    return sorted(found, key=lambda each: (each[1], number_of(each[0])))
