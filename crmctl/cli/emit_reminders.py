"""Writing reminders: a line each for people, with their clients for programs."""

from collections.abc import Sequence

from crmctl.activities.remind import Reminder
from crmctl.cli.output import Output
from crmctl.dates import local_text
from crmctl.model.table import Column
from crmctl.render.formats import needs_cells
from crmctl.render.listing import Listing
from crmctl.workspace.agenda import client_titles
from crmctl.workspace.open_tasks import due_text
from crmctl.workspace.remind import Rows
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


def emit_reminders(output: Output, reminders: Sequence[Reminder], rows: Rows, workspace: Workspace) -> None:
    """Write reminders, given as programs get them, too; for people nothing at all where there are none."""
    if not reminders and not output.format:
        return
    cells = _cells(reminders, workspace) if needs_cells(output.name) else ()
    output.records(Listing(_COLUMNS, rows, cells))


def _cells(reminders: Sequence[Reminder], workspace: Workspace) -> list[list[str]]:
    reader, zone = workspace.read(), workspace.configuration.timezone
    return [
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
