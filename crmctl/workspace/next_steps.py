"""Tasks that wait until the record they are for is written: those of stages, and those named with a move."""

from collections.abc import Iterator

from crmctl.errors import NotConfigured
from crmctl.model.records import Record, Value
from crmctl.model.tasks import NextTask
from crmctl.rules.actions import LeftAction
from crmctl.rules.context import Context


class NextSteps:
    """The next steps that were asked for, by record."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._waiting: dict[str, list[NextTask]] = {}

    def take(self, action: LeftAction) -> bool:
        """Take an action that creates a task, and tell whether it was one. Raises NotConfigured where it cannot."""
        if action.kind != "task":
            return False
        if self._context.configuration.tasks_book().template(action.target) is None:
            told = (
                f'{action.record} would have to get a task, and there is no task template "{action.target}"'
            )
            raise NotConfigured(told, hint="crmctl validate")
        due, assignee = (str(action.arguments.get(key, "")) for key in ("due", "assignee"))
        self.ask(action.record, NextTask(action.target, due, assignee))
        return True

    def ask(self, record_id: str, step: NextTask) -> None:
        """Let a task follow once a record is written."""
        self._waiting.setdefault(record_id, []).append(step)

    def of(self, record: Record) -> Iterator[dict[str, Value | None]]:
        """Yield the values of the tasks that waited for a record.

        No gate holds them back: nobody is there to fill what is missing.
        """
        if record.id not in self._waiting:
            return
        from crmctl.activities.onward import after_stage

        for step in self._waiting.pop(record.id):
            yield from after_stage(record, step, self._context)
