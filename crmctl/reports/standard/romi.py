"""`romi`: what the advertising brought back."""

from crmctl.model.pipeline import Outcome
from crmctl.model.records import RecordType
from crmctl.model.table import Column, Kind, Row
from crmctl.reports import attribution
from crmctl.reports.closing import ended
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition, Option
from crmctl.reports.facts import Facts, division_of
from crmctl.reports.made import Made
from crmctl.reports.sourced import BySource, Sourced, cost_of, currencies_noted, sourced_section, spend_noted
from crmctl.reports.sums import minus, sums_of, told
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
    by = division_of(populations)
    table = BySource({"revenue": won}, cost_of(facts), by, _figures, {"revenue": ("revenue",)})
    notes = [*spend_noted(table, populations), *currencies_noted(won, table.cost)]
    without = sum(each.amount is None for each in won)
    if margin and without:
        notes.append(f"{plural(without, 'deal')} won without {margin}, which brought in nothing here")
    return Made([sourced_section(facts, table)], table.totals, notes)


def _figures(found: Sourced) -> Row:
    revenue = sums_of(found.of("revenue"))
    difference = minus(revenue, found.cost.sums)
    return {
        "source": found.source,
        "revenue": told(revenue),
        "spend": found.cost.told(),
        "difference": told(difference) if found.cost.known else None,
        "romi": found.cost.returned(revenue),
    }
