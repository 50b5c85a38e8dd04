"""What was done for a client: the tasks that are over, each with how it ended."""

from collections.abc import Set

from crmctl.model.change import Entry
from crmctl.model.records import Record, RecordType
from crmctl.model.tasks import FINISHED
from crmctl.storage.interface import Reader
from crmctl.workspace.standing_notes import told_history
from crmctl.workspace.task_clients import clients_of
from crmctl.workspace.workspace import Workspace

_ENDINGS = ("complete", "cancel")


def done_work(workspace: Workspace, reader: Reader, clients: Set[str]) -> list[tuple[Record, Entry]]:
    """Return the tasks for any of some records that are over, with the entry of history that tells of the end.

    One that came here as done has no such entry: the one that brought it stands for it.
    """
    if not reader.count(RecordType.TASK):
        return []
    rows = reader.scan(RecordType.TASK, ("id", "for", "status"))
    ids = {row.f_id for row in rows if row.f_status in FINISHED and not clients.isdisjoint(clients_of(row))}
    ends: dict[str, Entry] = {}
    for entry in told_history(workspace, reader, ids) if ids else ():
        if entry.id not in ends or entry.op in _ENDINGS:
            ends[entry.id] = entry
    return [(task, ends[each]) for each in ids if each in ends and (task := reader.get(each))]
