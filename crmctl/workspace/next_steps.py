"""Tasks that wait until the record they are about is written: those of stages, notices, those named with a move."""

from collections.abc import Iterable, Iterator

from crmctl.errors import NotConfigured
from crmctl.model.records import Record, Value
from crmctl.model.tasks import NextTask
from crmctl.rules.actions import HandedOn
from crmctl.rules.context import Context


class NextSteps:
    """The next steps that were asked for, by record."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._waiting: dict[str, list[NextTask]] = {}
        self._notices: dict[str, dict[str, None]] = {}

    def take(self, action: HandedOn) -> bool:
        """Take an action that creates a task, or a notice, and tell whether it was one.

        Raises NotConfigured for a task that cannot be created, and for both while the rules for tasks are broken.
        """
        if action.kind not in ("task", "notify"):
            return False
        book = self._context.configuration.tasks_book()
        if action.kind == "notify":
            # Once a user, however many stages the record comes through.
            self._notices.setdefault(action.record, {})[action.target] = None
            return True
        if book.template(action.target) is None:
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

    def of(self, record: Record) -> Iterable[dict[str, Value | None]]:
        """Return the values of the tasks that waited for a record.

        No gate holds them back: nobody is there to fill what is missing.
        """
        return self._of(record) if self._waiting or self._notices else ()

    def _of(self, record: Record) -> Iterator[dict[str, Value | None]]:
        if record.id in self._waiting:
            from crmctl.activities.onward import after_stage

            for step in self._waiting.pop(record.id):
                yield from after_stage(record, step, self._context)
        if record.id in self._notices:
            from crmctl.activities.notice import notice_of

            for user in self._notices.pop(record.id):
                yield notice_of(record, user, self._context)
