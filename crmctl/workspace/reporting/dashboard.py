"""`report dashboard`: the standard reports on one page."""

from collections.abc import Callable, Sequence

import msgspec

from crmctl.model.table import Block, Report
from crmctl.query.error import QueryError
from crmctl.render.figure import is_figure
from crmctl.render.report_page import Section, moment_text, pages_of
from crmctl.reports.counting import Mode
from crmctl.reports.standard import report_names, standard_report
from crmctl.workspace.reporting.explanation import as_of_text
from crmctl.workspace.reporting.funnel import funnel_report
from crmctl.workspace.reporting.scope import ReportScope
from crmctl.workspace.reporting.standard import report
from crmctl.workspace.workspace import Workspace

KICKER = "crmctl report dashboard"
_MOST_MOVES = 20
Make = Callable[[Workspace, ReportScope], Sequence[Report]]


class Part(msgspec.Struct, frozen=True):
    """A section of the dashboard: the report it is named after, and how it is made where that is not just asked."""

    name: str
    make: Make | None = None


def _funnel(workspace: Workspace, scope: ReportScope) -> Sequence[Report]:
    """Return where records are now, and how far they came."""
    # Why records were lost stands with how they ended.
    return [
        msgspec.structs.replace(made, blocks=tuple(block for block in made.blocks if block.key == "rows"))
        for made in (funnel_report(workspace, scope, mode) for mode in (Mode.SNAPSHOT, Mode.REACHED))
    ]


def _winloss(workspace: Workspace, scope: ReportScope) -> Sequence[Report]:
    """Return how records ended and, of those closed in the period, why they were lost."""
    ended = report(workspace, "winloss", scope, {})
    closed = msgspec.structs.replace(scope, cohort="closed", explain=False)
    found = funnel_report(workspace, closed, Mode.SNAPSHOT)
    reasons = tuple(block for block in found.blocks if block.key == "lost")
    return [msgspec.structs.replace(ended, blocks=(*ended.blocks, *reasons))]


def _moves(workspace: Workspace, scope: ReportScope) -> Sequence[Report]:
    """Return what moved in the period or this week, and of the records moved so many as a page may list."""
    made = report(workspace, "diff", scope, {} if scope.period else {"since": "this-week"})
    listed = [block for block in made.blocks if block.shown and not any(map(is_figure, block.columns))]
    over = sum(max(len(block.rows) - _MOST_MOVES, 0) for block in listed)
    blocks = tuple(
        msgspec.structs.replace(block, rows=block.rows[:_MOST_MOVES], told=block.read[:_MOST_MOVES])
        if block in listed
        else block
        for block in made.blocks
    )
    note = (f"{over:,} more rows of records that moved: crmctl diff lists them",) if over else ()
    return [msgspec.structs.replace(made, blocks=blocks, notes=(*made.notes, *note))]


PARTS = (
    Part("funnel", _funnel),
    Part("sources"),
    Part("velocity"),
    Part("stage-time"),
    Part("forecast"),
    Part("winloss", _winloss),
    Part("diff", _moves),
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
    try:
        made = part.make(workspace, asked) if part.make else [report(workspace, part.name, asked, {})]
    except QueryError as error:
        if part is PARTS[0]:
            raise
        # It counts records of other types, too, such as leads, which have no such field.
        question = standard_report(part.name).REPORT.question
        return Section(part.name, question, missing=f"Not told: the filter does not suit it: {error.message}")
    return Section(part.name, made[0].question, [_without_empty(each) for each in made])


def _without_empty(made: Report) -> Report:
    """Return a report without the tables that count nothing, as of pipelines not in use; a note names them."""
    full = [block.about for block in made.blocks if block.shown and _counts(block)]
    empty = [block for block in made.blocks if block.shown and not _counts(block)]
    if not empty:
        return made
    blocks = tuple(block for block in made.blocks if not block.shown or _counts(block))
    # A pipeline that nothing is counted in is named once.
    called = (block.heading if not block.about or block.about in full else block.about for block in empty)
    note = f"nothing to count in: {'; '.join(dict.fromkeys(called))}"
    return msgspec.structs.replace(made, blocks=blocks, notes=(*made.notes, note))


def _counts(block: Block) -> bool:
    """Tell whether any figure of a table is there, and not zero; of one without figures, whether it has rows."""
    names = [column.name for column in block.columns if is_figure(column)]
    return any(row.get(name) for row in block.rows for name in names) if names else bool(block.rows)


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
