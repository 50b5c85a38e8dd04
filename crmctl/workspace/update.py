"""`update`, `edit` and `assign`: new values for fields."""

from collections.abc import Callable, Sequence

import msgspec

from crmctl.errors import Refused, WrongUse
from crmctl.model.change import Change
from crmctl.model.records import Record, Value
from crmctl.rules.assign import in_turn, least_loaded, people, user
from crmctl.rules.assignment import STAGED, Assignment, assigned
from crmctl.rules.decision import Refusal
from crmctl.rules.move import Move, move
from crmctl.rules.update import update
from crmctl.storage.interface import Reader
from crmctl.workspace.each import change_each
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.transaction import Transaction
from crmctl.workspace.workspace import Workspace


def update_records(
    workspace: Workspace,
    ids: Sequence[str],
    assignments: Sequence[Assignment],
    options: WriteOptions,
    *,
    revision: int | None = None,
) -> Outcome:
    """Set fields of every record named. A stage among them makes it a move.

    `revision` is the one the values were typed against; Raises Refused where the record moved on since.
    """
    if not assignments:
        raise WrongUse("nothing to change", hint="add -s FIELD=VALUE, --unset FIELD or --add-tag TAG")

    def decide(record: Record, tx: Transaction) -> Change | Refusal:
        if revision is not None and record.revision != revision:
            raise Refused(
                f"{record.label} was changed by {record.text('updated_by')} while it was edited",
                record=record.id,
                hint=f"crmctl edit {record.id}",
            )
        return _decide(record, assignments, tx)

    return change_each(workspace, ids, options, "update", decide)


def _decide(record: Record, assignments: Sequence[Assignment], tx: Transaction) -> Change | Refusal:
    staged = {each.field: each.texts[-1] for each in assignments if each.field in STAGED}
    rest = [each for each in assignments if each.field not in STAGED]
    target = staged.get("pipeline", "")
    pipeline = tx.configuration.pipeline(target, record.type).id if target else record.pipeline
    values = assigned(rest, record.type, tx.context, record, pipeline)
    if staged:
        return move(record, Move(staged.get("stage", ""), target, values), tx.context)
    return update(record, values, tx.context)


class Assignees(msgspec.Struct, frozen=True):
    """To whom records go: one user, users in turn, or whoever of them has least open records."""

    to: str = ""
    round_robin: str = ""
    least_loaded: str = ""


def assign_records(
    workspace: Workspace, ids: Sequence[str], assignees: Assignees, options: WriteOptions
) -> Outcome:
    """Give every record named an owner. Raises WrongUse for users nobody knows."""
    following: list[Callable[[], str]] = []

    def decide(record: Record, tx: Transaction) -> Change | Refusal:
        if not following:
            following.append(_following(assignees, tx))
        values: dict[str, Value | None] = {"owner": following[0]()}
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
    return least_loaded(users, _load(tx.writer, tx))


def _load(reader: Reader, tx: Transaction) -> dict[str, int]:
    """Return how many open leads and deals each owner has."""
    load: dict[str, int] = {}
    for pipeline in tx.configuration.pipelines:
        open_stages = {stage.id for stage in pipeline.stages if stage.open}
        for row in reader.scan(pipeline.record, ("pipeline", "stage", "owner")):
            if row.f_pipeline == pipeline.id and row.f_stage in open_stages and row.f_owner:
                load[row.f_owner] = load.get(row.f_owner, 0) + 1
    return load
