"""The open tasks of records that a command closes: with what a lead became, or left where they are and told of."""

from collections.abc import Iterator, Sequence
from shlex import quote

from crmctl.activities.onward import successors
from crmctl.model.change import Change
from crmctl.model.records import Record
from crmctl.model.tasks import FINISHED
from crmctl.storage.interface import Writer
from crmctl.text import plural
from crmctl.workspace.task_clients import clients_of, open_rows

MOST_TOLD = 10
"""Tasks that are told of one by one, and records that a command to cancel their tasks names."""


class TasksLeft:
    """Takes down which tasks go on with other records, and which records are lost while tasks for them are open."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._handed: dict[str, list[str]] = {}
        self._lost: dict[str, list[str]] = {}
        self._tasks: dict[str, list[str]] | None = None

    def handed_over(self, lead: Record, op: str) -> Iterator[Change]:
        """Yield the open tasks of a converted lead, for what it became; `op` is what converted it."""
        became = [each for each in lead.many("converted_to") if self._writer.get(each)]
        heir = successors([lead.id], {lead.id: became})
        for task in self._open(lead.id) if became else ():
            clients = [heir[0] if each == lead.id else each for each in task.many("for")]
            self._handed.setdefault(f"{lead.id} to {heir[0]}", []).append(task.id)
            after = task.having({"for": list(dict.fromkeys(clients))})
            yield Change(op, task, after, cleared=True)

    def lost(self, record: Record) -> None:
        """Take down a record that was lost, with the tasks that were open for it until then."""
        if found := [task.id for task in self._open(record.id)]:
            self._lost[record.id] = found

    def learn(self, task: Record) -> None:
        """Take down a task that was made meanwhile."""
        if self._tasks is not None:
            for client in task.many("for"):
                self._tasks.setdefault(client, []).append(task.id)

    @property
    def notes(self) -> list[str]:
        """What to tell of the tasks."""
        told = [f"{_named(tasks)} went from {where}" for where, tasks in self._handed.items()]
        if len(told) > MOST_TOLD:
            count = sum(map(len, self._handed.values()))
            told = [f"{plural(count, 'open task')} went from {len(told):,} leads to what they became"]
        return [*told, *self._still_open()]

    def _still_open(self) -> Iterator[str]:
        left = self._lost
        tasks = list(dict.fromkeys(task for found in left.values() for task in found))
        if not tasks:
            return
        whose = next(iter(left)) if len(left) == 1 else f"{len(left):,} records that are lost"
        yield f"{plural(len(tasks), 'open task')} for {whose}: {_cancelling(list(left), tasks)}"

    def _open(self, record_id: str) -> list[Record]:
        """Return the tasks that are open for a record now."""
        if self._tasks is None:
            self._tasks = {}
            for row in open_rows(self._writer, ("id",)):
                for client in clients_of(row):
                    self._tasks.setdefault(client, []).append(row.f_id)
        found = (self._writer.get(each) for each in self._tasks.get(record_id, ()))
        return [
            task
            for task in found
            if task and task.text("status") not in FINISHED and record_id in task.many("for")
        ]


def _named(tasks: Sequence[str]) -> str:
    return ", ".join(tasks) if len(tasks) <= MOST_TOLD else plural(len(tasks), "open task")


def _cancelling(records: Sequence[str], tasks: Sequence[str]) -> str:
    """Return the command that cancels tasks."""
    if len(tasks) <= MOST_TOLD:
        return f"crmctl cancel {' '.join(tasks)}"
    where = f"open and for in ({', '.join(records)})" if len(records) > 1 else f"open and for = {records[0]}"
    return f"crmctl filter tasks {quote(where)} -o ids | crmctl cancel -"
