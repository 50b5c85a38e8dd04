"""New tasks, by hand: one, or one for each client, through the gate of their kind."""

from crmctl.activities.plan import planned
from crmctl.model.records import RecordType
from crmctl.rules.assignment import Assignment, assigned
from crmctl.rules.create import NewRecord, create
from crmctl.rules.decision import Refusal
from crmctl.workspace.reminder import reminder_apart
from crmctl.workspace.transaction import Transaction


def create_tasks(
    tx: Transaction, assignments: tuple[Assignment, ...], pipeline: str = "", stage: str = ""
) -> list[str] | Refusal:
    """Create what is asked for and return its ids, or return why not; several tasks make a run.

    Raises WrongUse, NotFound.
    """
    tx.configuration.check_kind(RecordType.TASK)
    fields, remind = reminder_apart(assignments, tx.configuration)
    values = assigned(fields, RecordType.TASK, tx.context)
    wanted = planned(values, tx.context, remind)
    if len(wanted) > 1 and tx.run is None:
        tx.begin_run("create", record=RecordType.TASK.value)
    made: list[str] = []
    for each in wanted:
        new = NewRecord(RecordType.TASK, each, pipeline, stage)
        answer = create(tx.writer.new_id(RecordType.TASK), new, tx.context)
        if isinstance(answer, Refusal):
            return answer
        made.append(tx.apply(answer).record.id)
    return made
