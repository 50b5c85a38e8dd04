"""Which records count in a stage of the funnel: its five modes, defined in words in `crmctl.reports.funnel_told`."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import pairwise

from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.reports.journey import Journey, size
from crmctl.reports.standing import open_now, outcome_now, over_now


class Mode(StrEnum):
    """Which of the funnel's definitions is meant."""

    SNAPSHOT = "snapshot"
    VISITED = "visited"
    REACHED = "reached"
    STRICT = "strict"
    ENTRIES = "entries"


COUNTED_BY_ENTRY = frozenset({Mode.VISITED, Mode.STRICT, Mode.ENTRIES})
"""Modes in which a record counts only where it is known to have entered."""


def counted(
    mode: Mode, stages: Sequence[Stage], pipeline: Pipeline, journeys: Sequence[Journey]
) -> list[Sequence[Journey]]:
    """Return the journeys that count in each of the stages, in `entries` once for each entry."""
    if mode is Mode.SNAPSHOT:
        return _by_stage(stages, journeys)
    return [_COUNTING[mode](stage, pipeline, journeys) for stage in stages]


def stages_of(mode: Mode, journeys: Sequence[Journey]) -> set[str]:
    """Return every stage that a record is on or, where a mode looks back, was on."""
    if mode is Mode.SNAPSHOT:
        return {journey.stage for journey in journeys if not journey.transferred}
    ways = {(*journey.stages, journey.stage) for journey in journeys}
    return {stage for way in ways for stage in way}


def still_open(pipeline: Pipeline, journeys: Sequence[Journey]) -> list[Journey]:
    """Return the records that are on an open stage now."""
    return _which(journeys, lambda journey: open_now(journey, pipeline))


def lost(pipeline: Pipeline, journeys: Sequence[Journey]) -> list[Journey]:
    """Return the records that are lost now."""
    return _which(journeys, lambda journey: outcome_now(journey, pipeline) is Outcome.LOST)


def transferred(journeys: Sequence[Journey]) -> list[Journey]:
    """Return the records that have gone on to other pipelines."""
    return [journey for journey in journeys if journey.transferred]


def went_back(pipeline: Pipeline, journeys: Sequence[Journey]) -> int:
    """Return how many records entered a stage placed before one they had entered."""
    places = {stage.id: at for at, stage in enumerate(pipeline.stages)}

    def turned(journey: Journey) -> bool:
        # A stage that is gone has no place, and so none to go back to or from.
        way = [places[stage] for stage in journey.stages if stage in places]
        return any(later < one for one, later in pairwise(way))

    return size(_which(journeys, turned))


def closed_unseen(journeys: Sequence[Journey]) -> list[Journey]:
    """Return the records that came to us closed, without their way there: where they have been is not known."""
    return [journey for journey in journeys if not journey.stages]


def closed_undated(pipeline: Pipeline, journeys: Sequence[Journey]) -> list[Journey]:
    """Return the won and lost records of which it is not known when they were closed."""
    closed = _which(journeys, lambda each: over_now(each, pipeline))
    return [journey for journey in closed if journey.closed is None]


def _which(journeys: Sequence[Journey], passes: Callable[[Journey], bool]) -> list[Journey]:
    """Return the journeys that pass a test of where they were and are.

    A hundred thousand records go few ways: each is judged once.
    """
    verdicts: dict[tuple[str, tuple[str, ...], bool], bool] = {}
    found = []
    for journey in journeys:
        way = (journey.stage, journey.stages, journey.transferred)
        verdict = verdicts.get(way)
        if verdict is None:
            verdict = verdicts[way] = passes(journey)
        if verdict:
            found.append(journey)
    return found


def _by_stage(stages: Sequence[Stage], journeys: Sequence[Journey]) -> list[Sequence[Journey]]:
    found: dict[str, list[Journey]] = {}
    for journey in journeys:
        if not journey.transferred:
            found.setdefault(journey.stage, []).append(journey)
    return [found.get(stage.id, ()) for stage in stages]


Counting = Callable[[Stage, Pipeline, Sequence[Journey]], Sequence[Journey]]


def _visited(stage: Stage, _pipeline: Pipeline, journeys: Sequence[Journey]) -> Sequence[Journey]:
    return _which(journeys, lambda each: stage.id in each.stages)


def _entries(stage: Stage, _pipeline: Pipeline, journeys: Sequence[Journey]) -> Sequence[Journey]:
    return [journey for journey in journeys for _ in range(journey.stages.count(stage.id))]


def _reached(stage: Stage, pipeline: Pipeline, journeys: Sequence[Journey]) -> Sequence[Journey]:
    return _which(journeys, lambda journey: _has_reached(journey, stage, pipeline))


def _has_reached(journey: Journey, stage: Stage, pipeline: Pipeline) -> bool:
    # Where a record is, it has come to, although when may not be known.
    been = journey.stages if journey.transferred else (*journey.stages, journey.stage)
    if stage.id in been:
        return True
    archived = pipeline.position(stage.id) < 0
    if archived or not stage.open or outcome_now(journey, pipeline) is Outcome.LOST:
        return False
    entered = [each for each in (pipeline.stage(name) for name in been) if each]
    if any(each.outcome is Outcome.WON for each in entered):
        return True
    furthest = max((pipeline.position(each.id) for each in entered if each.open), default=-1)
    return pipeline.position(stage.id) <= furthest


def _strict(stage: Stage, pipeline: Pipeline, journeys: Sequence[Journey]) -> Sequence[Journey]:
    # An archived stage has no place any more, and so none before it.
    place = max(pipeline.position(stage.id), 0)
    wanted = [each.id for each in pipeline.stages[:place] if each.open]
    return _which(journeys, lambda journey: _in_order([*wanted, stage.id], journey.stages))


def _in_order(wanted: Sequence[str], entered: Sequence[str]) -> bool:
    steps = iter(entered)
    return all(stage in steps for stage in wanted)


_COUNTING: dict[Mode, Counting] = {
    Mode.VISITED: _visited,
    Mode.REACHED: _reached,
    Mode.STRICT: _strict,
    Mode.ENTRIES: _entries,
}
