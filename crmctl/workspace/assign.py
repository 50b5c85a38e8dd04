"""`assign`: records to owners."""

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.configuration import Configuration
from crmctl.model.records import Record, RecordType
from crmctl.model.tasks import FINISHED
from crmctl.rules.assign import Loads, people, user
from crmctl.rules.context import Context
from crmctl.rules.decision import Refusal
from crmctl.rules.update import update
from crmctl.workspace.each import change_each
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.transaction import Transaction
from crmctl.workspace.workspace import Workspace

Give = Callable[[Record, Transaction], Change | Refusal]


class Assignees(msgspec.Struct, frozen=True):
    """To whom records go: one user, users in turn, or whoever of them has least open records."""

    to: str = ""
    round_robin: str = ""
    least_loaded: str = ""


def assign_records(
    workspace: Workspace, ids: Sequence[str], assignees: Assignees, options: WriteOptions
) -> Outcome:
    """Give every record named an owner, a task an assignee. Raises WrongUse for users nobody knows."""
    return change_each(workspace, ids, options, "assign", _giving(assignees, workspace))


def _giving(assignees: Assignees, workspace: Workspace) -> Give:
    """Return what gives a record its owner. Raises WrongUse."""
    configuration = workspace.configuration
    if [bool(each) for each in msgspec.structs.astuple(assignees)].count(True) != 1:
        raise WrongUse("to whom?", hint="add one of --to USER, --round-robin USERS, --least-loaded USERS")
    if assignees.to:
        owner = workspace.by if assignees.to == "me" else user(assignees.to, configuration)
        return lambda record, tx: _given(record, owner, tx.context)
    if assignees.round_robin:
        return _in_turn(people(assignees.round_robin, configuration))
    return _to_least(people(assignees.least_loaded, configuration))


def _in_turn(users: Sequence[str]) -> Give:
    def give(record: Record, tx: Transaction) -> Change | Refusal:
        name = tx.turns.upcoming(users)
        answer = _given(record, name, tx.context)
        if isinstance(answer, Change):
            tx.turns.take(users, name)
        return answer

    return give


def _to_least(users: Sequence[str]) -> Give:
    loads: dict[RecordType, Loads] = {}

    def give(record: Record, tx: Transaction) -> Change | Refusal:
        if record.type not in loads:
            loads[record.type] = Loads(_load(record.type, tx))
        load = loads[record.type]
        present = record.text(_holder(record.type)) if _is_open(record, tx.configuration) else ""
        name = load.least(users, present)
        answer = _given(record, name, tx.context)
        if isinstance(answer, Change):
            load.give(name, present)
        return answer

    return give


def _given(record: Record, owner: str, context: Context) -> Change | Refusal:
    return update(record, {_holder(record.type): owner}, context, op="assign")


def _holder(kind: RecordType) -> str:
    """Return the field that tells whose a record is."""
    return "assignee" if kind is RecordType.TASK else "owner"


def _is_open(record: Record, configuration: Configuration) -> bool:
    if record.type is RecordType.TASK:
        return record.text("status") not in FINISHED
    return not record.type.staged or (record.pipeline, record.stage) in _open_stages(
        record.type, configuration
    )


def _open_stages(kind: RecordType, configuration: Configuration) -> set[tuple[str, str]]:
    return {
        (pipeline.id, stage.id)
        for pipeline in configuration.pipelines_of(kind)
        for stage in pipeline.stages
        if stage.open
    }


def _load(kind: RecordType, tx: Transaction) -> dict[str, int]:
    """Return how many records of a type each owner has: open ones, where they have stages."""
    if kind is RecordType.TASK:
        return Counter(
            row.f_assignee
            for row in tx.writer.scan(kind, ("status", "assignee"))
            if row.f_status not in FINISHED
        )
    stages = _open_stages(kind, tx.configuration)
    load: dict[str, int] = {}
    for row in tx.writer.scan(kind, ("pipeline", "stage", "owner")):
        if row.f_owner and (not kind.staged or (row.f_pipeline, row.f_stage) in stages):
            load[row.f_owner] = load.get(row.f_owner, 0) + 1
    return load
