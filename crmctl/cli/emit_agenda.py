"""Writing an agenda: part by part for people, as one list for programs."""

from crmctl.activities.agenda import Agenda, Part
from crmctl.cli.output import SPREADSHEET, Output
from crmctl.model.records import Record, RecordType
from crmctl.model.table import Column
from crmctl.render.formats import needs_cells
from crmctl.render.listing import Listing
from crmctl.workspace.agenda import client_titles
from crmctl.workspace.open_tasks import due_text
from crmctl.workspace.presentation import Presenter
from crmctl.workspace.workspace import Workspace

_COLUMNS = (
    Column("id", "ID"),
    Column("due", "Due"),
    Column("title", "Task"),
    Column("for", "For"),
    Column("status", "Status"),
)
_ASSIGNEE = Column("assignee", "Assignee")


def emit_agenda(output: Output, found: Agenda, workspace: Workspace, days: int, *, everyone: bool) -> None:
    """Write the tasks; a person is told how many come later."""
    columns = (*_COLUMNS, _ASSIGNEE) if everyone else _COLUMNS
    reader = workspace.read()
    cells = {
        task.id: _cells(task, client_titles(reader, task), workspace, exact=output.format in SPREADSHEET)
        for task in found.tasks
    }
    if output.format:
        _emit_list(output, found, workspace, columns, cells)
    else:
        headings = _headings(days)
        told = [part for part, tasks in found.parts.items() if tasks]
        for part in told:
            output.data(f"{headings[part]} ({len(found.parts[part])})")
            output.records(
                Listing(columns, (), [cells[task.id][: len(columns)] for task in found.parts[part]])
            )
            if part is not told[-1]:
                output.data("")
        if not told:
            output.status("nothing to do")
    if found.later:
        output.status(f"{found.later:,} due later: crmctl agenda --days N")


def _headings(days: int) -> dict[Part, str]:
    return {
        Part.NOTICES: "Notices",
        Part.OVERDUE: "Overdue",
        Part.TODAY: "Today",
        Part.NEXT: f"Next {days} days" if days != 1 else "Tomorrow",
        Part.UNDATED: "Without a date",
    }


def _cells(task: Record, clients: str, workspace: Workspace, *, exact: bool) -> list[str]:
    due = due_text(task, workspace.conventions)
    who = task.text("assignee") if exact else _name(task, workspace)
    return [task.id, due, task.title, clients, task.text("status"), who]


def _name(task: Record, workspace: Workspace) -> str:
    who = workspace.configuration.fields_of(RecordType.TASK)["assignee"]
    return who.display(task.get("assignee"), workspace.conventions)


def _emit_list(
    output: Output,
    found: Agenda,
    workspace: Workspace,
    columns: tuple[Column, ...],
    cells: dict[str, list[str]],
) -> None:
    """Write all tasks as one list, each with the part that it is in."""
    shown = (Column("part", "Part"), *columns)
    presenter = Presenter(workspace, workspace.read(), RecordType.TASK)
    in_order = [(part, task) for part, tasks in found.parts.items() for task in tasks]
    rows = [{**presenter.json(task.values), "part": part.value} for part, task in in_order]
    texts = [[part.value, *cells[task.id][: len(columns)]] for part, task in in_order]
    output.records(Listing(shown, rows, texts if needs_cells(output.name) else ()))
