"""`winloss`: how many were won and how many lost, and why."""

from collections.abc import Iterable, Sequence

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.model.table import Column, Kind, Row
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition
from crmctl.reports.facts import Facts
from crmctl.reports.journey import Journey, share, summed
from crmctl.reports.made import Line, Made, by_pipeline
from crmctl.reports.rate import one_currency, rate_of_amounts

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


def make(facts: Facts) -> Made:
    """Return how the records closed in the period ended."""
    populations = facts.populations(REPORT.event)
    sections = by_pipeline(populations, _lines)
    won = [each for one in populations for each in ended(one.pipeline, one.journeys, Outcome.WON)]
    lost = [each for one in populations for each in ended(one.pipeline, one.journeys, Outcome.LOST)]
    return Made(sections, _figures(won, lost), one_currency(won, lost))


def ended(pipeline: Pipeline, journeys: Sequence[Journey], outcome: Outcome) -> list[Journey]:
    """Return the records that ended so in the pipeline."""
    return [each for each in journeys if not each.transferred and pipeline.outcome_of(each.stage) is outcome]


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
        "win_rate_by_amount": rate_of_amounts(won, [*won, *lost]),
    }
