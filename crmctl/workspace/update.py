"""`update` and `edit`: new values for fields."""

from collections.abc import Sequence

from crmctl.errors import Refused, WrongUse
from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType
from crmctl.rules.assignment import STAGED, Assignment, apart, assigned
from crmctl.rules.decision import Refusal
from crmctl.rules.move import Move, move
from crmctl.rules.update import update
from crmctl.workspace.each import change_each
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.transaction import Transaction
from crmctl.workspace.workspace import Workspace


class Outdated(Refused):
    """The record was changed by somebody else since its values were read."""

    code = "outdated"


def update_records(
    workspace: Workspace,
    ids: Sequence[str],
    assignments: Sequence[Assignment],
    options: WriteOptions,
    *,
    revision: int | None = None,
) -> Outcome:
    """Set fields of every record named. A stage among them makes it a move.

    `revision` is the one the values were typed against; Raises Outdated where the record moved on since.
    """
    if not assignments:
        raise WrongUse("nothing to change", hint="add -s FIELD=VALUE, --unset FIELD or --add-tag TAG")

    def decide(record: Record, tx: Transaction) -> Change | Refusal:
        if revision is not None and record.revision != revision:
            raise Outdated(
                f"{record.label} was changed by {record.text('updated_by')} while it was edited",
                record=record.id,
                hint=f"crmctl edit {record.id}",
            )
        return _decide(record, assignments, tx)

    return change_each(workspace, ids, options, "update", decide)


def _decide(record: Record, assignments: Sequence[Assignment], tx: Transaction) -> Change | Refusal:
    own, tx.set_off.aimed = apart(assignments, record.type)
    staged = {each.field: each.texts[-1] for each in own if each.field in STAGED}
    rest = [each for each in own if each.field not in STAGED]
    target = staged.get("pipeline", "")
    pipeline = tx.configuration.pipeline(target, record.type).id if target else record.pipeline
    if record.type is RecordType.TASK:
        return _of_task(record, rest, tx)
    values = assigned(rest, record.type, tx.context, record, pipeline)
    if staged:
        return move(record, Move(staged.get("stage", ""), target, values), tx.context)
    return update(record, values, tx.context)


def _of_task(task: Record, assignments: Sequence[Assignment], tx: Transaction) -> Change | Refusal:
    from crmctl.activities.change import changed
    from crmctl.workspace.reminder import reminder_apart

    fields, remind = reminder_apart(assignments, tx.configuration)
    values = assigned(fields, RecordType.TASK, tx.context, task)
    return changed(task, values, tx.context, remind=remind)
