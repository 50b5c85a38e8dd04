"""What the closing of a record means for its open tasks; what looks at tasks is loaded where there are any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from crmctl.model.change import Change
from crmctl.model.pipeline import Outcome
from crmctl.model.records import Record, RecordType
from crmctl.rules.context import Context

if TYPE_CHECKING:
    from crmctl.storage.interface import Writer
    from crmctl.workspace.tasks_left import TasksLeft


class Closings:
    """Looks at every change of a transaction. What an undo closes again has its tasks from then, too."""

    def __init__(self, writer: Writer, context: Context) -> None:
        self._writer = writer
        self._context = context
        self._left: TasksLeft | None = None

    def lost(self, change: Change) -> None:
        """Take down which tasks stay open though their record is lost."""
        before, record = change.before, change.record
        if before is None or not _closes(change) or before.stage == record.stage:
            return
        stage = self._context.stage_of(record)
        if stage and stage.outcome is Outcome.LOST and (left := self._tasks()):
            left.lost(record)

    def converted(self, change: Change) -> Iterator[Change]:
        """Yield the open tasks of a lead that is converted by a change, for what it became."""
        before, record = change.before, change.record
        if before is None or not _closes(change) or record.get("converted_to") is None:
            return
        if before.get("converted_to") is None and (left := self._tasks()):
            yield from left.handed_over(record, change.op)

    def learn(self, task: Record) -> None:
        """Take down a task that something set off."""
        if self._left:
            self._left.learn(task)

    @property
    def notes(self) -> Sequence[str]:
        """What to tell of the tasks."""
        return self._left.notes if self._left else ()

    def _tasks(self) -> TasksLeft | None:
        if self._left is None and self._writer.count(RecordType.TASK):
            from crmctl.workspace.tasks_left import TasksLeft

            self._left = TasksLeft(self._writer)
        return self._left


def _closes(change: Change) -> bool:
    return change.op != "undo" and change.after is not None and change.after.get("closed_at") is not None
