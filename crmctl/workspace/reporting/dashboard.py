"""`report dashboard`: the standard reports together."""

from collections.abc import Callable, Sequence

import msgspec

from crmctl.model.dashboard import Answer, Dashboard
from crmctl.model.table import Report
from crmctl.query.error import QueryError
from crmctl.reports.asked import reports
from crmctl.reports.counting import Mode
from crmctl.reports.standard import standard_report
from crmctl.workspace.reporting.explanation import as_of_text
from crmctl.workspace.reporting.funnel import funnel_report
from crmctl.workspace.reporting.scope import ReportScope
from crmctl.workspace.reporting.standard import report
from crmctl.workspace.workspace import Workspace

Make = Callable[[Workspace, ReportScope], Sequence[Report]]


class Entry(msgspec.Struct, frozen=True):
    """A place on the dashboard: the report it is named after, and how it is made where that is not just asked."""

    name: str
    make: Make | None = None


def _funnel(workspace: Workspace, scope: ReportScope) -> Sequence[Report]:
    """Return where records are now, the lost ones too, and how far they came."""
    now, reached = (funnel_report(workspace, scope, mode) for mode in (Mode.SNAPSHOT, Mode.REACHED))
    ways = tuple(block for block in reached.blocks if block.key == "rows")
    return [now, msgspec.structs.replace(reached, blocks=ways)]


def _winloss(workspace: Workspace, scope: ReportScope) -> Sequence[Report]:
    """Return how records ended, and why they were lost."""
    by_reason = msgspec.structs.replace(scope, by="reason")
    return [report(workspace, "winloss", each, {}) for each in (scope, by_reason)]


def _moves(workspace: Workspace, scope: ReportScope) -> Sequence[Report]:
    """Return what moved in the period or this week."""
    return [report(workspace, "diff", scope, {} if scope.period else {"since": "this-week"})]


ENTRIES = (
    Entry("funnel", _funnel),
    Entry("sources"),
    Entry("velocity"),
    Entry("stage-time"),
    Entry("forecast"),
    Entry("winloss", _winloss),
    Entry("diff", _moves),
)
"""What the dashboard has, in its order; a report that is not there is left out."""


def dashboard(workspace: Workspace, scope: ReportScope) -> Dashboard:
    """Return the reports. Raises NotFound, WrongUse, as they do."""
    known = reports()
    if _counted(workspace, scope):
        answers = [_answer(workspace, scope, entry) for entry in ENTRIES if entry.name in known]
    else:
        empty = "No record passes the filter." if scope.where else "There are no leads or deals yet."
        answers = [Answer("dashboard", empty)]
    title = workspace.configuration.name or "Dashboard"
    return Dashboard(title, as_of_text(workspace), _filters(scope), answers)


def _counted(workspace: Workspace, scope: ReportScope) -> bool:
    """Tell whether there are records to report on, of whatever time."""
    every = msgspec.structs.replace(scope, period="", currency="")
    return bool(funnel_report(workspace, every, Mode.SNAPSHOT).totals["count"])


def _answer(workspace: Workspace, scope: ReportScope, entry: Entry) -> Answer:
    asked = msgspec.structs.replace(scope, explain=True)
    try:
        made = entry.make(workspace, asked) if entry.make else [report(workspace, entry.name, asked, {})]
    except QueryError as error:
        if entry is ENTRIES[0]:
            raise
        # It counts records of other types, too, such as leads, which have no such field.
        question = standard_report(entry.name).REPORT.question
        return Answer(entry.name, question, missing=f"Not told: the filter does not suit it: {error.message}")
    return Answer(entry.name, made[0].question, made)


def _filters(scope: ReportScope) -> dict[str, str]:
    asked = {
        "period": scope.period,
        "pipeline": ",".join(scope.pipelines),
        "where": scope.where,
        "in": scope.currency,
    }
    return {name: text for name, text in asked.items() if text}
