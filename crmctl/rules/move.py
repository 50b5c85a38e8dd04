"""Moving a record to another stage or pipeline, through the gates on the way."""

from collections.abc import Mapping

import msgspec

from crmctl.errors import BadValue, WrongUse
from crmctl.model.change import Change
from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import Record, Value
from crmctl.rules.context import Context
from crmctl.rules.create import entering, stage_named
from crmctl.rules.decision import Missing, Refusal, placeholder
from crmctl.rules.gate import missing_at, missing_fields, missing_to_leave


class Move(msgspec.Struct, frozen=True):
    """What is asked for: the stage as named, fields set with it, why it was lost, and when it happened."""

    stage: str = ""
    pipeline: str = ""
    values: Mapping[str, Value | None] = {}
    reason: str = ""
    at: str = ""
    op: str = "move"


def move(record: Record, asked: Move, context: Context) -> Change | Refusal:
    """Decide on a move. To the stage it is on already, it changes only the values. Raises WrongUse, NotFound."""
    pipeline, stage = _target(record, asked, context)
    values = {**asked.values, **_reason(asked, pipeline, stage, context)}
    if record.pipeline == pipeline.id and record.stage == stage.id:
        after = record.having(values)
        missing = missing_at(after, pipeline, stage, context)
        return _refused(record, stage, missing) if missing else Change("update", record, after)
    staying = record.pipeline == pipeline.id
    if staying and (problem := forbidden(pipeline, record.stage, stage)):
        return Refusal(record, f'{record.label} cannot move to "{stage.id}": {problem}', code="not_allowed")
    after = record.having(
        {
            "pipeline": pipeline.id,
            "stage": stage.id,
            **entering(stage, record.values, asked.at or context.at),
            **_reopened(record, pipeline, stage),
            **values,
        }
    )
    missing = _missing(record, after, pipeline, stage, context)
    return _refused(record, stage, missing) if missing else Change(asked.op, record, after, asked.at)


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
    if (there < at or not stage.open) and target.open:
        return None if pipeline.back else f'pipeline "{pipeline.id}" does not go back (moves: back)'
    skipped = [each.id for each in pipeline.stages[at + 1 : there] if each.open]
    if skipped and not pipeline.skip:
        return f'"{skipped[0]}" comes first (moves: skip)'
    return None


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
                f'{record.label} is in pipeline "{record.pipeline}", which the configuration no longer has',
                hint=f"add --pipeline with one of: {names}",
            )
        pipeline = known
    return pipeline, stage_named(pipeline, asked.stage) if asked.stage else pipeline.first


def _reason(asked: Move, pipeline: Pipeline, stage: Stage, context: Context) -> dict[str, Value | None]:
    if not asked.reason:
        return {}
    if stage.outcome is not Outcome.LOST:
        raise WrongUse(f'a reason is for a lost stage, "{stage.id}" is not one')
    field = context.configuration.fields_of(pipeline.record, pipeline.id)[pipeline.reason_field]
    if asked.reason.strip() == placeholder(field):
        raise WrongUse(f"{placeholder(field)} stands for a reason", hint="put the reason in its place")
    try:
        return field.assign(asked.reason, context.conventions)
    except BadValue as error:
        raise WrongUse(error.reason, hint=error.hint) from None


def _reopened(record: Record, pipeline: Pipeline, stage: Stage) -> dict[str, Value | None]:
    """Return what leaving a lost stage takes back: why it was lost is in its history."""
    lost = stage.outcome is Outcome.LOST
    return {} if lost or not record.get(pipeline.reason_field) else {pipeline.reason_field: None}


def _missing(
    record: Record, after: Record, pipeline: Pipeline, stage: Stage, context: Context
) -> list[Missing]:
    found = missing_at(after, pipeline, stage, context)
    if record.pipeline == pipeline.id:
        leaving = record.having({name: value for name, value in after.values.items() if name != "stage"})
        found += missing_to_leave(leaving, pipeline, stage, context)
    if record.pipeline != pipeline.id:
        found += missing_fields(after, context)
    return list({each.field.name: each for each in reversed(found)}.values())[::-1]


def _refused(record: Record, stage: Stage, missing: list[Missing]) -> Refusal:
    count = len(missing)
    told = f"{count} required field{'s are' if count > 1 else ' is'} empty"
    return Refusal(record, f'{record.label} cannot move to "{stage.id}": {told}', tuple(missing))
