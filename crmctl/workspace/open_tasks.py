"""The tasks that are open for records: what comes next."""

from collections.abc import Set

from crmctl import dates
from crmctl.model.field import Conventions
from crmctl.model.records import Record, RecordType, number_of
from crmctl.storage.interface import Reader
from crmctl.workspace.task_clients import clients_of, open_rows
from crmctl.workspace.workspace import Workspace

NEVER = "9999"
"""What a task without a date is sorted by: after all others."""


def open_tasks_of(clients: Set[str], reader: Reader) -> list[Record]:
    """Return the open tasks for any of some records, the first due first."""
    if not reader.count(RecordType.TASK):
        return []
    found = [row for row in open_rows(reader, ("id", "due")) if not clients.isdisjoint(clients_of(row))]
    found.sort(key=lambda row: (row.f_due or NEVER, number_of(row.f_id)))
    return [task for row in found if (task := reader.get(row.f_id))]


def task_line(task: Record, workspace: Workspace) -> str:
    """Return how a card tells of a task: `T-4  2026-12-01  Call  (anna)`."""
    who = workspace.configuration.fields_of(RecordType.TASK)["assignee"]
    name = who.display(task.get("assignee"), workspace.conventions)
    due = due_text(task, workspace.conventions)
    return "  ".join(part for part in (task.id, due, task.title, f"({name})" if name else "") if part)


def due_text(task: Record, conventions: Conventions) -> str:
    """Return when a task is due: a day where it is the whole day, empty where it has no date."""
    due = task.text("due")
    shown = dates.local_text(due, conventions.timezone)[:16].replace("T", " ") if due else ""
    return shown.removesuffix(" 00:00")
