"""What tests of the process reach of the configuration, and what none of them does.

A stage is reached when something that a test does brings a record to it. A gate, a field that a stage or a
record type requires, is reached when a test is refused for it, or gets past it with the field filled and its
condition true: on the way to the stage or over it. A transition is one of the steps that a pipeline is made of:
those under `next`, else from an open stage to the following one, and from the last to the won ones; one to a stage
that nothing reaches goes without saying. A result is reached when a task is completed with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from crmctl.model.configuration import Configuration
from crmctl.model.pipeline import Outcome, Pipeline, Requirement, Stage
from crmctl.model.process_result import Unreached
from crmctl.model.records import Record
from crmctl.rules.actions import Step
from crmctl.rules.context import Context
from crmctl.rules.gate import entered, left_for
from crmctl.workspace.process_tests.act import Acted


class _Gate(NamedTuple):
    """A requirement, told apart from others by who asks for it and where that is written."""

    field: str
    stage: str
    place: str
    leaving: bool = False


class Coverage:
    """Collects what tests reach, one after another."""

    def __init__(self) -> None:
        self._stages: set[tuple[str, str]] = set()
        self._gates: set[_Gate] = set()
        self._transitions: set[tuple[str, str, str]] = set()
        self._results: set[str] = set()

    def take(self, acted: Acted, context: Context) -> None:
        """Take down what one test reached."""
        self._results.update(acted.results)
        for missing in acted.refused.missing if acted.refused else ():
            self._gates.add(_Gate(missing.field.name, missing.stage, missing.place, missing.leaving))
        for record in acted.created:
            required = context.configuration.require.get(record.type, ())
            self._pass(required, record, context)
        for step in acted.steps:
            self._step(step, context)

    def _step(self, step: Step, context: Context) -> None:
        before, after = step.before, step.after
        pipeline, stage = context.pipeline_of(after), context.stage_of(after)
        if pipeline is None or stage is None:
            return
        self._stages.add((pipeline.id, stage.id))
        for asking in entered(before, pipeline, stage):
            self._pass(asking.require, after, context, asking)
        old = context.pipeline_of(before) if before else None
        if before is None or old is None:
            return
        staying = old.id == pipeline.id
        if staying:
            self._transitions.add((pipeline.id, before.stage, stage.id))
        if stage.outcome is not Outcome.LOST:
            for left in left_for(before, old, stage if staying else None):
                self._pass(left.require_to_leave, after, context, left, leaving=True)

    def _pass(
        self,
        required: Iterable[Requirement],
        record: Record,
        context: Context,
        stage: Stage | None = None,
        *,
        leaving: bool = False,
    ) -> None:
        self._gates.update(
            _Gate(each.field, stage.id if stage else "", each.place, leaving)
            for each in required
            if record.get(each.field) is not None and context.holds(each, record)
        )

    def unreached(self, configuration: Configuration, results: Sequence[str]) -> tuple[Unreached, ...]:
        """Return what nothing reached: of record types, of each pipeline, of the results of tasks."""
        found = [
            Unreached(kind, gates=tuple(self._missed(required)))
            for kind, required in configuration.require.items()
        ]
        found += [self._of_pipeline(pipeline) for pipeline in configuration.pipelines]
        found.append(Unreached("tasks", results=tuple(each for each in results if each not in self._results)))
        return tuple(each for each in found if each.lists())

    def _of_pipeline(self, pipeline: Pipeline) -> Unreached:
        stages = [stage.id for stage in pipeline.stages if (pipeline.id, stage.id) not in self._stages]
        gates: list[str] = []
        for stage in pipeline.stages:
            gates += self._missed(stage.require, stage)
            gates += self._missed(stage.require_to_leave, stage, leaving=True)
        steps = [
            f"{here} -> {there}"
            for here, there in _steps_of(pipeline)
            if there not in stages and (pipeline.id, here, there) not in self._transitions
        ]
        whole = len(stages) == len(pipeline.stages)
        return Unreached(pipeline.id, tuple(stages), tuple(gates), tuple(steps), whole=whole)

    def _missed(
        self, required: Iterable[Requirement], stage: Stage | None = None, *, leaving: bool = False
    ) -> Iterator[str]:
        for each in required:
            if _Gate(each.field, stage.id if stage else "", each.place, leaving) not in self._gates:
                where = f"{stage.id}: " if stage else ""
                when = f" when {each.when}" if each.when else ""
                yield f"{where}{each.field}{when}{' to leave' if leaving else ''}"


def _steps_of(pipeline: Pipeline) -> Iterator[tuple[str, str]]:
    """Yield the steps that a pipeline is made of; moves over stages, back, and to lost stages are left out."""
    opened = [stage for stage in pipeline.stages if stage.open]
    won = [stage for stage in pipeline.stages if stage.outcome is Outcome.WON]
    for stage in pipeline.stages:
        if stage.next is not None:
            yield from ((stage.id, name) for name in stage.next)
        elif stage.open:
            after = opened[opened.index(stage) + 1 :][:1] or won
            yield from ((stage.id, each.id) for each in after)
