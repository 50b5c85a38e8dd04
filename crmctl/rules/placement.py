"""Where records go whose stage or pipeline the configuration no longer has, and what goes with them."""

from crmctl.model.configuration import Configuration
from crmctl.model.footprint import Footprint
from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.standard_fields import REASONS
from crmctl.rules.mapping import Mapped, StageKey

_LONGEST_CHAIN = 50
"""Renames of renames that are followed; more are a circle."""


class Placement:
    """Finds the present stage of a former one. What was said (`--map`) goes before what `moved_from` says."""

    def __init__(self, configuration: Configuration, former: Footprint, mapped: Mapped) -> None:
        self._configuration = configuration
        self._former = former
        self._mapped = mapped
        self._known: dict[tuple[RecordType, str, str], tuple[Pipeline, Stage] | None] = {}

    def of(self, kind: RecordType, place: StageKey) -> tuple[Pipeline, Stage] | None:
        """Return where records of a place belong, which may be where they are; nothing where nobody said so."""
        key = (kind, *place)
        if key not in self._known:
            self._known[key] = self._find(kind, place)
        return self._known[key]

    def is_gone(self, kind: RecordType, pipeline_id: str) -> bool:
        """Tell whether a pipeline is gone without it being said which one takes it in."""
        return (
            self._configuration.pipeline_for(kind, self._mapped.pipelines.get(pipeline_id, pipeline_id))
            is None
        )

    def likely(self, kind: RecordType, place: StageKey) -> str:
        """Return the stage that goes by the name of one that is gone, empty where none does.

        Nobody said that the two are the same: it is for people to say so.
        """
        pipeline = self._configuration.pipeline_for(kind, self._mapped.pipelines.get(place[0], place[0]))
        former = self._former.stage(kind, *place)
        for name in (place[1], former.title if former else ""):
            if pipeline and name and (found := pipeline.choices.get(name)):
                return found.id
        return ""

    def _find(self, kind: RecordType, place: StageKey) -> tuple[Pipeline, Stage] | None:
        there = self._there(kind, self._mapped.stages.get(place, place))
        if there:
            return there
        pipeline = self._configuration.pipeline_for(kind, self._mapped.pipelines.get(place[0], place[0]))
        stage_id = place[1]
        for _ in range(_LONGEST_CHAIN if pipeline else 0):
            assert pipeline is not None
            stage = pipeline.stage(stage_id) or _claiming(pipeline, stage_id)
            if stage:
                return pipeline, stage
            # It was renamed before, and what it became then may have a new name now.
            between = self._renamed_before(kind, place[0], stage_id)
            if not between:
                break
            stage_id = between
        return None

    def _there(self, kind: RecordType, place: StageKey) -> tuple[Pipeline, Stage] | None:
        pipeline = self._configuration.pipeline_for(kind, place[0])
        stage = pipeline.stage(place[1]) if pipeline else None
        return (pipeline, stage) if pipeline and stage else None

    def _renamed_before(self, kind: RecordType, pipeline_id: str, stage_id: str) -> str:
        former = self._former.pipeline(kind, pipeline_id)
        found = (stage.id for stage in (former.stages if former else ()) if stage_id in stage.moved_from)
        return next(found, "")


def _claiming(pipeline: Pipeline, stage_id: str) -> Stage | None:
    return next((stage for stage in pipeline.stages if stage_id in stage.moved_from), None)


def settled(
    record: Record, pipeline: Pipeline, stage: Stage, was: Outcome, at: str
) -> dict[str, Value | None]:
    """Return what a record holds at the stage it is taken to; `was` is what the former stage meant.

    When it closed stays as it was. Where the outcome is another one, the rest follows as in a move: the stage's
    probability, the moment `at` which it closed, and no reason for a loss that is none any more.
    """
    values: dict[str, Value | None] = {"pipeline": pipeline.id, "stage": stage.id}
    values["closed_at"] = None if stage.open else record.get("closed_at") or at
    if was is stage.outcome:
        return values
    if record.type is not RecordType.LEAD and stage.probability is not None:
        values["probability"] = stage.probability
    if stage.outcome is not Outcome.LOST:
        values |= dict.fromkeys(REASONS)
    return values


def outcome_by_itself(record: Record) -> Outcome:
    """Return what the stage of a record meant, as far as the record alone can tell."""
    if record.get("closed_at") is None:
        return Outcome.OPEN
    return Outcome.LOST if any(record.get(name) for name in REASONS) else Outcome.WON
