"""`sources`: what came of each source, what it cost, and what it brought back."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from crmctl.model.pipeline import Outcome
from crmctl.model.records import RecordType
from crmctl.model.table import Column, Kind, Row
from crmctl.reports import attribution
from crmctl.reports.attribution import attributed
from crmctl.reports.closing import closed_backward, days_to_close, ended
from crmctl.reports.definition import Definition
from crmctl.reports.duration import median
from crmctl.reports.facts import Facts, Population
from crmctl.reports.journey import Journey, share, size
from crmctl.reports.made import Line, Made, Section
from crmctl.reports.sourced import (
    Records,
    Sourced,
    coming_noted,
    cost_of,
    costs_noted,
    currencies_noted,
    lines_by_source,
    narrowing_noted,
)
from crmctl.reports.sums import average, minus, ratio, sums_of, told
from crmctl.reports.why import Why

REPORT = Definition(
    name="sources",
    question="Which sources pay?",
    columns=(
        Column("source", "Source"),
        Column("leads", "Leads", Kind.COUNT),
        Column("junk", "Junk", Kind.COUNT),
        Column("junk_rate", "Junk rate", Kind.SHARE),
        Column("converted", "Converted", Kind.COUNT),
        Column("conversion", "Conversion", Kind.SHARE),
        Column("deals", "Deals", Kind.COUNT),
        Column("won", "Won", Kind.COUNT),
        Column("win_rate", "Win rate", Kind.SHARE),
        Column("revenue", "Revenue", Kind.AMOUNT),
        Column("average_won", "Average won", Kind.AMOUNT),
        Column("spend", "Spend", Kind.AMOUNT),
        Column("cpl", "CPL", Kind.AMOUNT),
        Column("cac", "CAC", Kind.AMOUNT),
        Column("romi", "ROMI", Kind.SHARE),
        Column("median_days", "Median days", Kind.DAYS),
    ),
    meanings={
        "leads": "enquiries created in the period: leads, or deals where there are no leads",
        "junk": "those of the leads that are lost now",
        "junk_rate": "junk / leads",
        "converted": "those of the leads that a deal came of by conversion",
        "conversion": "converted / leads",
        "deals": "deals created in the period",
        "won": "deals that came to the won stage they are on in the period",
        "win_rate": "won / (won + lost), lost being those that came to the lost stage they are on in the period",
        "revenue": "the sum of the amounts of the deals won",
        "average_won": "the mean amount of the deals won that have one, each currency by itself",
        "spend": "what was spent on the days of the period",
        "cpl": "spend / leads",
        "cac": "spend / customers whose first won deal was won in the period",
        "romi": "(revenue - spend) / spend, where there is one currency",
        "median_days": "the median of the days from creation to closing of the deals won",
    },
    kinds=(RecordType.LEAD, RecordType.DEAL),
    period="created, closed or spent",
    options=(attribution.OPTION,),
    examples=(
        "crmctl report sources --period this-quarter",
        "crmctl report sources --attribution first --in EUR",
        "crmctl report sources --by owner --explain",
    ),
    chart="revenue",
)


def make(facts: Facts) -> Made:
    """Return what came of each source in the period."""
    cost = cost_of(facts.spend())
    each_alone = facts.option(attribution.OPTION.name) == attribution.FIRST
    deals, leads = facts.sourced(RecordType.DEAL, alone=each_alone), facts.sourced(RecordType.LEAD)
    records = _records(facts, deals, leads, costed=cost.known)
    by = next((one.by for one in (*deals, *leads) if one.by), None)
    source = attributed(facts, chain.from_iterable(records.values()))
    lines = lines_by_source(records, source, cost, by, partial(_line, facts))
    whole = Sourced(None, records, cost)
    totals = _figures(facts, whole)
    column = Column(by.key, by.title) if by else None
    return Made(
        _sections(lines, column, totals),
        totals,
        [
            *costs_noted(cost, by),
            *coming_noted(facts, cost),
            *narrowing_noted([*deals, *leads], cost),
            *currencies_noted(records["won"], cost),
        ],
        _left_out(records),
    )


def _records(
    facts: Facts, deals: Sequence[Population], leads: Sequence[Population], *, costed: bool
) -> Records:
    """Return the records behind each figure."""
    created = [each for one in deals for each in one.journeys if each.values["created"]]
    won, lost = ([*_ended(deals, outcome)] for outcome in (Outcome.WON, Outcome.LOST))
    first = facts.people().first_wins if costed and won else ()
    every = [each for one in leads for each in one.journeys]
    return {
        "leads": every if facts.mode == "leads" else created,
        "junk": [each for one in leads for each in ended(one.pipeline, one.journeys, Outcome.LOST)],
        "converted": [each for each in every if each.values["converted"]],
        "deals": created,
        "won": won,
        "lost": lost,
        "customers": [each for each in won if each.id in first],
    }


def _ended(deals: Iterable[Population], outcome: Outcome) -> Iterator[Journey]:
    for one in deals:
        yield from (each for each in ended(one.pipeline, one.journeys, outcome) if each.values["closed"])


def _line(facts: Facts, found: Sourced) -> Line:
    behind = {name: [one.id for one in found.of(figure)] for name, figure in _BEHIND.items()}
    shown = facts.show(RecordType.DEAL, "source", found.source)
    return Line(_figures(facts, found), behind, {"source": shown})


_BEHIND = {
    "leads": "leads",
    "junk": "junk",
    "converted": "converted",
    "deals": "deals",
    "won": "won",
    "cac": "customers",
}
"""The figures whose records stand behind a column."""


def _figures(facts: Facts, found: Sourced) -> Row:
    leads, junk, converted, deals, won, lost, customers = (
        size(found.of(name)) for name in ("leads", "junk", "converted", "deals", "won", "lost", "customers")
    )
    known = facts.mode == "leads"
    revenue, spend = sums_of(found.of("won")), found.cost.sums
    return {
        "source": found.source,
        "leads": leads,
        "junk": junk if known else None,
        "junk_rate": share(junk, leads) if known else None,
        "converted": converted if known else None,
        "conversion": share(converted, leads) if known else None,
        "deals": deals,
        "won": won,
        "win_rate": share(won, won + lost),
        "revenue": told(revenue),
        "average_won": told(average(found.of("won"))),
        "spend": found.cost.told(),
        "cpl": found.cost.of_each(leads),
        "cac": found.cost.of_each(customers),
        "romi": ratio(minus(revenue, spend), spend),
        "median_days": median(days_to_close(found.of("won"))),
    }


def _sections(lines: Sequence[Line], by: Column | None, totals: Row) -> list[Section]:
    """Return the table of programs, and those of people: all columns in one would be too wide for a terminal."""
    columns = {column.name: column for column in REPORT.columns}
    bare = [Line(line.row, shown=line.shown) for line in lines]
    total: Row = {**totals, "source": "In all", **({by.name: ""} if by else {})}
    tables = [
        Section(
            bare, by=by, heading=told, columns=tuple(columns[name] for name in names), key="", total=total
        )
        for told, names in _TABLES.items()
    ]
    return [Section(lines, by=by, shown=False), *tables]


_TABLES = {
    "what came": (
        *("source", "leads", "junk", "junk_rate", "converted", "conversion"),
        *("deals", "won", "win_rate"),
    ),
    "what was won": ("source", "revenue", "average_won", "median_days"),
    "what it cost": ("source", "spend", "cpl", "cac", "romi"),
}


def _left_out(records: Records) -> dict[Why, int]:
    return {Why.DAYS: size(closed_backward(records["won"]))}
