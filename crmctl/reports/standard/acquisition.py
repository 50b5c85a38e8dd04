"""`acquisition`: what a lead and a new customer cost, in all and by source."""

from functools import partial
from itertools import chain

from crmctl.model.pipeline import Outcome
from crmctl.model.records import RecordType
from crmctl.model.table import Column, Kind, Row
from crmctl.reports import attribution
from crmctl.reports.attribution import attributed
from crmctl.reports.closing import closed_in, ended, undated, undated_noted
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition
from crmctl.reports.division import Division
from crmctl.reports.facts import Facts, window_of
from crmctl.reports.journey import Journey, size
from crmctl.reports.made import Line, Made, Section
from crmctl.reports.people import People
from crmctl.reports.sourced import Records, Sourced, cost_of, costs_noted, lines_by_source

REPORT = Definition(
    name="acquisition",
    question="What does a new client cost?",
    columns=(
        Column("source", "Source"),
        Column("leads", "Leads", Kind.COUNT),
        Column("new_customers", "New customers", Kind.COUNT),
        Column("spend", "Spend", Kind.AMOUNT),
        Column("cpl", "CPL", Kind.AMOUNT),
        Column("cac", "CAC", Kind.AMOUNT),
    ),
    meanings={
        "source": "that of the enquiry, and of the first deal a customer won: its own, else that of its lead",
        "leads": "enquiries created in the period: leads, or deals where a workspace has no leads",
        "new_customers": "customers whose first won deal closed in the period: no deal of its contact or company"
        " was won before it",
        "spend": "what was spent on the days of the period",
        "cpl": "spend / leads",
        "cac": "spend / new customers",
    },
    kinds=(RecordType.LEAD, RecordType.DEAL),
    period="created, won or spent",
    options=(attribution.OPTION,),
    examples=(
        "crmctl report acquisition --period this-quarter",
        "crmctl report acquisition --in EUR --explain",
    ),
    chart="new_customers",
)


def make(facts: Facts) -> Made:
    """Return what the leads and the new customers of the period cost."""
    cost, people = cost_of(facts.spend()), facts.people()
    records, by, unknown = _records(facts, people)
    source = attributed(facts, chain.from_iterable(records.values()))
    lines = lines_by_source(records, source, cost, by, partial(_line, facts))
    totals = _figures(Sourced(None, records, cost))
    column = Column(by.key, by.title) if by else None
    total: Row = {**totals, "source": "In all", **({by.key: ""} if by else {})}
    notes = [*costs_noted(cost, by), *people.notes(), *undated_noted(unknown)]
    return Made([Section(lines, by=column, total=total)], totals, notes, people.left_out())


def _records(facts: Facts, people: People) -> tuple[Records, Division | None, list[Journey]]:
    """Return the leads and the first won deals that count, what they are grouped by, and such deals without a date."""
    deals = facts.populations(None, attribution.FIELDS, kinds=(RecordType.DEAL,), history=False)
    leads = facts.populations(Event.CREATED, ("source",), kinds=(RecordType.LEAD,), history=False)
    window = window_of(facts, deals)
    if facts.mode == "deals":
        enquiries = [each for one in deals for each in one.journeys if window.has(each.created)]
    else:
        enquiries = [each for one in leads for each in one.journeys]
    won = [
        each
        for one in deals
        for each in ended(one.pipeline, one.journeys, Outcome.WON)
        if each.id in people.first_wins and closed_in(window, each.closed)
    ]
    by = next((one.by for one in (*deals, *leads) if one.by), None)
    unknown = [each for each in undated(window, deals) if each.id in people.first_wins]
    return {"leads": enquiries, "new_customers": won}, by, unknown


def _line(facts: Facts, found: Sourced) -> Line:
    behind = {name: [each.id for each in found.of(name)] for name in ("leads", "new_customers")}
    return Line(_figures(found), behind, {"source": facts.show(RecordType.DEAL, "source", found.source)})


def _figures(found: Sourced) -> Row:
    leads, customers = size(found.of("leads")), size(found.of("new_customers"))
    return {
        "source": found.source,
        "leads": leads,
        "new_customers": customers,
        "spend": found.cost.told(),
        "cpl": found.cost.of_each(leads),
        "cac": found.cost.of_each(customers),
    }
