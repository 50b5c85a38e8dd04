"""`report dashboard`: the standard reports on one page."""

from collections.abc import Callable, Sequence

import msgspec

from crmctl.model.table import Block, Report
from crmctl.render.figure import is_figure
from crmctl.render.report_page import Section, moment_text, pages_of
from crmctl.reports.counting import Mode
from crmctl.reports.standard import report_names
from crmctl.workspace.reporting.explanation import as_of_text
from crmctl.workspace.reporting.funnel import funnel_report
from crmctl.workspace.reporting.scope import ReportScope
from crmctl.workspace.reporting.standard import report
from crmctl.workspace.workspace import Workspace

KICKER = "crmctl report dashboard"
Make = Callable[[Workspace, ReportScope], Sequence[Report]]


class Part(msgspec.Struct, frozen=True):
    """A section of the dashboard: the report it is named after, and how it is made where that is not just asked."""

    name: str
    make: Make | None = None


def _funnel(workspace: Workspace, scope: ReportScope) -> Sequence[Report]:
    """Return where records are now, and how far they came."""
    reached = funnel_report(workspace, scope, Mode.REACHED)
    stages = tuple(block for block in reached.blocks if block.key == "rows")
    return [
        funnel_report(workspace, scope, Mode.SNAPSHOT),
        msgspec.structs.replace(reached, blocks=stages),
    ]


def _winloss(workspace: Workspace, scope: ReportScope) -> Sequence[Report]:
    """Return how records ended and, of those closed in the period, why they were lost."""
    ended = report(workspace, "winloss", scope, {})
    pipelines = tuple(ended.filters["pipeline"].split(",")) if ended.filters.get("pipeline") else ()
    closed = msgspec.structs.replace(scope, cohort="closed", pipelines=pipelines, explain=False)
    found = funnel_report(workspace, closed, Mode.SNAPSHOT)
    # A block with the titles of reasons is made for people; its twin for programs is not shown.
    reasons = tuple(block for block in found.blocks if block.shown and not block.key)
    return [msgspec.structs.replace(ended, blocks=(*ended.blocks, *reasons))]


PARTS = (
    Part("funnel", _funnel),
    Part("sources"),
    Part("velocity"),
    Part("stage-time"),
    Part("forecast"),
    Part("winloss", _winloss),
)
"""What the page has, in its order; a report that is not there is left out."""


def dashboard(workspace: Workspace, scope: ReportScope) -> str:
    """Return the page. Raises NotFound, WrongUse, as the reports do."""
    title, asked = workspace.configuration.name or "Dashboard", _told(workspace, scope)
    if not _counted(workspace, scope):
        empty = "No record passes the filter." if scope.where else "There are no leads or deals yet."
        return pages_of(title, KICKER, asked, [Section("dashboard", empty)])
    known = {"funnel", *report_names()}
    return pages_of(
        title, KICKER, asked, [_section(workspace, scope, part) for part in PARTS if part.name in known]
    )


def _counted(workspace: Workspace, scope: ReportScope) -> bool:
    """Tell whether there are records for a page, of whatever time."""
    every = msgspec.structs.replace(scope, period="", currency="")
    return bool(funnel_report(workspace, every, Mode.SNAPSHOT).totals["count"])


def _section(workspace: Workspace, scope: ReportScope, part: Part) -> Section:
    asked = msgspec.structs.replace(scope, explain=True)
    made = part.make(workspace, asked) if part.make else [report(workspace, part.name, asked, {})]
    return Section(part.name, made[0].question, [_without_empty(each) for each in made])


def _without_empty(made: Report) -> Report:
    """Return a report without the tables that count nothing, as of pipelines not in use; a note names them."""
    empty = [block.heading for block in made.blocks if block.shown and not _counts(block)]
    if not empty:
        return made
    blocks = tuple(block for block in made.blocks if not block.shown or _counts(block))
    note = f"nothing to count in: {'; '.join(empty)}"
    return msgspec.structs.replace(made, blocks=blocks, notes=(*made.notes, note))


def _counts(block: Block) -> bool:
    """Tell whether any figure of a table is there, and not zero."""
    names = [column.name for column in block.columns if is_figure(column)]
    return any(row.get(name) for row in block.rows for name in names)


def _told(workspace: Workspace, scope: ReportScope) -> dict[str, str]:
    """Return what the page was asked, in words."""
    told = {
        "Period": scope.period or "all time",
        "As of": moment_text(as_of_text(workspace)),
        "Pipelines": ", ".join(scope.pipelines),
        "Filter": scope.where,
        "Amounts in": scope.currency,
    }
    return {name: text for name, text in told.items() if text}
