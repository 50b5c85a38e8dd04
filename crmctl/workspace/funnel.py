"""`funnel`: the journeys of a cohort of records, and the report made of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from crmctl.dates import local_text, stored_moment
from crmctl.errors import BadValue, WrongUse
from crmctl.model.change import Entry
from crmctl.model.field import Field
from crmctl.model.pipeline import Pipeline
from crmctl.model.records import RecordType
from crmctl.model.table import Block, Column, Kind, Report, Row
from crmctl.query.bind import bind
from crmctl.query.bound import Bound
from crmctl.query.parser import parse
from crmctl.reports.funnel import Mode, ShowReason, blocks, closed_unseen, funnel, went_back
from crmctl.reports.journey import Journey, stages_entered, summed
from crmctl.storage.interface import Reader, column
from crmctl.text import name_key, plural
from crmctl.workspace.listing import scope_of
from crmctl.workspace.undo import standing
from crmctl.workspace.workspace import Workspace

NONE = "(none)"
"""Stands for records that have no reason, source, owner."""


class FunnelRequest(msgspec.Struct, frozen=True):
    """Which funnel is wanted, as typed. Without a pipeline, every one."""

    pipelines: tuple[str, ...] = ()
    mode: Mode = Mode.SNAPSHOT
    where: str = ""
    by: str = ""


class _Cohort(msgspec.Struct, frozen=True):
    pipeline: Pipeline
    journeys: list[Journey]
    passed_over: int


def funnel_report(workspace: Workspace, asked: FunnelRequest) -> Report:
    """Return the funnel of each pipeline asked for. Raises NotFound for a pipeline, WrongUse for the rest."""
    reader = workspace.read()
    history = _stage_history(reader) if asked.mode is not Mode.SNAPSHOT else {}
    cohorts = [_cohort(workspace, reader, each, asked, history) for each in _pipelines(workspace, asked)]
    several = len(cohorts) > 1
    made: list[Block] = []
    notes: list[str] = []
    for cohort in cohorts:
        made += _blocks(cohort, workspace, asked, several=several)
        notes += _notes(cohort, asked)
    everything = [journey for cohort in cohorts for journey in cohort.journeys]
    totals: Row = {
        "count": len(everything),
        "share": 1.0 if everything else None,
        "amount": summed(everything),
    }
    filters = {"pipeline": ",".join(each.pipeline.id for each in cohorts), "mode": asked.mode.value}
    filters |= {name: text for name, text in (("where", asked.where), ("by", asked.by)) if text}
    as_of = local_text(stored_moment(workspace.now), workspace.configuration.timezone)
    return Report("funnel", as_of, filters, tuple(made), totals, tuple(notes))


def _pipelines(workspace: Workspace, asked: FunnelRequest) -> Sequence[Pipeline]:
    configuration = workspace.configuration
    if asked.pipelines:
        return [configuration.pipeline(name) for name in asked.pipelines]
    kinds = (RecordType.DEAL,) if configuration.mode == "deals" else (RecordType.LEAD, RecordType.DEAL)
    return [pipeline for kind in kinds for pipeline in configuration.pipelines_of(kind)]


def _cohort(
    workspace: Workspace,
    reader: Reader,
    pipeline: Pipeline,
    asked: FunnelRequest,
    history: Mapping[str, list[Entry]],
) -> _Cohort:
    """Return the journeys of a pipeline's records that pass the filter."""
    scope = scope_of(workspace, pipeline.record, pipeline.id)
    bound: Bound | None = bind(parse(asked.where), scope) if asked.where else None
    by = _by_field(workspace, pipeline, asked.by)
    names = ["id", "pipeline", "stage", "amount", "currency", pipeline.reason_field]
    names += [by.name] if by else []
    names += bound.fields if bound else []
    rows: list[Any] = reader.scan(pipeline.record, tuple(dict.fromkeys(names)))
    rows = [row for row in rows if row.f_pipeline == pipeline.id]
    if bound:
        passes = bound.predicate(column, workspace.context(reader).lookups)
        rows = [row for row in rows if passes(row)]
    reason, group = column(pipeline.reason_field), column(by.name) if by else None
    journeys = [
        Journey(
            row.f_id,
            pipeline.id,
            row.f_stage,
            row.f_amount,
            row.f_currency,
            reason(row),  # type: ignore[arg-type]
            _group(group(row)) if group else None,
            stages_entered(row.f_stage, history.get(row.f_id, ())) if history else (row.f_stage,),
        )
        for row in rows
    ]
    return _Cohort(pipeline, journeys, bound.passed_over if bound else 0)


