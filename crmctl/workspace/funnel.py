"""`funnel`: the report made of the journeys of a cohort of records."""

from collections.abc import Sequence

import msgspec

from crmctl.dates import local_text, stored_moment
from crmctl.model.pipeline import Pipeline
from crmctl.model.table import Block, Cell, Passage, Report, Row
from crmctl.reports.counting import Mode
from crmctl.reports.funnel import Look, blocks, funnel, heading_of, notes, totals
from crmctl.reports.funnel_told import cohort_text, records_behind
from crmctl.reports.side_by_side import Division, side_by_side
from crmctl.text import plural
from crmctl.workspace.funnel_explained import explained
from crmctl.workspace.journeys import Gathered, gather
from crmctl.workspace.past import recorded_later
from crmctl.workspace.report_fields import only_fields
from crmctl.workspace.report_scope import ReportScope
from crmctl.workspace.workspace import Workspace

NONE = "(none)"
"""Stands for records that have no reason, source, owner."""


class FunnelRequest(msgspec.Struct, frozen=True):
    """Which funnel is wanted, and what is to be told with it; `fields` empty means all."""

    scope: ReportScope = ReportScope()
    mode: Mode = Mode.SNAPSHOT
    ids: bool = False
    explain: bool = False
    fields: tuple[str, ...] = ()


def funnel_report(workspace: Workspace, asked: FunnelRequest) -> Report:
    """Return the funnel of each pipeline asked for. Raises NotFound for a pipeline, WrongUse for the rest."""
    reader = workspace.read()
    parts = gather(workspace, reader, asked.scope, history=asked.mode is not Mode.SNAPSHOT)
    made: list[Block] = []
    passages: list[Passage] = []
    for part in parts:
        drawn = _Drawn(workspace, part, asked)
        found = drawn.blocks()
        made += [_with_pipeline(block, part.pipeline) for block in found] if len(parts) > 1 else found
        passages += drawn.records_behind(found)
    counted = [(part.pipeline, part.journeys) for part in parts]
    explanation = explained(workspace, asked.scope, asked.mode, parts) if asked.explain else None
    return only_fields(
        Report(
            "funnel",
            local_text(stored_moment(workspace.now), workspace.configuration.timezone),
            {
                "pipeline": ",".join(p.pipeline.id for p in parts),
                "mode": asked.mode.value,
                **asked.scope.filters(),
            },
            tuple(made),
            totals(counted, asked.mode),
            (*_notes(parts, asked.mode), *recorded_later(workspace)),
            {"explain": explanation.document} if explanation else {},
            (*passages, *([explanation.passage] if explanation else [])),
        ),
        asked.fields,
    )


class _Drawn:
    """One pipeline's funnel: its tables, and the records behind them."""

    def __init__(self, workspace: Workspace, part: Gathered, asked: FunnelRequest) -> None:
        pipeline, configuration = part.pipeline, workspace.configuration
        self._part = part
        self._by = part.part.by
        self._conventions = workspace.conventions
        self._reasons = configuration.fields_of(pipeline.record, pipeline.id)[pipeline.reason_field]
        cohort = part.part.cohort
        entered = pipeline.stage(cohort.stage) if cohort else None
        told = cohort_text(cohort, entered.title if entered else "", asked.scope.period)
        heading = heading_of(pipeline, part.journeys, asked.mode, told)
        self._look = Look(asked.mode, heading, self._show_reason, asked.ids)

    def blocks(self) -> list[Block]:
        """Return the tables."""
        pipeline, journeys, look = self._part.pipeline, self._part.journeys, self._look
        division = self._division()
        if division:
            return side_by_side(pipeline, journeys, division, look)
        return blocks(pipeline, *funnel(pipeline, journeys, look.mode, ids=look.ids), look)

    def records_behind(self, made: Sequence[Block]) -> list[Passage]:
        """Return the ids behind the figures, where they are wanted."""
        if not self._look.ids:
            return []
        keyed = {block.key: block.rows for block in made}
        heading = f"{self._part.pipeline.title}: the records behind the figures"
        passage = records_behind(heading, keyed["rows"], keyed["lost"], self._name)
        return [passage] if passage else []

    def _division(self) -> Division | None:
        by = self._by
        if by is None:
            return None
        return Division(
            by.name,
            lambda value: by.display(value, self._conventions) if value else NONE,
            # A stage is read with its pipeline, which the row names by itself.
            lambda value: value.partition(" ")[0] if value and by.kind == "stage" else value,
        )

    def _name(self, row: Row) -> str:
        """Return what a row is called among others: its group, and its stage or reason."""
        called = str(row["title"]) if "title" in row else f"Lost, {self._show_reason(row['reason'])}"
        division = self._division()
        if division is None:
            return called
        value = row[division.key] and str(row[division.key])
        shown = value if value and self._by and self._by.kind == "stage" else division.show(value or None)
        return f"{shown}: {called}"

    def _show_reason(self, reason: Cell) -> str:
        return self._reasons.display(str(reason), self._conventions) if reason else NONE


def _with_pipeline(block: Block, pipeline: Pipeline) -> Block:
    """Return a block whose rows name the pipeline, as they must where a report has several."""
    return msgspec.structs.replace(block, rows=[{"pipeline": pipeline.id, **row} for row in block.rows])


def _notes(parts: Sequence[Gathered], mode: Mode) -> list[str]:
    found = []
    for part in parts:
        found += notes(part.pipeline, part.journeys, mode)
        if part.passed_over:
            records = plural(part.passed_over, "record")
            found.append(f"{part.pipeline.title}: {records} in other currencies passed over")
    return found
