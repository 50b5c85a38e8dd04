"""Moving a record to another stage or pipeline, through the gates on the way."""

from collections.abc import Mapping

import msgspec

from crmctl.errors import WrongUse, wrong_use
from crmctl.model.change import Change
from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import Record, Value
from crmctl.model.standard_fields import REASONS
from crmctl.rules.context import Context
from crmctl.rules.create import entering, stage_named
from crmctl.rules.decision import Missing, Refusal, empty_fields, placeholder
from crmctl.rules.gate import missing_at, missing_to_leave, newly_missing, once
from crmctl.rules.lines_sum import with_sum
from crmctl.rules.stranded import stranded
from crmctl.rules.update import retitled, update


class Move(msgspec.Struct, frozen=True):
    """What is asked for: the stage as named, fields set with it, why it was lost, and when it happened."""

    stage: str = ""
    pipeline: str = ""
    values: Mapping[str, Value | None] = {}
    reason: str = ""
    at: str = ""
    op: str = "move"


def move(record: Record, asked: Move, context: Context) -> Change | Refusal:
    """Decide on a move; to the stage the record is on already it is an update. Raises WrongUse, NotFound."""
    pipeline, stage = _target(record, asked, context)
    values = {**asked.values, **_reason(asked, pipeline, stage, context)}
    staying = record.pipeline == pipeline.id
    if staying and record.stage == stage.id:
        return update(record, values, context)
    if staying and (problem := forbidden(pipeline, record.stage, stage)):
        return Refusal(record, f'{record.label} cannot move to "{stage.id}": {problem}', code="not_allowed")
    placed = {"pipeline": pipeline.id, "stage": stage.id}
    entered = entering(stage, record.values, asked.at or context.at) | _reopened(record, stage, context)
    after = retitled(record, record.having({**placed, **entered, **values}), values)
    after = with_sum(record, after, values)
    change = Change(asked.op, record, after, asked.at)
    missing = [
        *missing_at(after, pipeline, stage, context),
        *_missing_to_leave(with_sum(record, record.having(values), values), pipeline, stage, context),
        *newly_missing(record, after, context),
    ]
    if missing:
        return _refused(change, stage, once(missing), context)
    return change


def forbidden(pipeline: Pipeline, here: str, target: Stage) -> str | None:
    """Return why the pipeline's moves do not allow the step, or nothing. A lost stage is always near.

    A stage that the configuration no longer has may be left for any other.
    """
    at = pipeline.position(here)
    if at < 0:
        return None
    stage, there = pipeline.stages[at], pipeline.position(target.id)
    if stage.next is not None:
        allowed = ", ".join(stage.next)
        return None if target.id in stage.next else f'from "{here}" the next stages are: {allowed}'
    if target.outcome is Outcome.LOST:
        return None
    backward = _goes_back(stage, target, earlier=there < at)
    if backward and not pipeline.back:
        return f'pipeline "{pipeline.id}" does not go back (moves: back)'
    if backward and target.open:
        return None
    start = 0 if stage.outcome is Outcome.LOST else at + 1
    skipped = [each.id for each in pipeline.stages[start:there] if each.open]
    if skipped and not pipeline.skip:
        return f'"{skipped[0]}" comes first (moves: skip)'
    return None


def _goes_back(stage: Stage, target: Stage, *, earlier: bool) -> bool:
    """Tell whether a step goes back: to an earlier open stage, or out of a closed one into work or to won."""
    if stage.open:
        return target.open and earlier
    return target.open or earlier or stage.outcome is Outcome.LOST


def _target(record: Record, asked: Move, context: Context) -> tuple[Pipeline, Stage]:
    if not record.type.staged:
        raise WrongUse(f"{record.label} has no stages: only leads and deals move")
    if asked.pipeline:
        pipeline = context.configuration.pipeline(asked.pipeline, record.type)
    else:
        known = context.pipeline_of(record)
        if known is None:
            names = ", ".join(each.id for each in context.configuration.pipelines_of(record.type))
            raise WrongUse(
                f"{record.label} is {stranded(record, context.configuration)}",
                hint=f"crmctl plan, or crmctl move {record.id} --pipeline NAME, one of: {names}",
            )
        pipeline = known
    if asked.stage:
        return pipeline, stage_named(pipeline, asked.stage)
    here = pipeline.stage(record.stage) if record.pipeline == pipeline.id else None
    return pipeline, here or pipeline.first


def _reason(asked: Move, pipeline: Pipeline, stage: Stage, context: Context) -> dict[str, Value | None]:
    if not asked.reason:
        return {}
    if stage.outcome is not Outcome.LOST:
        raise WrongUse(f'a reason is for a lost stage, "{stage.id}" is not one')
    field = context.configuration.fields_of(pipeline.record, pipeline.id)[pipeline.reason_field]
    if asked.reason.strip() == placeholder(field):
        raise WrongUse(f"{placeholder(field)} stands for a reason", hint="put the reason in its place")
    with wrong_use(field=field.name):
        return field.assign(asked.reason, context.conventions)


def _reopened(record: Record, stage: Stage, context: Context) -> dict[str, Value | None]:
    """Return what leaving a closed stage takes back: its probability, and why the record was lost.

    Both are in its history.
    """
    pipeline = context.pipeline_of(record)
    left = pipeline.stage(record.stage) if pipeline else None
    if left is None or left.open or stage.outcome is Outcome.LOST:
        return {}
    taken: dict[str, Value | None] = dict.fromkeys(REASONS)
    return taken | {"probability": None} if stage.probability is None else taken


def _missing_to_leave(record: Record, pipeline: Pipeline, stage: Stage, context: Context) -> list[Missing]:
    left = context.pipeline_of(record)
    if left is None or stage.outcome is Outcome.LOST:
        return []
    return missing_to_leave(record, left, stage if left.id == pipeline.id else None, context)


def _refused(change: Change, stage: Stage, missing: list[Missing], context: Context) -> Refusal:
    record = change.before or change.record
    message = f'{record.label} cannot move to "{stage.id}": {empty_fields(missing)}'
    where = stranded(record, context.configuration)
    details: tuple[dict[str, object], ...] = ({"message": f"it is {where}: crmctl plan"},) if where else ()
    return Refusal(record, message, tuple(missing), details=details, tried=change)
