"""The gate: what a record must hold to be where it is. One rule for create, update, move, convert and import."""

from collections.abc import Iterable

from crmctl.model.field import Field
from crmctl.model.pipeline import Outcome, Pipeline, Requirement, Stage
from crmctl.model.records import Record, RecordType, is_empty
from crmctl.model.tasks import FINISHED
from crmctl.rules.context import Context
from crmctl.rules.decision import Missing

TITLE = Requirement("title")


def missing_fields(record: Record, context: Context) -> list[Missing]:
    """Return what a record lacks where it is: at its stage, or as a record of its type."""
    found = _lacking((TITLE, *_asked_by_type(record, context)), record, context)
    pipeline = context.pipeline_of(record)
    stage = pipeline.stage(record.stage) if pipeline else None
    if pipeline and stage:
        found += missing_at(record, pipeline, stage, context)
    return once(found)


def _asked_by_type(record: Record, context: Context) -> Iterable[Requirement]:
    """Yield what is asked of every record of a type; of a task also what its kind and its template ask.

    A task that is over is asked for nothing: what it lacked did not hold it back.
    """
    configuration = context.configuration
    if record.type is RecordType.TASK and record.text("status") in FINISHED:
        return
    yield from configuration.require.get(record.type, ())
    if record.type is RecordType.TASK and configuration.task_book:
        yield from configuration.task_book.requirements(record.text("type"), record.text("template"))


def missing_at(record: Record, pipeline: Pipeline, stage: Stage, context: Context) -> list[Missing]:
    """Return what a record would lack at a stage.

    An open or won stage asks for what every open stage placed before it asks, and its own; a lost
    one only for its own.
    """
    found: list[Missing] = []
    for asking in pipeline.asking(stage):
        found += _lacking(asking.require, record, context, asking)
    return once(found)


def missing_to_leave(
    record: Record, pipeline: Pipeline, target: Stage | None, context: Context
) -> list[Missing]:
    """Return what a record lacks to leave its stage for `target`, and every open stage jumped over.

    Without a target it leaves the pipeline. Nothing holds a record back from a lost stage; but from one it
    comes back as from before the first: being lost is no way around the gates of stages to leave.
    """
    if target and target.outcome is Outcome.LOST:
        return []
    found: list[Missing] = []
    for stage in left_for(record, pipeline, target):
        found += _lacking(stage.require_to_leave, record, context, stage, leaving=True)
    return once(found)


def left_for(record: Record, pipeline: Pipeline, target: Stage | None) -> list[Stage]:
    """Return the stages that a record leaves on its way to another, the open ones it jumps over included."""
    here = pipeline.stage(record.stage)
    passed: list[Stage] = []
    if target:
        lost = here is not None and here.outcome is Outcome.LOST
        start = 0 if lost else pipeline.position(record.stage) + 1
        passed = [stage for stage in pipeline.stages[start : pipeline.position(target.id)] if stage.open]
    return [here, *passed] if here else passed


def entered(before: Record | None, pipeline: Pipeline, stage: Stage) -> list[Stage]:
    """Return the stages whose gates a record passes on its way: the one it comes to, and those it jumps over."""
    here = pipeline.stage(before.stage) if before and before.pipeline == pipeline.id else None
    if here is None or here.outcome is Outcome.LOST:
        return list(pipeline.asking(stage))
    passed = pipeline.position(here.id)
    return [each for each in pipeline.asking(stage) if each is stage or pipeline.position(each.id) > passed]


def newly_missing(before: Record, after: Record, context: Context) -> list[Missing]:
    """Return what a change takes away from a gate that the record stood behind.

    What was lacking before, because the configuration changed since, does not hold back
    a change to something else; `validate --data` finds it.
    """
    old = {(each.field.name, each.stage) for each in missing_fields(before, context)}
    return [each for each in missing_fields(after, context) if (each.field.name, each.stage) not in old]


def _lacking(
    requirements: Iterable[Requirement],
    record: Record,
    context: Context,
    stage: Stage | None = None,
    *,
    leaving: bool = False,
) -> list[Missing]:
    return [
        Missing(_field(each.field, record, context), stage.id if stage else "", each.place, leaving)
        for each in requirements
        if is_empty(record.get(each.field)) and context.holds(each, record)
    ]


def _field(name: str, record: Record, context: Context) -> Field:
    return context.configuration.fields_of(record.type, record.pipeline)[name]


def once(found: list[Missing]) -> list[Missing]:
    """Name each field once, with the first stage that asks for it."""
    if not found:
        return found
    first: dict[str, Missing] = {}
    for each in found:
        first.setdefault(each.field.name, each)
    return list(first.values())
