"""`stage-time`: how long records stay on each stage, and where they stall."""

from collections.abc import Iterable, Sequence

import msgspec

from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.table import Column, Kind, Row
from crmctl.reports.counting import went_back
from crmctl.reports.definition import Definition
from crmctl.reports.duration import days_between, mean, median, percentile
from crmctl.reports.facts import Facts, Population, Window, window_of
from crmctl.reports.journey import Journey
from crmctl.reports.made import Line, Made, by_pipeline
from crmctl.reports.staying import Reckoned, TimedStay
from crmctl.text import plural

REPORT = Definition(
    name="stage-time",
    question="Where do deals stall?",
    columns=(
        Column("stage", "Stage"),
        Column("n", "Stays", Kind.COUNT),
        Column("median", "Median", Kind.DAYS),
        Column("mean", "Mean", Kind.DAYS),
        Column("p90", "90%", Kind.DAYS),
        Column("open", "Open", Kind.COUNT),
        Column("open_median", "Open median", Kind.DAYS),
    ),
    meanings={
        "n": "stays that ended, each by itself where a record came back; a stay is from entering to leaving",
        "median": "the middle length of those stays in days",
        "mean": "their mean length in days",
        "p90": "days that 90% of them lasted at most, between two lengths interpolated linearly",
        "open": "records that are still on the stage: now, or at the end of a period that is over",
        "open_median": "the middle length so far of those stays in days; they are in no other figure",
    },
    period="stays that ended",
    examples=(
        "crmctl report stage-time wholesale --period last-quarter",
        "crmctl report stage-time --by owner --explain",
    ),
    chart="median,open_median",
)


class _Stage(msgspec.Struct):
    """What is known of one stage: lengths of the stays that ended and of those that go on, and whose they are."""

    ended: list[float] = msgspec.field(default_factory=list)
    going: list[float] = msgspec.field(default_factory=list)
    ended_ids: dict[str, None] = msgspec.field(default_factory=dict)
    going_ids: dict[str, None] = msgspec.field(default_factory=dict)


class _Span(msgspec.Struct, frozen=True):
    """The time a report is about: stays that end in the window; others go on at its end or, before that, now."""

    window: Window
    now: str

    def ended(self, stay: TimedStay) -> bool:
        return bool(stay.left) and self.window.has(stay.left)

    def goes_on(self, stay: TimedStay) -> bool:
        end = self.window.end
        if not end or end > self.now:
            return not stay.left
        return stay.entered < end and (not stay.left or stay.left >= end)

    def until(self) -> str:
        return min(self.window.end or self.now, self.now)


def make(facts: Facts) -> Made:
    """Return how long the stays on each stage were, and how long those that go on are by now."""
    populations = facts.populations(REPORT.event)
    reckoned = Reckoned(populations, facts.now)
    span = _Span(window_of(facts, populations), facts.now)
    found: dict[str, list[_Stage]] = {each.pipeline.id: [] for each in populations}

    def lines(pipeline: Pipeline, journeys: Sequence[Journey]) -> Iterable[Line]:
        known = _gathered(pipeline, journeys, reckoned, span)
        found[pipeline.id].extend(known.values())
        return _lines(pipeline, known)

    sections = by_pipeline(populations, lines)
    every = [stage for stages in found.values() for stage in stages]
    notes = [note for each in populations for note in _moved_back(each, found[each.pipeline.id])]
    notes += reckoned.notes
    return Made(sections, {"stage": None, **_figures(every)}, notes, reckoned.left_out)


def _lines(pipeline: Pipeline, known: dict[str, _Stage]) -> Iterable[Line]:
    for stage in _stages(pipeline, known):
        figures = known.get(stage.id) or _Stage()
        row: Row = {"stage": stage.id, **_figures([figures])}
        yield Line(
            row, {"n": list(figures.ended_ids), "open": list(figures.going_ids)}, {"stage": stage.title}
        )


def _stages(pipeline: Pipeline, known: dict[str, _Stage]) -> list[Stage]:
    """Return the open stages, those closed ones that records left again, and those that only records still know."""
    gone = sorted(known.keys() - {stage.id for stage in pipeline.stages})
    configured = [stage for stage in pipeline.stages if stage.open or stage.id in known]
    return [*configured, *map(pipeline.stage_or_archived, gone)]


def _gathered(
    pipeline: Pipeline, journeys: Sequence[Journey], reckoned: Reckoned, span: _Span
) -> dict[str, _Stage]:
    found: dict[str, _Stage] = {}
    until = span.until()
    for journey in journeys:
        for stay in reckoned.stays(journey):
            if span.ended(stay):
                stage = found.setdefault(stay.stage, _Stage())
                stage.ended.append(days_between(stay.entered, stay.left))
                stage.ended_ids[journey.id] = None
            elif span.goes_on(stay) and pipeline.outcome_of(stay.stage) is Outcome.OPEN:
                stage = found.setdefault(stay.stage, _Stage())
                stage.going.append(days_between(stay.entered, until))
                stage.going_ids[journey.id] = None
    return found


def _figures(stages: Sequence[_Stage]) -> Row:
    ended = [days for stage in stages for days in stage.ended]
    going = [days for stage in stages for days in stage.going]
    return {
        "n": len(ended),
        "median": median(ended),
        "mean": mean(ended),
        "p90": percentile(ended, 0.9),
        "open": len(going),
        "open_median": median(going),
    }


def _moved_back(population: Population, stages: Iterable[_Stage]) -> Iterable[str]:
    """Yield how many of the records whose stays are counted moved back, ever."""
    counted = {name for stage in stages for name in (*stage.ended_ids, *stage.going_ids)}
    pipeline = population.pipeline
    if back := went_back(pipeline, [each for each in population.journeys if each.id in counted]):
        yield f"{pipeline.title}: {plural(back, 'record')} moved back, each stay counted by itself"
