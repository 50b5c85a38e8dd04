"""Reminders: when one is to be told of a task, and which are to be told now."""

from collections.abc import Iterable, Mapping

import msgspec

from crmctl.model.records import Record, number_of


class Reminder(msgspec.Struct, frozen=True):
    """A task of which somebody is to be reminded, and the moment from which on."""

    task: Record
    at: str


def moment_to_remind(remind_at: str | None, due: str | None) -> str:
    """Return from when on one is reminded of a task: when that was said, else when it is due; empty for never."""
    return remind_at or due or ""


def due_reminders(tasks: Iterable[Record], told: Mapping[str, str], now: str) -> list[Reminder]:
    """Return the reminders of open tasks that are due, the earliest first.

    `told` are the moments for which they were told before: a task that was rescheduled since has another.
    """
    moments = ((task, moment_to_remind(task.text("remind_at"), task.text("due"))) for task in tasks)
    found = [Reminder(task, at) for task, at in moments if at and at <= now and told.get(task.id) != at]
    return sorted(found, key=lambda each: (each.at, number_of(each.task.id)))
