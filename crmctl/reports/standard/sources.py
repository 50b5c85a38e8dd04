"""`sources`: what came of each source, what it cost, and what it brought back."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import msgspec

from crmctl.model.pipeline import Outcome
from crmctl.model.records import RecordType
from crmctl.model.table import Column, Kind, Row
from crmctl.reports import attribution
from crmctl.reports.closing import (
    closed_backward,
    days_to_close,
    ended,
    undated,
    undated_noted,
)
from crmctl.reports.definition import Definition
from crmctl.reports.duration import median
from crmctl.reports.facts import Facts, Population, division_of, window_of
from crmctl.reports.journey import Journey, share, size
from crmctl.reports.made import Line, Made, Section
from crmctl.reports.sourced import (
    ByFigure,
    BySource,
    Sourced,
    cost_of,
    currencies_noted,
    sourced_section,
    spend_noted,
)
from crmctl.reports.sums import average, sums_of, told
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
        "average_won": "revenue / won, of each currency its own; one won without an amount counts as 0",
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
    cost = cost_of(facts)
    each_alone = facts.option(attribution.OPTION.name) == attribution.FIRST
    # As the file has them: what comes first is counted while the rest is still being read.
    leads, deals = facts.sourced(RecordType.LEAD), facts.sourced(RecordType.DEAL, alone=each_alone)
    records = _records(facts, deals, leads, costed=cost.known)
    by = division_of([*deals, *leads])
    table = BySource(records, cost, by, partial(_figures, facts), _BEHIND)
    unknown = undated(window_of(facts, deals), deals)
    notes = [
        *spend_noted(table, [*deals, *leads]),
        *currencies_noted(records["won"], cost),
        *undated_noted(unknown),
    ]
    left_out = {**_left_out(records), Why.CLOSED_UNDATED: size(unknown)}
    return Made(_sections(sourced_section(facts, table)), table.totals, notes, left_out)


def _records(
    facts: Facts, deals: Sequence[Population], leads: Sequence[Population], *, costed: bool
) -> ByFigure:
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


_BEHIND = {
    **{name: (name,) for name in ("leads", "junk", "converted", "deals", "won")},
    "win_rate": ("won", "lost"),
    "cac": ("customers",),
}
"""The figures whose records stand behind a column."""


def _figures(facts: Facts, found: Sourced) -> Row:
    leads, junk, converted, deals, won, lost, customers = (
        size(found.of(name)) for name in ("leads", "junk", "converted", "deals", "won", "lost", "customers")
    )
    known = facts.mode == "leads"
    revenue = sums_of(found.of("won"))
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
        "romi": found.cost.returned(revenue),
        "median_days": median(days_to_close(found.of("won"))),
    }


def _sections(whole: Section) -> list[Section]:
    """Return the table of programs, and those of people: all columns in one would be too wide for a terminal."""
    columns = {column.name: column for column in REPORT.columns}
    bare = [Line(line.row, shown=line.shown) for line in whole.lines]
    tables = [
        msgspec.structs.replace(
            whole, lines=bare, heading=told, columns=tuple(columns[name] for name in names), key=""
        )
        for told, names in _TABLES.items()
    ]
    return [msgspec.structs.replace(whole, shown=False, total=None), *tables]


_TABLES = {
    "what came": (
        *("source", "leads", "junk", "junk_rate", "converted", "conversion"),
        *("deals", "won", "win_rate"),
    ),
    "what was won": ("source", "revenue", "average_won", "median_days"),
    "what it cost": ("source", "spend", "cpl", "cac", "romi"),
}


def _left_out(records: ByFigure) -> dict[Why, int]:
    return {
        Why.DAYS: size(closed_backward(records["won"])),
        Why.DAYS_UNDATED: sum(each.closed is None for each in records["won"]),
    }
