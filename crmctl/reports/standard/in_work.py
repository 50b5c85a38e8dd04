"""`in-work`: how many records were being worked in a period."""

from collections.abc import Iterable, Sequence

import msgspec

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.model.table import Column, Kind, Row
from crmctl.reports.definition import Definition
from crmctl.reports.facts import Facts, Population, Window, division_of, window_of
from crmctl.reports.journey import Journey, grouped
from crmctl.reports.made import ALL, Line, Made, Section, in_group
from crmctl.reports.staying import Reckoned, TimedStay
from crmctl.reports.sums import summed

REPORT = Definition(
    name="in-work",
    question="How many deals were being worked in the period?",
    columns=(
        Column("pipeline", "Pipeline"),
        Column("in_work", "In work", Kind.COUNT),
        Column("opened", "Opened", Kind.COUNT),
        Column("closed", "Closed", Kind.COUNT),
        Column("amount", "Amount", Kind.AMOUNT),
    ),
    meanings={
        "pipeline": "a record that changed pipelines was in work in the old one until then",
        "in_work": "records that were on an open stage at any time of the period, whenever they came to it",
        "opened": "records that came into work in the period: created, reopened, or from another pipeline",
        "closed": "records that came in the period to the won or lost stage they are on",
        "amount": "the sum of the amounts of the records in work",
    },
    period="open at any time",
    examples=(
        "crmctl report in-work --period 2026-11",
        "crmctl report in-work wholesale --period last-quarter --by owner",
    ),
    chart="in_work",
)


class _Interval(msgspec.Struct, frozen=True, gc=False):
    """The time from coming to an open stage until leaving the open stages; `left` is empty while it goes on."""

    entered: str
    left: str


class _Work(msgspec.Struct, frozen=True):
    """Some records that were in work, and those that came into it or were closed."""

    worked: Sequence[Journey]
    opened: Sequence[Journey]
    closed: Sequence[Journey]


class _Period(msgspec.Struct, frozen=True):
    """A period as it is by now: nothing is in work in one that has not begun."""

    window: Window
    now: str

    def work(self, pipeline: Pipeline, journeys: Iterable[Journey], reckoned: Reckoned) -> _Work:
        """Return what some records of a pipeline did in the period."""
        known = [(journey, _intervals(pipeline, reckoned.stays(journey))) for journey in journeys]
        return _Work(
            [journey for journey, intervals in known if any(map(self._meets, intervals))],
            [journey for journey, intervals in known if any(map(self._began, intervals))],
            [
                journey
                for journey, _ in known
                if journey.closed is not None and self.window.has(journey.closed)
            ],
        )

    def _began(self, interval: _Interval) -> bool:
        return self.window.has(interval.entered)

    def _meets(self, interval: _Interval) -> bool:
        if self._began(interval):
            return True
        # One that began before the period is in it unless it ended before, or as, the period began.
        before = interval.entered < self.window.start <= self.now
        return before and (not interval.left or interval.left > self.window.start)


def make(facts: Facts) -> Made:
    """Return what was in work in each pipeline."""
    populations = facts.populations(REPORT.event)
    reckoned = Reckoned(populations, facts.now)
    period = _Period(window_of(facts, populations), facts.now)
    lines = [line for each in populations for line in _lines(each, period, reckoned)]
    by = division_of(populations)
    totals = {"pipeline": None, **_figures(_each_once(populations, period, reckoned))}
    total = {**totals, "pipeline": ALL} if len(lines) > 1 else None
    return Made(
        [Section(lines, by=by.column if by else None, total=total)], totals, reckoned.notes, reckoned.left_out
    )


def _lines(population: Population, period: _Period, reckoned: Reckoned) -> Iterable[Line]:
    pipeline, by = population.pipeline, population.by
    if by is None:
        yield _line(pipeline, period.work(pipeline, population.journeys, reckoned))
        return
    for value, group in grouped(population.journeys, lambda journey: journey.group):
        yield in_group(_line(pipeline, period.work(pipeline, group, reckoned)), by, value)


def _line(pipeline: Pipeline, work: _Work) -> Line:
    named = {"in_work": work.worked, "opened": work.opened, "closed": work.closed}
    behind = {name: [each.id for each in journeys] for name, journeys in named.items()}
    return Line({"pipeline": pipeline.id, **_figures(work)}, behind, {"pipeline": pipeline.title})


def _figures(work: _Work) -> Row:
    return {
        "in_work": len(work.worked),
        "opened": len(work.opened),
        "closed": len(work.closed),
        "amount": summed(work.worked),
    }


def _each_once(populations: Sequence[Population], period: _Period, reckoned: Reckoned) -> _Work:
    """Return the work of all; a record that went from one of the pipelines to another is one record."""
    parts = [period.work(each.pipeline, each.journeys, reckoned) for each in populations]
    return _Work(
        _by_id(journey for part in parts for journey in part.worked),
        _by_id(journey for part in parts for journey in part.opened),
        _by_id(journey for part in parts for journey in part.closed),
    )


def _by_id(journeys: Iterable[Journey]) -> list[Journey]:
    # Where a record is now tells more of it than where it was: that one counts.
    found = sorted(journeys, key=lambda journey: not journey.transferred)
    return list({journey.id: journey for journey in found}.values())


def _intervals(pipeline: Pipeline, stays: Iterable[TimedStay]) -> list[_Interval]:
    """Return the times on open stages, stays that follow on one another as one."""
    found: list[_Interval] = []
    for stay in stays:
        if pipeline.outcome_of(stay.stage) is not Outcome.OPEN:
            continue
        follows = found and found[-1].left == stay.entered
        entered = found.pop().entered if follows else stay.entered
        found.append(_Interval(entered, stay.left))
    return found
