"""The records a report is about, as journeys: those of its pipelines that pass its filter and are in its cohort."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from crmctl.errors import BadValue, WrongUse, wrong_use
from crmctl.model.change import Entry, standing
from crmctl.model.field import Field
from crmctl.model.pipeline import Pipeline
from crmctl.model.records import Value
from crmctl.query.bound import Bound
from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.journey import Journey, Stay, stays
from crmctl.storage.interface import Reader, Row, column
from crmctl.workspace.amounts import Amounts
from crmctl.workspace.listing import bound_text, scope_of
from crmctl.workspace.report_scope import ReportScope, cohort_of, pipelines_of
from crmctl.workspace.workspace import Workspace


class Part(msgspec.Struct, frozen=True):
    """A pipeline of a report, with what the filter, the cohort and the field of `--by` mean for its records."""

    pipeline: Pipeline
    bound: Bound | None
    cohort: Cohort | None
    by: Field | None

    def fields(self) -> list[str]:
        """Return the fields to be read of each record."""
        names = ["id", "pipeline", "stage", "amount", "currency", self.pipeline.reason_field]
        names += ["created_at", "updated_at", "closed_at", "revision"]
        return [*names, *(_parts_of(self.by) if self.by else []), *(self.bound.fields if self.bound else ())]


class Gathered(msgspec.Struct, frozen=True):
    """The records of one pipeline: those that the report is about, and how many it left out and why."""

    part: Part
    journeys: list[Journey]
    filtered: int = 0
    outside: int = 0

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline."""
        return self.part.pipeline

    @property
    def passed_over(self) -> int:
        """How many records the filter could not judge: their amounts are in other currencies than it names."""
        return self.part.bound.passed_over if self.part.bound else 0


def gather(workspace: Workspace, reader: Reader, scope: ReportScope, *, history: bool) -> list[Gathered]:
    """Return the records of each pipeline asked for.

    Without `history` a record is known by the stage it is on alone. Raises NotFound for a pipeline, WrongUse
    for the rest.
    """
    parts = _parts(workspace, reader, scope)
    looked_up = history or any(part.cohort and part.cohort.event is Event.ENTERED for part in parts)
    moves = _stage_history(reader) if looked_up else {}
    rows = _rows(reader, parts, moves)
    amounts = Amounts(workspace, reader, scope)
    found = []
    for part in parts:
        candidates = rows[part.pipeline.id]
        passing = _passing(part, candidates, workspace, reader)
        journeys = _journeys(part, passing, amounts, moves)
        if not history:
            journeys = [journey for journey in journeys if not journey.transferred]
        members = part.cohort.members(journeys) if part.cohort else journeys
        found.append(Gathered(part, members, len(candidates) - len(passing), len(journeys) - len(members)))
    return found


def _parts(workspace: Workspace, reader: Reader, scope: ReportScope) -> list[Part]:
    found = []
    for pipeline in pipelines_of(workspace, scope):
        try:
            cohort = cohort_of(workspace, scope, pipeline)
        except BadValue as error:
            if scope.pipelines:
                raise WrongUse(f"--cohort: {error.reason}", hint=error.hint) from None
            # Of all pipelines, one without the stage has no record that entered it.
            continue
        found.append(_part(workspace, reader, pipeline, cohort, scope))
    if not found:
        raise WrongUse(f"--cohort: no pipeline has the stage of {scope.cohort}", hint="name the pipeline too")
    return found


def _part(
    workspace: Workspace, reader: Reader, pipeline: Pipeline, cohort: Cohort | None, scope: ReportScope
) -> Part:
    where = scope_of(workspace, pipeline.record, pipeline.id)
    bound = bound_text(scope.where, where, reader) if scope.where else None
    with wrong_use("--by: "):
        by = workspace.configuration.field(pipeline.record, scope.by, pipeline.id) if scope.by else None
    return Part(pipeline, bound, cohort, by)


def _rows(reader: Reader, parts: Sequence[Part], moves: Mapping[str, list[Entry]]) -> dict[str, list[Row]]:
    """Return the records of each pipeline, those that have gone on to another included as far as history tells.

    Those of one type are gone through once for all its pipelines.
    """
    found: dict[str, list[Row]] = {part.pipeline.id: [] for part in parts}
    for kind in dict.fromkeys(part.pipeline.record for part in parts):
        names = dict.fromkeys(
            name for part in parts if part.pipeline.record is kind for name in part.fields()
        )
        for row in reader.scan(kind, tuple(names)):
            if row.f_id not in moves:
                if row.f_pipeline in found:
                    found[row.f_pipeline].append(row)
                continue
            for pipeline in dict.fromkeys(stay.pipeline for stay in _stays(row, moves)):
                if pipeline in found:
                    found[pipeline].append(row)
    return found


def _stays(row: Row, moves: Mapping[str, list[Entry]]) -> list[Stay]:
    return stays(row.f_pipeline, row.f_stage, row.f_created_at or "", moves.get(row.f_id, ()))


def _passing(part: Part, rows: list[Row], workspace: Workspace, reader: Reader) -> list[Row]:
    if part.bound is None:
        return rows
    passes = part.bound.predicate(column, workspace.context(reader).lookups)
    return [row for row in rows if passes(row)]


def _journeys(
    part: Part, rows: Sequence[Row], amounts: Amounts, moves: Mapping[str, list[Entry]]
) -> list[Journey]:
    reason, group = column(part.pipeline.reason_field), _whole(part.by) if part.by else None
    here, journeys = part.pipeline.id, []
    counted = amounts.of(rows)
    for row in rows:
        stages: tuple[str, ...] = (row.f_stage,)
        entered: tuple[str, ...] = (row.f_created_at or "",)
        if row.f_id in moves:
            ways = [stay for stay in _stays(row, moves) if stay.pipeline == here]
            stages, entered = tuple(stay.stage for stay in ways), tuple(stay.entered for stay in ways)
        gone = row.f_pipeline != here
        amount, currency = counted.get(row.f_id) or (row.f_amount, row.f_currency)
        journeys.append(
            Journey(
                row.f_id,
                here,
                stages[-1],
                amount,
                currency,
                None if gone else _text(reason(row)),
                _text(group(row)) if group else None,
                stages,
                entered,
                row.f_created_at or "",
                None if gone else row.f_closed_at,
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
    found: dict[str, list[Entry]] = {}
    for entry in standing(reader.history()):
        if "stage" in entry.changes or "pipeline" in entry.changes:
            found.setdefault(entry.id, []).append(entry)
    return found


def _text(value: Value | None) -> str | None:
    if isinstance(value, list):
        return "; ".join(value)
    return None if value is None else str(value)
