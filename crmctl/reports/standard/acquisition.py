"""`acquisition`: what a lead and a new customer cost, in all and by source."""

from collections.abc import Sequence

from crmctl.model.pipeline import Outcome
from crmctl.model.records import RecordType
from crmctl.model.table import Column, Kind, Row
from crmctl.reports import attribution
from crmctl.reports.closing import closed_in, ended, undated, undated_noted
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition
from crmctl.reports.facts import Facts, Population, division_of, window_of
from crmctl.reports.journey import Journey, size
from crmctl.reports.made import Made
from crmctl.reports.sourced import BySource, Sourced, cost_of, sourced_section, spend_noted
from crmctl.reports.why import Why

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
    people = facts.people()
    deals = facts.populations(None, attribution.FIELDS, kinds=(RecordType.DEAL,), history=False)
    leads = facts.populations(Event.CREATED, ("source",), kinds=(RecordType.LEAD,), history=False)
    window, by = window_of(facts, deals), division_of([*deals, *leads])
    records = {
        "leads": _enquiries(facts, deals, leads),
        "new_customers": [
            each
            for one in deals
            for each in ended(one.pipeline, one.journeys, Outcome.WON)
            if each.id in people.first_wins and closed_in(window, each.closed)
        ],
    }
    table = BySource(records, cost_of(facts), by, _figures, {name: (name,) for name in records})
    unknown = [each for each in undated(window, deals) if each.id in people.first_wins]
    notes = [*spend_noted(table, [*deals, *leads]), *people.notes(), *undated_noted(unknown)]
    return Made([sourced_section(facts, table)], table.totals, notes, {Why.WON_UNDATED: len(unknown)})


def _enquiries(facts: Facts, deals: Sequence[Population], leads: Sequence[Population]) -> list[Journey]:
    if facts.mode != "deals":
        return [each for one in leads for each in one.journeys]
    window = window_of(facts, deals)
    return [each for one in deals for each in one.journeys if window.has(each.created)]


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
