"""Writing reminders: a line each for people, with their clients for programs."""

from collections.abc import Sequence

from crmctl.activities.remind import Reminder
from crmctl.cli.output import WHOLE, Output
from crmctl.dates import local_text
from crmctl.model.table import Column
from crmctl.render.listing import Listing
from crmctl.workspace.agenda import client_titles
from crmctl.workspace.open_tasks import due_text
from crmctl.workspace.remind import reminder_rows
from crmctl.workspace.workspace import Workspace

_COLUMNS = tuple(
    Column(name, title)
    for name, title in (
        ("id", "ID"),
        ("remind_at", "Reminder"),
        ("due", "Due"),
        ("title", "Task"),
        ("for", "For"),
        ("assignee", "Assignee"),
    )
)


def emit_reminders(output: Output, reminders: Sequence[Reminder], workspace: Workspace) -> None:
    """Write reminders; for people nothing at all where there are none."""
    if output.format in WHOLE:
        output.json(reminder_rows(workspace, reminders))
    elif reminders or output.format:
        reader, zone = workspace.read(), workspace.configuration.timezone
        cells = [
            [
                each.task.id,
                local_text(each.at, zone)[:16].replace("T", " ").removesuffix(" 00:00"),
                due_text(each.task, workspace.conventions),
                each.task.title,
                client_titles(reader, each.task),
                each.task.text("assignee"),
            ]
            for each in reminders
        ]
        output.records(Listing(_COLUMNS, [{"id": each.task.id} for each in reminders], cells))
