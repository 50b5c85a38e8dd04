"""A record's time in a pipeline: its stays on stages one after another, which make up its age."""

from collections.abc import Sequence

import msgspec

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.reports.facts import Population
from crmctl.reports.journey import Journey
from crmctl.reports.why import Why
from crmctl.text import plural


class TimedStay(msgspec.Struct, frozen=True, gc=False):
    """The time on a stage from the moment `entered` on and before the moment `left`, empty while it goes on."""

    stage: str
    entered: str
    left: str


def timed_stays(pipeline: Pipeline, journey: Journey) -> list[TimedStay]:
    """Return the stays of a record in a pipeline, in order: together they are its age there.

    The age of a closed record ends at its closing, so its time on the stage it closed on is no stay. Where a
    move was dated before one that was made earlier, the record is still where it is: its last stay is there.
    """
    stages = (*journey.stages[:-1], journey.stage)
    found = []
    for stage, entered, left in zip(stages, journey.entered, journey.left, strict=False):
        ends = left
        if journey.closed is not None:
            if _after_closing(pipeline, stage, entered, journey.closed):
                continue
            ends = min(left or journey.closed, journey.closed)
        found.append(TimedStay(stage, entered, ends))
    return found


def _after_closing(pipeline: Pipeline, stage: str, entered: str, closed: str) -> bool:
    return entered > closed or (entered == closed and pipeline.outcome_of(stage) is not Outcome.OPEN)


def runs_backward(journey: Journey, stays: Sequence[TimedStay], now: str) -> bool:
    """Tell whether a record closed before it was created, left a stage before it came, or came to one after now."""
    if journey.closed is not None and journey.closed < journey.created:
        return True
    return any((stay.left or now) < stay.entered for stay in stays)


class Reckoned:
    """The stays of the records of a report, and how many records have no time that could be reckoned, by why."""

    def __init__(self, populations: Sequence[Population], now: str) -> None:
        self._stays: dict[tuple[str, str], list[TimedStay]] = {}
        counts = dict.fromkeys((Why.UNSEEN, Why.BACKWARD), 0)
        for population in populations:
            for journey in population.journeys:
                stays = timed_stays(population.pipeline, journey)
                if not journey.stages:
                    counts[Why.UNSEEN] += 1
                elif runs_backward(journey, stays, now):
                    counts[Why.BACKWARD] += 1
                else:
                    self._stays[journey.pipeline, journey.id] = stays
        self.left_out = {why: count for why, count in counts.items() if count}

    def stays(self, journey: Journey) -> Sequence[TimedStay]:
        """Return the stays of a record in its pipeline, none for one that is left out."""
        return self._stays.get((journey.pipeline, journey.id), ())

    @property
    def notes(self) -> list[str]:
        """What a reader should know of the records that were left out."""
        return [f"{plural(count, 'record')} {why.words} left out" for why, count in self.left_out.items()]
