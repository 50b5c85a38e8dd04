"""`velocity`: how fast sales are made: V = N * A * W / L, so that V * L is the won revenue."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.model.table import Column, Kind, Row
from crmctl.money import rounded
from crmctl.reports.closing import closed_backward, days_to_close, ended
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition
from crmctl.reports.duration import mean
from crmctl.reports.facts import Facts, Population
from crmctl.reports.journey import Journey, share
from crmctl.reports.made import Line, Made, by_pipeline
from crmctl.reports.sums import Sums, average, sums_of, told
from crmctl.reports.why import Why
from crmctl.text import plural

REPORT = Definition(
    name="velocity",
    question="How fast do we sell?",
    columns=(
        Column("closed", "Closed", Kind.COUNT),
        Column("won", "Won", Kind.COUNT),
        Column("average_won", "Average won", Kind.AMOUNT),
        Column("win_rate", "Win rate", Kind.SHARE),
        Column("cycle_days", "Cycle, days", Kind.DAYS),
        Column("velocity", "A day", Kind.AMOUNT),
    ),
    meanings={
        "closed": "records that came to the won or lost stage they are on: N",
        "won": "of these, those on a won stage",
        "average_won": "won revenue / won, of each currency its own: A; one won without an amount counts as 0",
        "win_rate": "won / closed: W",
        "cycle_days": "the mean time of the won from creation to closing, in days: L",
        "velocity": "what is won a day of the cycle: N * A * W / L, which is won revenue / L",
    },
    event=Event.CLOSED,
    chart="velocity",
)


def make(facts: Facts) -> Made:
    """Return how fast the records closed in the period were sold."""
    populations = facts.populations(REPORT.event, history=False)
    closed = [each for one in populations for each in _closed(one.pipeline, one.journeys)]
    won = [each for one in populations for each in ended(one.pipeline, one.journeys, Outcome.WON)]
    notes = [note for one in populations for note in _notes(one)]
    left_out = {
        Why.DAYS: len(closed_backward(won)),
        Why.DAYS_UNDATED: sum(each.closed is None for each in won),
    }
    return Made(by_pipeline(populations, _lines), _figures(closed, won), notes, left_out)


def _lines(pipeline: Pipeline, journeys: Sequence[Journey]) -> Iterable[Line]:
    closed, won = _closed(pipeline, journeys), ended(pipeline, journeys, Outcome.WON)
    yield Line(
        _figures(closed, won), {"closed": [each.id for each in closed], "won": [each.id for each in won]}
    )


def _closed(pipeline: Pipeline, journeys: Sequence[Journey]) -> list[Journey]:
    over = {each.id for outcome in (Outcome.WON, Outcome.LOST) for each in ended(pipeline, journeys, outcome)}
    return [each for each in journeys if each.id in over]


def _figures(closed: Sequence[Journey], won: Sequence[Journey]) -> Row:
    cycle = mean(days_to_close(won))
    return {
        "closed": len(closed),
        "won": len(won),
        "average_won": told(average(won)),
        "win_rate": share(len(won), len(closed)),
        "cycle_days": cycle,
        "velocity": told(_velocity(sums_of(won), cycle)),
    }


def _velocity(revenue: Sums, cycle: float | None) -> Sums | None:
    if not cycle or not revenue:
        return None
    return {currency: amount / Decimal(cycle) for currency, amount in revenue.items()}


def _notes(population: Population) -> Iterable[str]:
    """Yield the check that velocity is the revenue by the cycle, and what the figures leave out."""
    won = ended(population.pipeline, population.journeys, Outcome.WON)
    title = population.pipeline.title
    yield from (f"{title}: check: {text}" for text in _checks(sums_of(won), mean(days_to_close(won))))
    if without := sum(each.amount is None for each in won):
        yield f"{title}: {plural(without, 'record')} won without an amount, counted as 0 in the average"
    if backward := closed_backward(won):
        yield f"{title}: {plural(len(backward), 'record')} won before created, left out of the cycle"
    if unknown := sum(each.closed is None for each in won):
        yield f"{title}: {plural(unknown, 'record')} won at an unknown date, left out of the cycle"


def _checks(revenue: Sums, cycle: float | None) -> Iterable[str]:
    for currency, a_day in sorted((_velocity(revenue, cycle) or {}).items()):
        won, each = (f"{rounded(amount, currency):f} {currency}" for amount in (revenue[currency], a_day))
        yield f"{won} won / {_days(revenue[currency], cycle or 0, currency)} days = {each} a day"


def _days(won: Decimal, cycle: float, currency: str) -> str:
    """Return the days of the cycle to as many decimals as it takes for the division to hold as it is printed."""
    a_day = rounded(won / Decimal(cycle), currency)
    texts = [f"{cycle:.{decimals}f}" for decimals in range(1, 16)]
    exact = (text for text in texts if Decimal(text) and rounded(won / Decimal(text), currency) == a_day)
    return next(exact, texts[-1])
