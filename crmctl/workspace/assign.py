"""`assign`: records to owners."""

from collections.abc import Callable, Sequence

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType, Value
from crmctl.rules.assign import in_turn, least_loaded, people, user
from crmctl.rules.decision import Refusal
from crmctl.rules.update import update
from crmctl.workspace.each import change_each
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.transaction import Transaction
from crmctl.workspace.workspace import Workspace


class Assignees(msgspec.Struct, frozen=True):
    """To whom records go: one user, users in turn, or whoever of them has least open records."""

    to: str = ""
    round_robin: str = ""
    least_loaded: str = ""


def assign_records(
    workspace: Workspace, ids: Sequence[str], assignees: Assignees, options: WriteOptions
) -> Outcome:
    """Give every record named an owner, a task an assignee. Raises WrongUse for users nobody knows."""
    following: list[Callable[[], str]] = []

    def decide(record: Record, tx: Transaction) -> Change | Refusal:
        if not following:
            following.append(_following(assignees, tx))
        name = "assignee" if record.type is RecordType.TASK else "owner"
        values: dict[str, Value | None] = {name: following[0]()}
        return update(record, values, tx.context, op="assign")

    return change_each(workspace, ids, options, "assign", decide)


def _following(assignees: Assignees, tx: Transaction) -> Callable[[], str]:
    chosen = [bool(each) for each in (assignees.to, assignees.round_robin, assignees.least_loaded)]
    if sum(chosen) != 1:
        raise WrongUse("to whom?", hint="add one of --to USER, --round-robin USERS, --least-loaded USERS")
    if assignees.to:
        owner = tx.context.by if assignees.to == "me" else user(assignees.to, tx.configuration)
        return lambda: owner
    if assignees.round_robin:
        return in_turn(people(assignees.round_robin, tx.configuration))
    users = people(assignees.least_loaded, tx.configuration)
    return least_loaded(users, _load(tx))


def _load(tx: Transaction) -> dict[str, int]:
    """Return how many open leads and deals each owner has."""
    load: dict[str, int] = {}
    for pipeline in tx.configuration.pipelines:
        open_stages = {stage.id for stage in pipeline.stages if stage.open}
        for row in tx.writer.scan(pipeline.record, ("pipeline", "stage", "owner")):
            if row.f_pipeline == pipeline.id and row.f_stage in open_stages and row.f_owner:
                load[row.f_owner] = load.get(row.f_owner, 0) + 1
    return load
