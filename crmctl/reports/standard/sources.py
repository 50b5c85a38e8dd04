"""`sources`: what came of each source, what it cost, and what it brought back."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from crmctl.model.pipeline import Outcome
from crmctl.model.records import RecordType
from crmctl.model.table import Column, Kind, Row
from crmctl.reports import attribution
from crmctl.reports.attribution import attributed
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition
from crmctl.reports.division import Division
from crmctl.reports.duration import days_between, median
from crmctl.reports.facts import Facts, Population
from crmctl.reports.journey import Amounts, Journey, share, size
from crmctl.reports.made import Line, Made, Section, in_group
from crmctl.reports.rate import several_currencies
from crmctl.reports.sourced import CAMPAIGN, Records, Sourced, by_source, parts_of
from crmctl.reports.spend import NOT_STATED, Spend, spent
from crmctl.reports.standard.winloss import ended
from crmctl.reports.sums import average, minus, per, ratio, sums_of, told

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
        "average_won": "revenue / won, a currency each",
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
    spend = facts.spend()
    records, by = _records(facts, costed=spend is not None)
    source = attributed(facts, (each for journeys in records.values() for each in journeys))
    if by is None:
        lines = _lines(facts, by_source(records, source, spend or ()), _Cost(spend is not None, {}))
    else:
        lines = [
            in_group(line, by, part.value)
            for part in parts_of(records, by, spend or ())
            for line in _lines(
                facts,
                by_source(part.records, source, part.spend or ()),
                _Cost(spend is not None and part.spend is not None, {} if spend is None else None),
            )
        ]
    whole = Sourced(None, records, spend or ())
    totals = _figures(facts, whole, _Cost(spend is not None, {}))
    column = Column(by.key, by.title) if by else None
    return Made(_sections(lines, column, totals), totals, _notes(whole, spend, by), _left_out(records))


class _Cost(NamedTuple):
    """Whether it is known what was spent, and what is told where it is not."""

    known: bool
    unknown: Amounts | None


def _records(facts: Facts, *, costed: bool) -> tuple[Records, Division | None]:
    """Return the records behind each figure, and what they are grouped by."""
    deals = facts.populations(None, attribution.FIELDS, kinds=(RecordType.DEAL,), history=False)
    leads = facts.populations(Event.CREATED, ("source",), kinds=(RecordType.LEAD,), history=False)
    created = [each for one in deals for each in one.journeys if one.cohort or facts.window.has(each.created)]
    won, lost = ([*_ended(facts, deals, outcome)] for outcome in (Outcome.WON, Outcome.LOST))
    came_of = facts.deals_of_leads() if leads else {}
    first = facts.people().first_wins if costed else ()
    every = [each for one in leads for each in one.journeys]
    records = {
        "leads": every if facts.mode == "leads" else created,
        "junk": [each for one in leads for each in ended(one.pipeline, one.journeys, Outcome.LOST)],
        "converted": [each for each in every if each.id in came_of],
        "deals": created,
        "won": won,
        "lost": lost,
        "customers": [each for each in won if each.id in first],
    }
    return records, next((one.by for one in (*deals, *leads) if one.by), None)


def _ended(facts: Facts, populations: Iterable[Population], outcome: Outcome) -> Iterator[Journey]:
    for one in populations:
        for each in ended(one.pipeline, one.journeys, outcome):
            if each.closed is not None and (one.cohort or facts.window.has(each.closed)):
                yield each


def _lines(facts: Facts, found: Iterable[Sourced], cost: _Cost) -> list[Line]:
    """Return a row a source, that of the most leads first."""
    lines = []
    for each in found:
        shown = facts.show(RecordType.DEAL, "source", each.source)
        behind = {name: [one.id for one in each.of(figure)] for name, figure in _BEHIND.items()}
        lines.append(Line(_figures(facts, each, cost), behind, {"source": shown}))
    return sorted(lines, key=_order)


_BEHIND = {
    "leads": "leads",
    "junk": "junk",
    "converted": "converted",
    "deals": "deals",
    "won": "won",
    "cac": "customers",
}
"""The figures whose records stand behind a column."""


def _order(line: Line) -> tuple[int, bool, str]:
    leads, source = line.row["leads"], line.row["source"]
    return -leads if isinstance(leads, int) else 0, source is None, str(line.shown["source"]).casefold()


def _figures(facts: Facts, found: Sourced, cost: _Cost) -> Row:
    leads, junk, converted, deals, won, lost, customers = (
        size(found.of(name)) for name in ("leads", "junk", "converted", "deals", "won", "lost", "customers")
    )
    known = facts.mode == "leads"
    revenue, spend = sums_of(found.of("won")), spent(found.spend)
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
        "spend": told(spend) if cost.known else cost.unknown,
        "cpl": told(per(spend, leads)) if cost.known else None,
        "cac": told(per(spend, customers)) if cost.known else None,
        "romi": ratio(minus(revenue, spend), spend),
        "median_days": median(days_to_close(found.of("won"))),
    }


def days_to_close(journeys: Iterable[Journey]) -> list[float]:
    """Return the days from creation to closing of closed records, but of those closed before they were created."""
    lasted = (days_between(each.created, each.closed) for each in journeys if each.closed)
    return [days for days in lasted if days >= 0]


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


def _notes(whole: Sourced, spend: Sequence[Spend] | None, by: Division | None) -> list[str]:
    if spend is None:
        return [NOT_STATED]
    if by and by.name != CAMPAIGN:
        return [f"what was spent is not known by {by.title or by.name}: only the totals tell it"]
    return several_currencies([*sums_of(whole.of("won")), *spent(whole.spend)])


def _left_out(records: Records) -> dict[str, int]:
    backwards = size(records["won"]) - len(days_to_close(records["won"]))
    return {"won before they were created, from the days": backwards}
