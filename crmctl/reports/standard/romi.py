"""`romi`: what the advertising brought back."""

from functools import partial

from crmctl.model.pipeline import Outcome
from crmctl.model.records import RecordType
from crmctl.model.table import Column, Kind, Row
from crmctl.reports import attribution
from crmctl.reports.attribution import attributed
from crmctl.reports.closing import ended
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition, Option
from crmctl.reports.facts import Facts
from crmctl.reports.made import Line, Made, Section
from crmctl.reports.sourced import (
    Sourced,
    coming_noted,
    cost_of,
    costs_noted,
    currencies_noted,
    lines_by_source,
    narrowing_noted,
)
from crmctl.reports.sums import minus, ratio, sums_of, told
from crmctl.text import plural

REPORT = Definition(
    name="romi",
    question="What did the advertising bring back?",
    columns=(
        Column("source", "Source"),
        Column("revenue", "Revenue", Kind.AMOUNT),
        Column("spend", "Spend", Kind.AMOUNT),
        Column("difference", "Difference", Kind.AMOUNT),
        Column("romi", "ROMI", Kind.SHARE),
    ),
    meanings={
        "revenue": "the sum of the amounts, or of the field of --margin, of the deals that came in the period to the "
        "won stage they are on",
        "spend": "what was spent on the days of the period",
        "difference": "revenue - spend, a currency each",
        "romi": "(revenue - spend) / spend, where there is one currency",
    },
    event=Event.CLOSED,
    options=(
        attribution.OPTION,
        Option("margin", "A money field of deals that counts in the place of their amount.", metavar="FIELD"),
    ),
    examples=(
        "crmctl report romi --period last-quarter",
        "crmctl report romi --margin margin --in EUR",
        "crmctl report romi --attribution first --explain",
    ),
    chart="difference",
)


def make(facts: Facts) -> Made:
    """Return what deals won in the period brought in, by source, beside what was spent on it."""
    margin = facts.option("margin")
    populations = facts.populations(
        REPORT.event, attribution.FIELDS, kinds=(RecordType.DEAL,), history=False, amount=margin
    )
    won = [each for one in populations for each in ended(one.pipeline, one.journeys, Outcome.WON)]
    cost, records = cost_of(facts.spend()), {"revenue": won}
    by = next((one.by for one in populations if one.by), None)
    lines = lines_by_source(records, attributed(facts, won), cost, by, partial(_line, facts))
    totals = _figures(Sourced(None, records, cost))
    column = Column(by.key, by.title) if by else None
    total: Row = {**totals, "source": "In all", **({by.key: ""} if by else {})}
    notes = [
        *costs_noted(cost, by),
        *coming_noted(facts, cost),
        *narrowing_noted(populations, cost),
        *currencies_noted(won, cost),
    ]
    without = sum(each.amount is None for each in won)
    if margin and without:
        notes.append(f"{plural(without, 'deal')} won without {margin}, which brought in nothing here")
    return Made([Section(lines, by=column, total=total)], totals, notes)


def _line(facts: Facts, found: Sourced) -> Line:
    behind = {"revenue": [each.id for each in found.of("revenue")]}
    return Line(_figures(found), behind, {"source": facts.show(RecordType.DEAL, "source", found.source)})


def _figures(found: Sourced) -> Row:
    revenue = sums_of(found.of("revenue"))
    difference = minus(revenue, found.cost.sums)
    return {
        "source": found.source,
        "revenue": told(revenue),
        "spend": found.cost.told(),
        "difference": told(difference) if found.cost.known else None,
        "romi": ratio(difference, found.cost.sums),
    }
