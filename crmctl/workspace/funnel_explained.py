"""`funnel --explain`: what each column is, whom the report counts, whom it leaves out and how many."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from crmctl.dates import local_text, stored_moment
from crmctl.model.table import Passage
from crmctl.reports.cohort import Event
from crmctl.reports.counting import Mode, closed_unseen
from crmctl.reports.funnel_told import definitions
from crmctl.text import plural
from crmctl.workspace.journeys import Gathered
from crmctl.workspace.report_scope import AmountAt, ReportScope, currency_of, period_of
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


def explained(workspace: Workspace, scope: ReportScope, mode: Mode, parts: Sequence[Gathered]) -> Explanation:
    """Return what a funnel's columns are, its cohort, and how many records of each pipeline were left out."""
    columns = [*definitions(mode), ("Amount", _amounts(workspace, scope))]
    cohort = _cohort(workspace, scope, parts)
    told = [*columns, ("Cohort", cohort), *([("Filter", scope.where)] if scope.where else [])]
    told += [(part.pipeline.title, _counted(part, mode)) for part in parts]
    told.append(("As of", local_text(stored_moment(workspace.now), workspace.configuration.timezone)))
    counted = [
        {"pipeline": part.pipeline.id, "counted": len(part.journeys), "left_out": _left_out(part, mode)}
        for part in parts
    ]
    document: dict[str, object] = {"definitions": dict(columns), "cohort": cohort, "pipelines": counted}
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


def _cohort(workspace: Workspace, scope: ReportScope, parts: Sequence[Gathered]) -> str:
    cohort = parts[0].part.cohort if parts else None
    if cohort is None:
        return "all records"
    told = _COHORTS[cohort.event]
    if cohort.event is Event.ENTERED:
        told = f'{told} "{scope.cohort.partition(":")[2].strip()}"'
    period = period_of(workspace, scope)
    if period is None:
        return told
    zone = workspace.configuration.timezone
    return f"{told} from {_moment(period.start, zone)} until {_moment(period.end, zone)} ({zone})"


def _moment(moment: datetime, zone: str) -> str:
    """Return a moment to the minute in the workspace's time, the ends of time as such."""
    if moment.year == 1:
        return "the beginning"
    if moment + timedelta(days=2) < moment.replace(year=9999, month=12, day=31):
        return local_text(stored_moment(moment), zone)[:16].replace("T", " ")
    return "now"


_REASONS = {
    "filter": "by the filter",
    "currency": "for amounts in other currencies than the filter's",
    "cohort": "outside the cohort",
    "history": "closed without a history, from the stages",
}


def _left_out(part: Gathered, mode: Mode) -> dict[str, int]:
    """Return how many records do not count, by why."""
    unseen = closed_unseen(part.pipeline, part.journeys) if mode is Mode.VISITED else []
    counts = {
        "filter": part.filtered - part.passed_over,
        "currency": part.passed_over,
        "cohort": part.outside,
        "history": len(unseen),
    }
    return {why: count for why, count in counts.items() if count}


def _counted(part: Gathered, mode: Mode) -> str:
    told = [f"{count:,} {_REASONS[why]}" for why, count in _left_out(part, mode).items()]
    counted = f"{plural(len(part.journeys), part.pipeline.record.value)} counted"
    return f"{counted}; left out: {', '.join(told)}" if told else f"{counted}, none left out"
