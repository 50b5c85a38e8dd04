"""How likely open records are to be won: as they keep it, as their stage has it now, or as history has it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.reports.facts import Facts, Population
from crmctl.reports.journey import Journey
from crmctl.reports.standing import outcome_now, over_now
from crmctl.text import plural

ENOUGH = 20
"""Closed records from which on their history says more than the configuration."""

_HUNDRED = Decimal(100)


class Past(msgspec.Struct, frozen=True):
    """Of the closed records that ever entered a stage: how many there are, and how many of them were won."""

    closed: int
    won: int

    @property
    def enough(self) -> bool:
        """Whether they are enough to go by."""
        return self.closed >= ENOUGH

    @property
    def rate(self) -> Decimal:
        """The share of them that was won."""
        return Decimal(self.won) / self.closed


NO_PAST = Past(0, 0)


def kept_chance(pipeline: Pipeline, journey: Journey) -> Decimal | None:
    """Return the probability that a record keeps from when it entered its stage, else that of the stage."""
    kept = journey.values.get("probability")
    known = isinstance(kept, int) and not isinstance(kept, bool)
    return Decimal(str(kept)) / _HUNDRED if known else stage_chance(pipeline, journey)


def stage_chance(pipeline: Pipeline, journey: Journey) -> Decimal | None:
    """Return the probability that the configuration gives the stage a record is on; nothing where it gives none."""
    stage = pipeline.stage(journey.stage)
    return Decimal(stage.probability) / _HUNDRED if stage and stage.probability is not None else None


def past_of(population: Population) -> Mapping[str, Past]:
    """Return how the closed records ended that ever entered each stage of a pipeline."""
    counts: dict[str, list[int]] = {}
    for journey, won in _ended(population.pipeline, population.journeys):
        for stage in set(journey.stages):
            pair = counts.setdefault(stage, [0, 0])
            pair[0] += 1
            pair[1] += won
    return {stage: Past(closed, won) for stage, (closed, won) in counts.items()}


def _ended(pipeline: Pipeline, journeys: Sequence[Journey]) -> Iterable[tuple[Journey, bool]]:
    for journey in journeys:
        if over_now(journey, pipeline):
            yield journey, outcome_now(journey, pipeline) is Outcome.WON


class Chances:
    """How likely open deals are to be won, in the way that was asked for."""

    def __init__(self, facts: Facts) -> None:
        self._live, self._by_history = bool(facts.option("live")), bool(facts.option("from_history"))
        if self._live and self._by_history:
            raise WrongUse("--live and --from-history are two ways to weigh", hint="leave one out")
        found = facts.unnarrowed() if self._by_history else []
        self._past: Mapping[str, Mapping[str, Past]] = {each.pipeline.id: past_of(each) for each in found}

    def of(self, pipeline: Pipeline, journey: Journey) -> Decimal | None:
        """Return the chance of an open deal, nothing where nobody says."""
        past = self._of_stage(pipeline, journey.stage)
        if past.enough:
            return past.rate
        live = self._live or self._by_history
        return stage_chance(pipeline, journey) if live else kept_chance(pipeline, journey)

    def _of_stage(self, pipeline: Pipeline, stage: str) -> Past:
        return self._past.get(pipeline.id, {}).get(stage, NO_PAST)

    def notes(self, populations: Sequence[Population], every: Sequence[Sequence[Journey]]) -> Iterator[str]:
        """Yield what to know of the open deals counted whose chances nobody says, or too short a history."""
        for population, counted in zip(populations, every, strict=True):
            pipeline = population.pipeline
            none = sum(self.of(pipeline, journey) is None for journey in counted)
            if none:
                told = plural(none, f"open {pipeline.record.value}")
                yield f"{pipeline.title}: {told} without a probability, weighted with 0"
            stages = dict.fromkeys(journey.stage for journey in counted) if self._by_history else ()
            short = [name for name in stages if not self._of_stage(pipeline, name).enough]
            if short:
                named = ", ".join(pipeline.stage_or_archived(name).title for name in short)
                yield f"{pipeline.title}: fewer than {ENOUGH} closed from {named}, the configured probability counts"

    def explained(self, populations: Sequence[Population]) -> Mapping[str, str]:
        """Return where the probabilities are from, by history those of each stage."""
        if not self._by_history:
            told = (
                "of the stage, as configured today"
                if self._live
                else "as kept with the deal since it entered its stage"
            )
            return {"Probability": told}
        return {
            f"Probability, {each.pipeline.title}, {stage.title}": _told(
                self._of_stage(each.pipeline, stage.id), stage.probability
            )
            for each in populations
            for stage in each.pipeline.stages
            if stage.open
        }


def _told(past: Past, configured: int | None) -> str:
    history = f"{past.won:,} won of {past.closed:,} closed that entered the stage"
    if past.enough:
        return history
    return (
        f"{history}, too few: {configured}% as configured"
        if configured is not None
        else f"{history}, too few"
    )
