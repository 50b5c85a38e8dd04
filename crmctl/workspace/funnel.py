"""`funnel`: the journeys of a cohort of records, and the report made of them."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from crmctl.dates import local_text, stored_moment
from crmctl.errors import wrong_use
from crmctl.model.change import Entry, taken_back
from crmctl.model.field import Field
from crmctl.model.pipeline import Pipeline
from crmctl.model.records import RecordType, Value
from crmctl.model.table import Block, Cell, Report
from crmctl.query.bound import Bound
from crmctl.reports.funnel import Mode, blocks, funnel, notes, totals
from crmctl.reports.journey import Journey, stays
from crmctl.reports.side_by_side import Division, side_by_side
from crmctl.storage.interface import Reader, Row, column
from crmctl.text import plural
from crmctl.workspace.listing import bound_text, scope_of
from crmctl.workspace.workspace import Workspace

NONE = "(none)"
"""Stands for records that have no reason, source, owner."""


class FunnelRequest(msgspec.Struct, frozen=True):
    """Which funnel is wanted, as typed. Without a pipeline, every one."""

    pipelines: tuple[str, ...] = ()
    mode: Mode = Mode.SNAPSHOT
    where: str = ""
    by: str = ""


class _Part(msgspec.Struct, frozen=True):
    """A pipeline of the report, with what the filter and the field of `--by` mean for its records."""

    pipeline: Pipeline
    bound: Bound | None
    by: Field | None

    def fields(self) -> list[str]:
        """Return the fields to be read of each record."""
        names = ["id", "pipeline", "stage", "amount", "currency", self.pipeline.reason_field]
        return [*names, *(_parts_of(self.by) if self.by else []), *(self.bound.fields if self.bound else ())]


def funnel_report(workspace: Workspace, asked: FunnelRequest) -> Report:
    """Return the funnel of each pipeline asked for. Raises NotFound for a pipeline, WrongUse for the rest."""
    reader = workspace.read()
    parts = [_part(workspace, reader, each, asked) for each in _pipelines(workspace, asked)]
    history = _stage_history(reader) if asked.mode is not Mode.SNAPSHOT else {}
    rows = _rows(reader, parts, history)
    made: list[Block] = []
    told: list[str] = []
    everything: list[Journey] = []
    for part in parts:
        journeys = _journeys(part, rows.get(part.pipeline.id, []), workspace, reader, history)
        found = _blocks(part, journeys, asked.mode, workspace)
        made += [_with_pipeline(block, part.pipeline) for block in found] if len(parts) > 1 else found
        told += [*notes(part.pipeline, journeys, asked.mode), *_passed_over(part)]
        everything += journeys
    filters = {"pipeline": ",".join(part.pipeline.id for part in parts), "mode": asked.mode.value}
    filters |= {name: text for name, text in (("where", asked.where), ("by", asked.by)) if text}
    as_of = local_text(stored_moment(workspace.now), workspace.configuration.timezone)
    return Report("funnel", as_of, filters, tuple(made), totals(everything), tuple(told))


def _pipelines(workspace: Workspace, asked: FunnelRequest) -> Sequence[Pipeline]:
    configuration = workspace.configuration
    if asked.pipelines:
        return [configuration.pipeline(name) for name in asked.pipelines]
    kinds = (RecordType.DEAL,) if configuration.mode == "deals" else (RecordType.LEAD, RecordType.DEAL)
    return [pipeline for kind in kinds for pipeline in configuration.pipelines_of(kind)]


def _part(workspace: Workspace, reader: Reader, pipeline: Pipeline, asked: FunnelRequest) -> _Part:
    bound = (
        bound_text(asked.where, scope_of(workspace, pipeline.record, pipeline.id), reader)
        if asked.where
        else None
    )
    with wrong_use("--by: "):
        found = workspace.configuration.field(pipeline.record, asked.by, pipeline.id) if asked.by else None
    return _Part(pipeline, bound, found)


def _rows(reader: Reader, parts: Sequence[_Part], history: Mapping[str, list[Entry]]) -> dict[str, list[Row]]:
    """Return the records of each pipeline, those that have gone on to another included as far as history tells.

    Those of one type are gone through once for all its pipelines.
    """
    found: dict[str, list[Row]] = {part.pipeline.id: [] for part in parts}
    for kind in dict.fromkeys(part.pipeline.record for part in parts):
        names = dict.fromkeys(
            name for part in parts if part.pipeline.record is kind for name in part.fields()
        )
        for row in reader.scan(kind, tuple(names)):
            if row.f_id not in history:
                if row.f_pipeline in found:
                    found[row.f_pipeline].append(row)
                continue
            ways = stays(row.f_pipeline, row.f_stage, history[row.f_id])
            for pipeline in dict.fromkeys(each for each, _ in ways):
                if pipeline in found:
                    found[pipeline].append(row)
    return found


def _journeys(
    part: _Part,
    rows: Sequence[Row],
    workspace: Workspace,
    reader: Reader,
    history: Mapping[str, list[Entry]],
) -> list[Journey]:
    """Return the journeys of the records that pass the filter."""
    if part.bound:
        passes = part.bound.predicate(column, workspace.context(reader).lookups)
        rows = [row for row in rows if passes(row)]
    reason, group = column(part.pipeline.reason_field), _whole(part.by) if part.by else None
    here, journeys = part.pipeline.id, []
    for row in rows:
        stages: tuple[str, ...] = (row.f_stage,)
        if row.f_id in history:
            ways = stays(row.f_pipeline, row.f_stage, history[row.f_id])
            stages = tuple(stage for pipeline, stage in ways if pipeline == here)
        gone = row.f_pipeline != here
        journeys.append(
            Journey(
                row.f_id,
                here,
                stages[-1],
                row.f_amount,
                row.f_currency,
                None if gone else _text(reason(row)),
                _text(group(row)) if group else None,
                stages,
                transferred=gone,
            )
        )
    return journeys


def _parts_of(field: Field) -> list[str]:
    """Return the stored fields that a field's whole value is made of."""
    return [field.name, *([field.paired] if field.paired else [])]


