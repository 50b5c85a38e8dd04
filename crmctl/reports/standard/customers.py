"""`customers`: how many enquiries came from new clients, how many from old ones, and what came of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from crmctl.model.pipeline import Outcome
from crmctl.model.records import RecordType
from crmctl.model.table import Column, Kind, Row
from crmctl.reports.closing import ended
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition
from crmctl.reports.facts import Facts, division_of
from crmctl.reports.journey import Journey, grouped
from crmctl.reports.made import ALL, Line, Made, Section, in_group
from crmctl.reports.people import People, Standing
from crmctl.reports.sums import summed

REPORT = Definition(
    name="customers",
    question="How many enquiries are of new clients, how many of old ones?",
    columns=(
        Column("class", "Class"),
        Column("leads", "Enquiries", Kind.COUNT),
        Column("deals", "Deals", Kind.COUNT),
        Column("won", "Won", Kind.COUNT),
        Column("revenue", "Revenue", Kind.AMOUNT),
    ),
    meanings={
        "class": "when the enquiry came in, its contact or company already had a won deal (returning), had but"
        " enquired before (repeated), or neither (new); what was won or asked later never relabels",
        "leads": "enquiries of the cohort: leads, or deals where a workspace has no leads",
        "deals": "deals that came of them, whenever",
        "won": "those of the deals that are on a won stage",
        "revenue": "the sum of the amounts of those won",
    },
    kinds=(RecordType.LEAD, RecordType.DEAL),
    event=Event.CREATED,
    examples=(
        "crmctl report customers --period last-quarter",
        "crmctl report customers --by source --explain",
    ),
    chart="leads",
)


class _Deals(msgspec.Struct, frozen=True):
    """The deals there are, by id, those won, and those that came of an enquiry."""

    every: Mapping[str, Journey]
    won: frozenset[str]
    of: Callable[[str], Sequence[str]]


def make(facts: Facts) -> Made:
    """Return the enquiries of the cohort by what their clients were."""
    leads = facts.mode != "deals"
    kinds = (RecordType.LEAD,) if leads else (RecordType.DEAL,)
    populations = facts.populations(REPORT.event, kinds=kinds, history=False)
    people, deals = facts.people(), _deals(facts, leads=leads)
    enquiries = [each for one in populations for each in one.journeys]
    by = division_of(populations)
    total = _row(None, enquiries, deals)
    if by is None:
        section = Section(_lines(enquiries, people, deals), total={**total.row, "class": ALL})
    else:
        lines = [
            in_group(line, by, value)
            for value, group in grouped(enquiries, lambda each: each.group)
            for line in _lines(group, people, deals)
        ]
        section = Section(lines, by=by.column, total={**total.row, by.key: ALL, "class": ""})
    return Made([section], total.row, people.notes(), people.left_out())


def _deals(facts: Facts, *, leads: bool) -> _Deals:
    found = facts.every(RecordType.DEAL)
    won = (each.id for one in found for each in ended(one.pipeline, one.journeys, Outcome.WON))
    every = {each.id: each for one in found for each in one.journeys}
    became = facts.deals_of_leads() if leads else {}
    return _Deals(
        every, frozenset(won), (lambda each: became.get(each, ())) if leads else (lambda each: [each])
    )


def _lines(enquiries: Sequence[Journey], people: People, deals: _Deals) -> list[Line]:
    by_class: dict[Standing, list[Journey]] = {each: [] for each in Standing}
    for each in enquiries:
        by_class[people.standings[each.id]].append(each)
    return [_row(standing, found, deals) for standing, found in by_class.items()]


def _row(standing: Standing | None, enquiries: Iterable[Journey], deals: _Deals) -> Line:
    leads = [each.id for each in enquiries]
    # Two leads that were merged after they had been converted have a deal in common.
    came = list(dict.fromkeys(one for lead in leads for one in deals.of(lead) if one in deals.every))
    won = [one for one in came if one in deals.won]
    row: Row = {
        "class": standing.value if standing else None,
        "leads": len(leads),
        "deals": len(came),
        "won": len(won),
        "revenue": summed(deals.every[one] for one in won),
    }
    return Line(row, {"leads": leads, "deals": came, "won": won})
