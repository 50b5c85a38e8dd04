"""`funnel --explain`: what each column is, whom the report counts, whom it leaves out and how many."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from crmctl.dates import local_text, stored_moment
from crmctl.model.table import Passage
from crmctl.periods import BEGINNING, END
from crmctl.reports.cohort import Event
from crmctl.reports.counting import COUNTED_BY_ENTRY, Mode, closed_unseen
from crmctl.reports.funnel import TITLES
from crmctl.reports.funnel_told import definitions
from crmctl.reports.journey import size
from crmctl.text import plural
from crmctl.workspace.reporting.part import Gathered
from crmctl.workspace.reporting.scope import AmountAt, ReportScope, currency_of, period_of
from crmctl.workspace.workspace import Workspace

_COHORTS = {
    Event.CREATED: "records created",
    Event.ENTERED: "records that entered the stage",
    Event.CLOSED: "records that came to the won or lost stage they are on",
}


class Explanation(msgspec.Struct, frozen=True):
    """The same in two forms: for people below the tables, and for programs."""

    passage: Passage
    document: dict[str, object]


def explained(
    workspace: Workspace, scope: ReportScope, mode: Mode, gathered: Sequence[Gathered]
) -> Explanation:
    """Return what a funnel's columns are, its cohort, and how many records of each pipeline were left out."""
    columns = {**definitions(mode, grouped=bool(scope.by)), "amount": _amounts(workspace, scope)}
    cohort = _cohort(workspace, scope, gathered)
    told = [(TITLES[name], text) for name, text in columns.items()]
    told += [("Cohort", cohort), *([("Filter", scope.where)] if scope.where else [])]
    told += [(each.pipeline.title, _counted(each, mode)) for each in gathered]
    told.append(("As of", local_text(stored_moment(workspace.now), workspace.configuration.timezone)))
    counted = [
        {"pipeline": each.pipeline.id, "counted": size(each.journeys), "left_out": _left_out(each, mode)}
        for each in gathered
    ]
    document: dict[str, object] = {"definitions": columns, "cohort": cohort, "pipelines": counted}
    return Explanation(Passage("What this says", tuple(told)), document)


def _amounts(workspace: Workspace, scope: ReportScope) -> str:
    closed = (
        "the amount a closed record closed with" if scope.amount is AmountAt.CLOSING else "the present amount"
    )
    others = ", that of an open one as it is" if scope.amount is AmountAt.CLOSING else " of each record"
    into = currency_of(workspace, scope)
    if not into:
        return f"{closed}{others}; unlike currencies are never added"
    return f"{closed}{others}; in {into} at the rates of the day it closed, today's for open ones"


def _cohort(workspace: Workspace, scope: ReportScope, gathered: Sequence[Gathered]) -> str:
    cohort, pipeline = gathered[0].part.cohort, gathered[0].pipeline
    if cohort is None:
        return "all records"
    told = _COHORTS[cohort.event]
    if cohort.event is Event.ENTERED and (stage := pipeline.stage(cohort.stage)):
        told = f'{told} "{stage.title}"'
    period = period_of(workspace, scope)
    if period is None:
        return told
    zone = workspace.configuration.timezone
    since = "" if period.start <= BEGINNING else f" from {_local(period.start, zone)}"
    until = "" if period.end >= END else f" until {_local(period.end, zone)}"
    return f"{told}{since}{until} ({zone})" if since or until else told


def _local(moment: datetime, zone: str) -> str:
    """Return a moment to the minute in the workspace's time."""
    return local_text(stored_moment(moment), zone)[:16].replace("T", " ")


_WHY = {
    "filter": "by the filter",
    "currency": "for amounts in other currencies than the filter's",
    "cohort": "outside the cohort",
    "undated": "for want of the date that the cohort asks for",
    "history": "closed without a history, from the stages",
}


def _left_out(gathered: Gathered, mode: Mode) -> dict[str, int]:
    """Return how many records do not count, by why."""
    unseen = closed_unseen(gathered.journeys) if mode in COUNTED_BY_ENTRY else []
    counts = {
        "filter": gathered.filtered - gathered.passed_over,
        "currency": gathered.passed_over,
        "cohort": gathered.outside,
        "undated": gathered.undated,
        "history": size(unseen),
    }
    return {why: count for why, count in counts.items() if count}


def _counted(gathered: Gathered, mode: Mode) -> str:
    told = [f"{count:,} {_WHY[why]}" for why, count in _left_out(gathered, mode).items()]
    counted = f"{plural(size(gathered.journeys), gathered.pipeline.record.value)} counted"
    return f"{counted}; left out: {', '.join(told)}" if told else f"{counted}, none left out"
