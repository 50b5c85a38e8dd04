"""Which reminders were told, kept in the store. No history tells of them, and no record changes by them.

The document is `{"told": {"T-7": MOMENT}}`: the moment from which on one was to be reminded of each open task. Where
the task is given another moment, it is to be told again.
"""

from collections.abc import Iterable

from crmctl.activities.remind import Reminder
from crmctl.storage.interface import Reader
from crmctl.workspace.task_clients import open_rows
from crmctl.workspace.workspace import Workspace

DOCUMENT = "reminders"


def told_reminders(reader: Reader) -> dict[str, str]:
    """Return the moment for which each task was told."""
    document = reader.document(DOCUMENT) or {}
    told: dict[str, str] = document.get("told", {})
    return dict(told)


def mark_told(workspace: Workspace, reminders: Iterable[Reminder]) -> None:
    """Keep that reminders were told, in one commit; what is kept of tasks that ended is let go."""
    with workspace.committed() as writer:
        told = told_reminders(writer) | {each.task.id: each.at for each in reminders}
        still_open = {row.f_id for row in open_rows(writer, ("id",))}
        kept = {task: at for task, at in told.items() if task in still_open}
        writer.put_document(DOCUMENT, {"told": kept})
