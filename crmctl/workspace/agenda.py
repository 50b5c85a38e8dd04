"""`agenda`: the open tasks of a user, by when they are due."""

from crmctl.activities.agenda import Agenda, agenda_of
from crmctl.errors import WrongUse
from crmctl.model.records import Record, RecordType
from crmctl.rules.assign import user
from crmctl.storage.interface import Reader
from crmctl.workspace.task_clients import open_rows
from crmctl.workspace.workspace import Workspace

FEW = 20
"""Of so many tasks one is read by itself; where more are wanted, all are read in one go."""


def agenda(workspace: Workspace, assignee: str, days: int, *, everyone: bool = False) -> Agenda:
    """Return the agenda of a user, one's own where none is named. Raises WrongUse, NotConfigured."""
    workspace.configuration.check_kind(RecordType.TASK)
    reader = workspace.read()
    whose = workspace.by if assignee in ("", "me") else _user(assignee, workspace, reader)
    return agenda_of(_open_tasks(reader, "" if everyone else whose), days, workspace.conventions)


def _user(name: str, workspace: Workspace, reader: Reader) -> str:
    """Return the user named, who may have left with tasks still open. Raises WrongUse."""
    try:
        return user(name, workspace.configuration)
    except WrongUse:
        if any(row.f_assignee == name for row in open_rows(reader, ("assignee",))):
            return name
        raise


def client_titles(reader: Reader, task: Record) -> str:
    """Return whom a task is for, by id and title."""
    clients = ((each, reader.get(each)) for each in task.many("for"))
    return ", ".join(f"{each} {record.title}" if record else each for each, record in clients)


def _open_tasks(reader: Reader, assignee: str) -> list[Record]:
    """Return the open tasks of a user, or of all; no others are read whole."""
    rows = open_rows(reader, ("id", "assignee"))
    wanted = {row.f_id for row in rows if not assignee or row.f_assignee == assignee}
    if len(wanted) * FEW < reader.count(RecordType.TASK):
        return [task for each in wanted if (task := reader.get(each))]
    return [task for task in reader.records(RecordType.TASK) if task.id in wanted]
