"""`agenda`: the open tasks of a user, by when they are due."""

from crmctl.activities.agenda import Agenda, agenda_of
from crmctl.activities.plan import FINISHED
from crmctl.model.records import Record, RecordType
from crmctl.rules.assign import user
from crmctl.storage.interface import Reader
from crmctl.workspace.workspace import Workspace


def agenda(workspace: Workspace, assignee: str, days: int, *, everyone: bool = False) -> Agenda:
    """Return the agenda of a user, one's own where none is named. Raises WrongUse, NotConfigured."""
    workspace.configuration.check_kind(RecordType.TASK)
    whose = workspace.by if assignee in ("", "me") else user(assignee, workspace.configuration)
    found = [task for task in _open_tasks(workspace.read()) if everyone or task.text("assignee") == whose]
    return agenda_of(found, days, workspace.conventions)


def client_titles(reader: Reader, task: Record) -> str:
    """Return whom a task is for, by id and title."""
    clients = ((each, reader.get(each)) for each in task.many("for"))
    return ", ".join(f"{each} {record.title}" if record else each for each, record in clients)


def _open_tasks(reader: Reader) -> list[Record]:
    """Return the tasks that are neither done nor cancelled, without reading the others whole."""
    rows = reader.scan(RecordType.TASK, ("id", "status"))
    wanted = [row.f_id for row in rows if row.f_status not in FINISHED]
    return [task for each in wanted if (task := reader.get(each))]