def _whole(field: Field) -> Callable[[Row], Value | None]:
    """Return the function that reads a field's whole value: an amount with its currency."""
    columns = [(name, column(name)) for name in _parts_of(field)]

    def read(row: Row) -> Value | None:
        found = {name: value for name, get in columns if (value := get(row)) is not None}
        return field.read(found)

    return read


def _stage_history(reader: Reader) -> dict[str, list[Entry]]:
    """Return the entries that changed a stage, by record; what was undone did not happen."""
    history = reader.history()
    taken = taken_back(history)
    found: dict[str, list[Entry]] = {}
    for entry in history:
        moved = "stage" in entry.changes or "pipeline" in entry.changes
        if moved and not entry.undoes and (entry.id, entry.gen) not in taken:
            found.setdefault(entry.id, []).append(entry)
    return found


def _text(value: Value | None) -> str | None:
    if isinstance(value, list):
        return "; ".join(value)
    return None if value is None else str(value)


def _blocks(part: _Part, journeys: Sequence[Journey], mode: Mode, workspace: Workspace) -> Sequence[Block]:
    pipeline, conventions = part.pipeline, workspace.conventions
    reasons = workspace.configuration.fields_of(pipeline.record, pipeline.id)[pipeline.reason_field]

    def show_reason(reason: Cell) -> str:
        return reasons.display(str(reason), conventions) if reason else NONE

    by = part.by
    if by is None:
        return blocks(pipeline, *funnel(pipeline, journeys, mode), mode, show_reason)
    division = Division(
        by.name,
        lambda value: by.display(value, conventions) if value else NONE,
        # A stage is read with its pipeline, which the row names by itself.
        lambda value: value.partition(" ")[0] if value and by.kind == "stage" else value,
    )
    return side_by_side(pipeline, journeys, mode, division, show_reason)


def _with_pipeline(block: Block, pipeline: Pipeline) -> Block:
    """Return a block whose rows name the pipeline, as they must where a report has several."""
    return msgspec.structs.replace(block, rows=[{"pipeline": pipeline.id, **row} for row in block.rows])


def _passed_over(part: _Part) -> list[str]:
    count = part.bound.passed_over if part.bound else 0
    return (
        [f"{part.pipeline.title}: {plural(count, 'record')} in other currencies passed over"] if count else []
    )
