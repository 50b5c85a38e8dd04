"""What `--explain` tells of any report: whom it counts, what amounts count, who was left out and why."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from crmctl.dates import local_text, stored_moment
from crmctl.model.pipeline import Pipeline
from crmctl.model.records import RecordType
from crmctl.model.table import Passage
from crmctl.periods import BEGINNING, END
from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.shared_options import AmountAt
from crmctl.reports.why import Why
from crmctl.text import plural
from crmctl.workspace.reporting.scope import ReportScope, currency_of, period_of
from crmctl.workspace.workspace import Workspace

HEADING = "What this says"
_COHORTS = {
    Event.CREATED: "records created",
    Event.ENTERED: "records that entered the stage",
    Event.CLOSED: "records that came to the won or lost stage they are on",
}


class Explanation(msgspec.Struct, frozen=True):
    """The same in two forms: for people below the tables, and for programs."""

    passage: Passage
    document: dict[str, object]


def amounts_text(workspace: Workspace, scope: ReportScope) -> str:
    """Return which amounts are counted, in words."""
    closed = (
        "the amount a closed record closed with" if scope.amount is AmountAt.CLOSING else "the present amount"
    )
    others = ", that of an open one as it is" if scope.amount is AmountAt.CLOSING else " of each record"
    into = currency_of(workspace, scope)
    if not into:
        return f"{closed}{others}; unlike currencies are never added"
    return f"{closed}{others}; in {into} at the rates of the day it closed, today's for open ones"


def cohort_words(
    workspace: Workspace, scope: ReportScope, cohort: Cohort | None, pipeline: Pipeline | None = None
) -> str:
    """Return whom a report counts, in words, with the ends of its period."""
    if cohort is None:
        return "all records"
    told = _COHORTS[cohort.event]
    if pipeline and cohort.event is Event.ENTERED and (stage := pipeline.stage(cohort.stage)):
        told = f'{told} "{stage.title}"'
    return told + period_words(workspace, scope)


def period_words(workspace: Workspace, scope: ReportScope) -> str:
    """Return the ends of the period asked for, with a space before; nothing without one."""
    period = period_of(workspace, scope)
    if period is None:
        return ""
    zone = workspace.configuration.timezone
    since = "" if period.start <= BEGINNING else f" from {_local(period.start, zone)}"
    until = "" if period.end >= END else f" until {_local(period.end, zone)}"
    return f"{since}{until} ({zone})" if since or until else ""


def as_of_text(workspace: Workspace) -> str:
    """Return the moment a report is true of, as it is told."""
    return local_text(stored_moment(workspace.now), workspace.configuration.timezone)


def counted_text(number: int, kind: RecordType, left_out: Mapping[str, int]) -> str:
    """Return how many records of a type were counted, and how many were not, by why."""
    told = [f"{count:,} {Why(why).words}" for why, count in left_out.items()]
    counted = f"{plural(number, kind.value, kind.table)} counted"
    return f"{counted}; left out: {', '.join(told)}" if told else f"{counted}, none left out"


def _local(moment: datetime, zone: str) -> str:
    """Return a moment to the minute in the workspace's time."""
    return local_text(stored_moment(moment), zone)[:16].replace("T", " ")
