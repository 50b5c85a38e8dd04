"""Flags: conditions of one word."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from crmctl import dates
from crmctl.errors import BadValue
from crmctl.model.field import Field
from crmctl.model.pipeline import Outcome
from crmctl.model.records import RecordType, is_empty
from crmctl.model.tasks import FINISHED
from crmctl.query.evaluate import Access, Plan, Row, RowTest, every, joined
from crmctl.query.expression import FLAGS
from crmctl.query.scope import Scope
from crmctl.query.verdict import Criterion, row_test

OUTCOMES = tuple(outcome.value for outcome in Outcome)
"""What a stage can come to."""
_FOR = {
    "open": "leads, deals and tasks",
    "won": "leads and deals",
    "lost": "leads and deals",
    "stale": "leads and deals",
    "idle": "leads and deals",
    "overdue": "deals and tasks",
    "unassigned": "records with an owner",
    "done": "tasks",
    "cancelled": "tasks",
    "waiting": "tasks",
}


def flag_plan(name: str, scope: Scope) -> Plan:
    """Return what a flag means for some records. Raises BadValue where it does not suit them."""
    if not _suits(name, scope):
        suiting = ", ".join(flag for flag in FLAGS if _suits(flag, scope))
        raise BadValue(f'"{name}" is for {_FOR[name]}', hint=f"flags of {scope.kind.table}: {suiting}")
    if scope.kind is RecordType.TASK and name in _TASK_FLAGS:
        return _TASK_FLAGS[name]
    return _PLANS[name](scope)


def _suits(name: str, scope: Scope) -> bool:
    task = scope.kind is RecordType.TASK
    match name:
        case "open":
            return task or scope.kind.staged
        case "won" | "lost" | "stale" | "idle":
            return scope.kind.staged
        case "overdue":
            return (task or scope.kind.staged) and _deadline(scope) is not None
        case "unassigned":
            return _owner(scope) in scope.fields
        case "untouched":
            return True
    return task


def _deadline(scope: Scope) -> Field | None:
    return scope.fields.get("due" if scope.kind is RecordType.TASK else "close_date")


def _owner(scope: Scope) -> str:
    return "assignee" if scope.kind is RecordType.TASK else "owner"


def _outcome(outcome: Outcome) -> Callable[[Scope], Plan]:
    """Return the flag of an outcome. A stage that the configuration no longer has counts as what it became."""

    def plan(scope: Scope) -> Plan:
        stages: dict[Any, Outcome] = {
            (pipeline.id, stage): stands_for
            for pipeline in scope.configuration.pipelines_of(scope.kind)
            for stage, stands_for in pipeline.outcomes.items()
        }

        def make(access: Access) -> RowTest:
            pipeline, stage = access.columns("pipeline"), access.columns("stage")
            return lambda row: stages.get((pipeline(row), stage(row)), Outcome.OPEN) is outcome

        return Plan(make, ("stage", "pipeline"))

    return plan


def _status(*statuses: str, wanted: bool = True) -> Plan:
    among = frozenset(statuses)

    def make(access: Access) -> RowTest:
        status = access.columns("status")
        return lambda row: (status(row) in among) is wanted

    return Plan(make, ("status",))


def _overdue(scope: Scope) -> Plan:
    """Open, and its time is over: that of a day, or of midnight, when the day is."""
    field, conventions = _deadline(scope), scope.conventions
    assert field is not None
    criterion = Criterion(dates.over_at(conventions.now, conventions.timezone))

    def make(access: Access) -> RowTest:
        return row_test(access.columns(field.name), criterion, access.passed_over, wanted=True)

    return joined([flag_plan("open", scope), Plan(make, (field.name,))], every)


def _stale(scope: Scope) -> Plan:
    """Open, and longer in its stage than the stage's `max_age`."""
    limits: dict[Any, str] = {
        (pipeline.id, stage.id): limit
        for pipeline in scope.configuration.pipelines_of(scope.kind)
        for stage in pipeline.stages
        if stage.open and stage.max_age is not None and (limit := _limit(scope, stage.max_age))
    }

    def make(access: Access) -> RowTest:
        record_id, pipeline = access.columns("id"), access.columns("pipeline")
        stage, since = access.columns("stage"), access.lookups.stage_since

        def test(row: Row) -> bool:
            limit = limits.get((pipeline(row), stage(row)))
            entered = limit and since(str(record_id(row)))
            return bool(entered) and str(entered) < str(limit)

        return test

    return Plan(make, ("id", "stage", "pipeline"), histories=("stage",))


def _limit(scope: Scope, age: timedelta) -> str:
    """Return the moment before which a stay began too long ago, empty where no moment is."""
    try:
        return dates.stored_moment(scope.conventions.now - age)
    except (OverflowError, BadValue):
        return ""


def _unassigned(scope: Scope) -> Plan:
    name = _owner(scope)

    def make(access: Access) -> RowTest:
        owner = access.columns(name)
        return lambda row: is_empty(owner(row))

    return Plan(make, (name,))


def _idle(scope: Scope) -> Plan:
    """Open, and no open task says what comes next."""

    def make(access: Access) -> RowTest:
        record_id, planned = access.columns("id"), access.lookups.has_open_task
        return lambda row: not planned(str(record_id(row)))

    return joined([flag_plan("open", scope), Plan(make, ("id",))], every)


def _untouched(_: Scope) -> Plan:
    """Written once, when it was created."""

    def make(access: Access) -> RowTest:
        revision = access.columns("revision")
        return lambda row: (revision(row) or 0) in (0, 1)

    return Plan(make, ("revision",))


_TASK_FLAGS = {
    "open": _status(*FINISHED, wanted=False),
    "done": _status("done"),
    "cancelled": _status("cancelled"),
    "waiting": _status("waiting"),
}
_PLANS: dict[str, Callable[[Scope], Plan]] = {
    "open": _outcome(Outcome.OPEN),
    "won": _outcome(Outcome.WON),
    "lost": _outcome(Outcome.LOST),
    "overdue": _overdue,
    "stale": _stale,
    "idle": _idle,
    "unassigned": _unassigned,
    "untouched": _untouched,
}
