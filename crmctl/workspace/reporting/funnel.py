"""`funnel`: the report made of the journeys of a cohort of records."""

from collections.abc import Sequence

import msgspec

from crmctl.dates import local_text, stored_moment
from crmctl.model.pipeline import Pipeline
from crmctl.model.table import NO_VALUE, Block, Cell, Passage, Report
from crmctl.reports.counting import Mode
from crmctl.reports.funnel import REPORT, Look, blocks, funnel, heading_of, notes, totals
from crmctl.reports.funnel_told import cohort_text, records_behind
from crmctl.reports.side_by_side import side_by_side
from crmctl.workspace.reporting.division import division_of
from crmctl.workspace.reporting.finish import finished
from crmctl.workspace.reporting.funnel_explained import explained
from crmctl.workspace.reporting.journeys import gather
from crmctl.workspace.reporting.notes import standing_notes
from crmctl.workspace.reporting.part import Gathered
from crmctl.workspace.reporting.scope import ReportScope
from crmctl.workspace.workspace import Workspace


def funnel_report(workspace: Workspace, scope: ReportScope, mode: Mode) -> Report:
    """Return the funnel of each pipeline asked for. Raises NotFound for a pipeline, WrongUse for the rest."""
    reader = workspace.read()
    gathered = gather(workspace, reader, scope, history=mode is not Mode.SNAPSHOT)
    made: list[Block] = []
    passages: list[Passage] = []
    for each in gathered:
        tables, behind = _drawn(workspace, each, scope, mode)
        made += [_with_pipeline(table, each.pipeline) for table in tables] if len(gathered) > 1 else tables
        passages += behind
    explanation = explained(workspace, scope, mode, gathered) if scope.explain else None
    if explanation:
        passages.append(explanation.passage)
    pipelines = ",".join(each.pipeline.id for each in gathered)
    report = Report(
        report=REPORT.name,
        as_of=local_text(stored_moment(workspace.now), workspace.configuration.timezone),
        filters={"pipeline": pipelines, "mode": mode.value, **scope.filters()},
        blocks=tuple(made),
        totals=totals([(each.pipeline, each.journeys) for each in gathered], mode),
        notes=tuple(_notes(workspace, gathered, mode)),
        more={"explain": explanation.document} if explanation else {},
        passages=tuple(passages),
        question=REPORT.question,
    )
    return finished(report, workspace, scope)


def _drawn(
    workspace: Workspace, gathered: Gathered, scope: ReportScope, mode: Mode
) -> tuple[list[Block], list[Passage]]:
    """Return the tables of one pipeline, and the ids behind their figures where those are wanted."""
    pipeline, journeys = gathered.pipeline, gathered.journeys
    look, by = (
        _look(workspace, gathered, scope, mode),
        division_of(workspace, gathered.pipeline, gathered.part.by),
    )
    if by:
        tables = side_by_side(pipeline, journeys, by, look)
    else:
        tables = blocks(pipeline, *funnel(pipeline, journeys, mode, ids=look.ids), look)
    behind = records_behind(f"{pipeline.title}: the records behind the figures", tables, look, by)
    return tables, [behind] if behind else []


def _look(workspace: Workspace, gathered: Gathered, scope: ReportScope, mode: Mode) -> Look:
    pipeline, cohort = gathered.pipeline, gathered.part.cohort
    entered = pipeline.stage(cohort.stage) if cohort else None
    told = cohort_text(cohort, entered.title if entered else "", scope.period)
    reasons = workspace.configuration.fields_of(pipeline.record, pipeline.id)[pipeline.reason_field]
    conventions = workspace.conventions

    def show_reason(reason: Cell) -> str:
        return reasons.display(str(reason), conventions) if reason else NO_VALUE

    return Look(mode, heading_of(pipeline, gathered.journeys, mode, told), show_reason, scope.ids)


def _with_pipeline(block: Block, pipeline: Pipeline) -> Block:
    """Return a block whose rows name the pipeline, as they must where a report has several."""
    rows, told = ([{"pipeline": pipeline.id, **row} for row in each] for each in (block.rows, block.read))
    return msgspec.structs.replace(block, rows=rows, told=None if block.told is None else told)


def _notes(workspace: Workspace, gathered: Sequence[Gathered], mode: Mode) -> list[str]:
    found = [note for each in gathered for note in notes(each.pipeline, each.journeys, mode)]
    return [*found, *standing_notes(workspace, gathered)]