def _stage_history(reader: Reader) -> dict[str, list[Entry]]:
    """Return the entries that changed a stage, by record; what was undone did not happen."""
    history = reader.history()
    alive = standing(history)
    found: dict[str, list[Entry]] = {}
    for entry in history:
        moved = "stage" in entry.changes or "pipeline" in entry.changes
        if moved and not entry.undoes and entry.gen in alive:
            found.setdefault(entry.id, []).append(entry)
    return found


def _by_field(workspace: Workspace, pipeline: Pipeline, name: str) -> Field | None:
    if not name:
        return None
    try:
        return workspace.configuration.field(pipeline.record, name, pipeline.id)
    except BadValue as error:
        raise WrongUse(f"--by: {error.reason}", hint=error.hint) from None


def _group(value: object) -> str | None:
    if isinstance(value, list):
        return "; ".join(str(each) for each in value)
    return None if value is None else str(value)


def _blocks(cohort: _Cohort, workspace: Workspace, asked: FunnelRequest, *, several: bool) -> list[Block]:
    pipeline = cohort.pipeline
    labels: dict[str, str | None] = {"pipeline": pipeline.id} if several else {}
    by = _by_field(workspace, pipeline, asked.by)
    if by is not None:
        return _side_by_side(cohort, asked.mode, by, labels, workspace)
    rows, lost = funnel(pipeline, cohort.journeys, asked.mode)
    show = _reasons(workspace, pipeline)
    return [*blocks(pipeline, _labelled(rows, labels), _labelled(lost, labels), asked.mode, show)]


def _reasons(workspace: Workspace, pipeline: Pipeline) -> ShowReason:
    """Return what gives the titles of a pipeline's reasons."""
    field = workspace.configuration.fields_of(pipeline.record, pipeline.id)[pipeline.reason_field]
    return lambda reason: field.display(str(reason), workspace.conventions) if reason else NONE


def _side_by_side(
    cohort: _Cohort, mode: Mode, by: Field, labels: Mapping[str, str | None], workspace: Workspace
) -> list[Block]:
    """Return the rows of every group for programs, and one table with a column a group for people."""
    pipeline = cohort.pipeline
    rows: list[Row] = []
    lost: list[Row] = []
    table: dict[str, dict[str, Any]] = {}
    columns = [Column("title", "Stage")]
    for at, group in enumerate(_groups(cohort.journeys)):
        name = group[0].group
        staged, reasons = funnel(pipeline, group, mode)
        rows += _labelled(staged, {**labels, by.name: name})
        lost += _labelled(reasons, {**labels, by.name: name})
        shown = by.display(name, workspace.conventions) if name else NONE
        columns.append(Column(f"group{at}", shown, Kind.COUNT))
        totals = {"title": "Lost", "count": sum(int(str(row["count"])) for row in reasons)}
        for row in [
            *staged,
            {"stage": "lost", **totals},
            {"stage": "all", "title": "All", "count": len(group)},
        ]:
            table.setdefault(str(row["stage"]), {"title": row["title"]})[f"group{at}"] = row["count"]
    found = blocks(pipeline, rows, lost, mode, _reasons(workspace, pipeline))
    hidden = [msgspec.structs.replace(block, shown=False) for block in found if block.key]
    heading = f"{pipeline.title}, {mode.value} by {by.name}"
    return [*hidden, Block(heading, tuple(columns), list(table.values()), key="")]


def _groups(journeys: Sequence[Journey]) -> list[list[Journey]]:
    """Return the journeys by what the report is divided by, the largest group first; equal but for case is equal."""
    groups: dict[str, list[Journey]] = {}
    for journey in journeys:
        groups.setdefault(name_key(journey.group or ""), []).append(journey)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0].group or ""))


def _labelled(rows: Sequence[Row], labels: Mapping[str, str | None]) -> list[Row]:
    return [{**labels, **row} for row in rows]


def _notes(cohort: _Cohort, asked: FunnelRequest) -> list[str]:
    title, notes = cohort.pipeline.title, []
    if asked.mode is not Mode.SNAPSHOT and (count := went_back(cohort.pipeline, cohort.journeys)):
        notes.append(f"{title}: {plural(count, 'record')} moved back")
    unseen = sum(closed_unseen(cohort.pipeline, journey) for journey in cohort.journeys)
    if asked.mode is Mode.VISITED and unseen:
        notes.append(f"{title}: {plural(unseen, 'record')} closed without a history left out")
    if cohort.passed_over:
        notes.append(f"{title}: {plural(cohort.passed_over, 'record')} in other currencies passed over")
    return notes
