"""Notices: a line in the agenda of somebody, which a stage puts there when a record comes to it or leaves it.

A notice is a task of a type of its own and for no client, so that it is no next step of the record that it is about.
"""

from crmctl.activities.plan import new_task, plain
from crmctl.model.records import Record, Value
from crmctl.model.tasks import NOTICE, Clients, TaskType
from crmctl.rules.context import Context


def notice_of(record: Record, user: str, context: Context) -> dict[str, Value | None]:
    """Return the values of a notice on where a record is now, to be told of at once.

    `owner` is the record's; where it has none, whoever acts is told.
    """
    book = context.configuration.tasks_book()
    kind = book.type(NOTICE) or TaskType(NOTICE, clients=Clients.NONE)
    stage = context.stage_of(record)
    given: dict[str, Value | None] = {
        "title": f"{_named(record)} -> {stage.title or stage.id}" if stage else _named(record),
        "assignee": _whom(user, record, context),
        "remind_at": context.at,
    }
    return new_task(kind, plain(), given, context)


def _named(record: Record) -> str:
    return f"{record.id} {record.title}" if record.title else record.id


def _whom(user: str, record: Record, context: Context) -> str | None:
    if user == "me":
        return context.by
    if user == "owner":
        return record.text("owner") or None
    return context.configuration.known_user(user) or user
