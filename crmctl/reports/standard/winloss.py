"""`winloss`: how many were won and how many lost, and why."""

from collections import Counter
from collections.abc import Iterable, Sequence

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.model.table import Column, Kind, Row
from crmctl.reports.closing import days_to_close, ended
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition
from crmctl.reports.duration import median
from crmctl.reports.facts import Facts, Population
from crmctl.reports.journey import Journey, grouped, share
from crmctl.reports.made import Line, Made, Section, by_pipeline
from crmctl.reports.sums import one_currency, ratio, summed, sums_of

REPORT = Definition(
    name="winloss",
    question="How many were won, how many lost, and why?",
    columns=(
        Column("won", "Won", Kind.COUNT),
        Column("lost", "Lost", Kind.COUNT),
        Column("win_rate", "Win rate", Kind.SHARE),
        Column("won_amount", "Won amount", Kind.AMOUNT),
        Column("lost_amount", "Lost amount", Kind.AMOUNT),
        Column("win_rate_by_amount", "Rate by amount", Kind.SHARE),
    ),
    meanings={
        "won": "records that came to the won stage they are on",
        "lost": "records that came to the lost stage they are on",
        "win_rate": "won / (won + lost)",
        "won_amount": "the sum of the amounts of those won",
        "lost_amount": "the sum of the amounts of those lost",
        "win_rate_by_amount": "won amount / (won amount + lost amount), where there is one currency",
    },
    event=Event.CLOSED,
    chart="won,lost",
)
_REASONS = (
    Column("reason", "Reason"),
    Column("count", "Lost", Kind.COUNT),
    Column("share", "Share", Kind.SHARE),
    Column("amount", "Amount", Kind.AMOUNT),
    Column("lost_from", "Mostly lost from"),
    Column("median_age", "Median age", Kind.DAYS),
)


def make(facts: Facts) -> Made:
    """Return how the records closed in the period ended."""
    populations = facts.populations(REPORT.event)
    if populations and all(_by_reason(each) for each in populations):
        return _reasons(facts, populations)
    sections = by_pipeline(populations, _lines)
    won = [each for one in populations for each in ended(one.pipeline, one.journeys, Outcome.WON)]
    lost = [each for one in populations for each in ended(one.pipeline, one.journeys, Outcome.LOST)]
    return Made(sections, _figures(won, lost), one_currency(won, lost))


def _lines(pipeline: Pipeline, journeys: Sequence[Journey]) -> Iterable[Line]:
    won, lost = (ended(pipeline, journeys, outcome) for outcome in (Outcome.WON, Outcome.LOST))
    yield Line(_figures(won, lost), {"won": [each.id for each in won], "lost": [each.id for each in lost]})


def _figures(won: Sequence[Journey], lost: Sequence[Journey]) -> Row:
    return {
        "won": len(won),
        "lost": len(lost),
        "win_rate": share(len(won), len(won) + len(lost)),
        "won_amount": summed(won),
        "lost_amount": summed(lost),
        "win_rate_by_amount": ratio(sums_of(won), sums_of([*won, *lost])),
    }


def _by_reason(population: Population) -> bool:
    return population.by is not None and population.by.name == population.pipeline.reason_field


def _reasons(facts: Facts, populations: Sequence[Population]) -> Made:
    """Return why records were lost, a row a reason."""
    lost = [ended(each.pipeline, each.journeys, Outcome.LOST) for each in populations]
    sections = [
        Section(
            [
                _reason_line(facts, population, reason, group, len(journeys))
                for reason, group in _grouped(journeys)
            ],
            population.pipeline,
            columns=_REASONS,
            heading="lost, by reason",
        )
        for population, journeys in zip(populations, lost, strict=True)
    ]
    every = [journey for journeys in lost for journey in journeys]
    totals: Row = {"reason": None, **_reason_figures(every, len(every)), "lost_from": None}
    return Made(sections, totals)


def _grouped(journeys: Sequence[Journey]) -> list[tuple[str | None, list[Journey]]]:
    return grouped(journeys, lambda journey: journey.reason)


def _reason_line(
    facts: Facts, population: Population, reason: str | None, group: Sequence[Journey], lost: int
) -> Line:
    pipeline = population.pipeline
    stages = Counter(stage for each in group if (stage := _left_open(pipeline, each)))
    # Of stages that as many were lost from, the one that comes first in the pipeline.
    stage = min(stages, key=lambda name: (-stages[name], pipeline.position(name)), default=None)
    row: Row = {"reason": reason, **_reason_figures(group, lost), "lost_from": stage}
    shown = {
        "reason": facts.show(pipeline.record, pipeline.reason_field, reason),
        "lost_from": f"{pipeline.stage_or_archived(stage).title} ({stages[stage]})" if stage else "",
    }
    return Line(row, {"": [each.id for each in group]}, shown)


def _left_open(pipeline: Pipeline, journey: Journey) -> str | None:
    """Return the open stage that a record was last on, if it is known."""
    been = (stage for stage in reversed(journey.stages) if pipeline.outcome_of(stage) is Outcome.OPEN)
    return next(been, None)


def _reason_figures(journeys: Sequence[Journey], lost: int) -> Row:
    return {
        "count": len(journeys),
        "share": share(len(journeys), lost),
        "amount": summed(journeys),
        "median_age": median(days_to_close(journeys)),
    }
