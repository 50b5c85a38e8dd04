"""The records a report is about, as journeys: those of its pipelines that pass its filter and are in its cohort."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import msgspec

from crmctl.errors import BadValue, WrongUse, wrong_use
from crmctl.model.field import Field
from crmctl.model.pipeline import Pipeline
from crmctl.model.records import Value
from crmctl.query.bound import Bound
from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.counting import closed_undated, closed_unseen
from crmctl.reports.journey import Journey
from crmctl.storage.interface import Reader, Row, column
from crmctl.text import names_hint
from crmctl.workspace.amounts import Amount, CountedAmounts
from crmctl.workspace.listing import bound_text, scope_of
from crmctl.workspace.report_scope import ReportScope, asked_event, cohort_of, pipelines_of
from crmctl.workspace.ways import Ways
from crmctl.workspace.workspace import Workspace


class Part(msgspec.Struct, frozen=True, dict=True):
    """A pipeline of a report, with what the filter, the cohort and the field of `--by` mean for its records."""

    pipeline: Pipeline
    bound: Bound | None
    cohort: Cohort | None
    by: Field | None

    @cached_property
    def reason(self) -> Callable[[Row], Value | None]:
        """What reads a record's reason for having been lost."""
        return column(self.pipeline.reason_field)

    @cached_property
    def group(self) -> Callable[[Row], Value | None] | None:
        """What reads the value a record is grouped by, if records are."""
        return _whole(self.by) if self.by else None

    def fields(self) -> list[str]:
        """Return the fields to be read of each record."""
        names = ["id", "pipeline", "stage", "amount", "currency", self.pipeline.reason_field]
        names += ["created_at", "closed_at", "revision"]
        return [
            *names,
            *(_stored_names(self.by) if self.by else []),
            *(self.bound.fields if self.bound else ()),
        ]


class Gathered(msgspec.Struct, frozen=True):
    """The records of one pipeline: those that the report is about, and how many it left out and why.

    `filtered` did not pass the filter, `outside` are not in the cohort, of `undated` it is not known whether
    they are.
    """

    part: Part
    journeys: list[Journey]
    filtered: int = 0
    outside: int = 0
    undated: int = 0

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

    Without `history` they are those that are in the pipeline now, known by the stage they are on alone. Raises
    NotFound for a pipeline, WrongUse for the rest.
    """
    parts = _parts(workspace, reader, scope)
    looked_up = history or any(part.cohort and part.cohort.event is Event.ENTERED for part in parts)
    ways = Ways(reader, workspace.configuration) if looked_up else None
    rows = _rows(reader, parts, ways if history else None)
    amounts = CountedAmounts(workspace, reader, scope)
    found = []
    for part in parts:
        candidates = rows[part.pipeline.id]
        passing = _passing(part, candidates, workspace, reader)
        counted = amounts.at_closing(passing)
        journeys = [_journey(row, part, counted, ways) for row in passing]
        members = part.cohort.members(journeys) if part.cohort else journeys
        undated = _undated(part, journeys)
        found.append(
            Gathered(
                part,
                amounts.converted(members),
                len(candidates) - len(passing),
                len(journeys) - len(members) - undated,
                undated,
            )
        )
    return found


def _undated(part: Part, journeys: Sequence[Journey]) -> int:
    """Return how many records cannot be told to be in the cohort: when they closed, or came in, is not known."""
    if part.cohort is None or part.cohort.event is Event.CREATED:
        return 0
    if part.cohort.event is Event.CLOSED:
        return len(closed_undated(part.pipeline, journeys))
    return len(closed_unseen(journeys))


def _parts(workspace: Workspace, reader: Reader, scope: ReportScope) -> list[Part]:
    found = []
    pipelines = pipelines_of(workspace, scope)
    for pipeline in pipelines:
        try:
            cohort = cohort_of(workspace, scope, pipeline)
        except BadValue as error:
            if scope.pipelines:
                raise WrongUse(f"--cohort: {error.reason}", hint=error.hint) from None
            # Of all pipelines, one without the stage has no record that entered it.
            continue
        found.append(_part(workspace, reader, pipeline, cohort, scope))
    if not found:
        name, known = asked_event(scope)[1], dict.fromkeys(s.id for each in pipelines for s in each.stages)
        raise WrongUse(f'--cohort: no pipeline has a stage "{name}"', hint=names_hint(name, known))
    return found


def _part(
    workspace: Workspace, reader: Reader, pipeline: Pipeline, cohort: Cohort | None, scope: ReportScope
) -> Part:
    where = scope_of(workspace, pipeline.record, pipeline.id)
    bound = bound_text(scope.where, where, reader) if scope.where else None
    with wrong_use("--by: "):
        by = workspace.configuration.field(pipeline.record, scope.by, pipeline.id) if scope.by else None
    return Part(pipeline, bound, cohort, by)


def _rows(reader: Reader, parts: Sequence[Part], ways: Ways | None) -> dict[str, list[Row]]:
    """Return the records of each pipeline, those that have gone on to another included as far as history tells.

    Those of one type are gone through once for all its pipelines.
    """
    found: dict[str, list[Row]] = {part.pipeline.id: [] for part in parts}
    for kind in dict.fromkeys(part.pipeline.record for part in parts):
        names = dict.fromkeys(
            name for part in parts if part.pipeline.record is kind for name in part.fields()
        )
        for row in reader.scan(kind, tuple(names)):
            been = {row.f_pipeline, *(stay.pipeline for stay in ways.of(row))} if ways else (row.f_pipeline,)
            for pipeline in been:
                if pipeline in found:
                    found[pipeline].append(row)
    return found


def _passing(part: Part, rows: list[Row], workspace: Workspace, reader: Reader) -> list[Row]:
    where = workspace.filter(part.bound, reader)
    return where.narrowing(column)(rows) if where else rows


def _journey(row: Row, part: Part, amounts: Mapping[str, Amount], ways: Ways | None) -> Journey:
    here = part.pipeline.id
    gone = row.f_pipeline != here
    stays = [stay for stay in ways.known(row) if stay.pipeline == here] if ways else []
    stage = row.f_stage
    if gone and ways:
        stage = next(stay.stage for stay in reversed(ways.of(row)) if stay.pipeline == here)
    amount, currency = amounts.get(row.f_id) or (row.f_amount, row.f_currency)
    return Journey(
        id=row.f_id,
        pipeline=here,
        stage=stage,
        amount=amount,
        currency=currency,
        reason=None if gone else _text(part.reason(row)),
        group=_text(part.group(row)) if part.group else None,
        stages=tuple(stay.stage for stay in stays),
        entered=tuple(stay.entered for stay in stays),
        created=row.f_created_at or "",
        closed=None if gone else row.f_closed_at,
        transferred=gone,
    )


def _stored_names(field: Field) -> list[str]:
    """Return the stored fields that a field's whole value is made of."""
    return [field.name, *([field.paired] if field.paired else [])]


def _whole(field: Field) -> Callable[[Row], Value | None]:
    """Return the function that reads a field's whole value: an amount with its currency."""
    columns = [(name, column(name)) for name in _stored_names(field)]

    def read(row: Row) -> Value | None:
        found = {name: value for name, get in columns if (value := get(row)) is not None}
        return field.read(found)

    return read


def _text(value: Value | None) -> str | None:
    if isinstance(value, list):
        return "; ".join(value)
    return None if value is None else str(value)
