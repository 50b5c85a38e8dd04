"""What an imported row writes that is a task, and how it ended."""

import msgspec

from crmctl.activities.change import changed
from crmctl.activities.imported import imported
from crmctl.errors import WrongUse
from crmctl.importer.row import ImportRow
from crmctl.model.change import Change, PastMove
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.tasks import FINISHED
from crmctl.rules.context import Context
from crmctl.rules.create import NewRecord
from crmctl.rules.decision import Refusal
from crmctl.workspace.import_choices import Choices
from crmctl.workspace.import_past import Past
from crmctl.workspace.import_values import RowValues

_ENDINGS = {"done": "complete", "cancelled": "cancel"}


class TaskRowValues(RowValues):
    """Reads rows as tasks."""

    def __init__(self, context: Context, choices: Choices) -> None:
        super().__init__(context, RecordType.TASK, choices)

    def new_record(self, row: ImportRow, *, lineage: bool) -> NewRecord | Refusal:
        """Return the task that a new row asks for; one that comes back under its id is taken as it was."""
        new = super().new_record(row, lineage=lineage)
        if isinstance(new, Refusal):
            return new
        answer = imported(new.values, self._context, whole=lineage)
        if isinstance(answer, Refusal):
            return answer
        if row.kept.get("closed_at") and answer["status"] not in FINISHED:
            raise WrongUse("closed_at is of a task that is over, with a result").at("closed_at")
        return msgspec.structs.replace(new, values=answer)

    def change(self, row: ImportRow, record: Record, *, fill: bool, joins: bool = False) -> Change | Refusal:
        """Return what a row changes of its task; how it ends is for the commands that end it."""
        result = row.kept.get("result")
        if result and result != record.get("result"):
            told = f"{record.label} is not ended by an import (crmctl complete {record.id} --result {result})"
            return Refusal(record, told)
        try:
            return changed(record, self.updates(row, record, fill=fill), self._context)
        except WrongUse as error:
            return Refusal(record, f"{error.message} ({error.hint})" if error.hint else error.message)

    def dated(self, change: Change, row: ImportRow, key: str) -> Change:
        """Give a new task the dates the row brings; of one that is over it is known that it was there by its end.

        Where no date says when, it ended as it came; but what comes back under its id had none before either.
        """
        if change.record.get("closed_at") and not row.id:
            row = msgspec.structs.replace(row, kept={"closed_at": self._context.at, **row.kept})
        found = super().dated(change, row, key)
        ended = found.record.text("closed_at")
        if found.at or not ended:
            return found
        return msgspec.structs.replace(found, at=ended, after=found.record.having({"created_at": ended}))

    def _past(self, row: ImportRow, record: Record) -> Past:
        """Return the end of a task that is over."""
        created, closed = str(row.kept.get("created_at", "")), str(row.kept.get("closed_at", ""))
        status = record.text("status")
        if status not in _ENDINGS:
            return Past(created, closed)
        ended: dict[str, tuple[Value | None, Value | None]] = {
            "status": ("new", status),
            "closed_at": (None, closed),
        }
        if result := record.get("result"):
            ended["result"] = (None, result)
        return Past(created, closed, (PastMove(closed, ended, _ENDINGS[status]),))
