"""A pipeline as a report sees it: what the filter, the cohort and the field of `--by` mean for its records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from crmctl.errors import BadValue, WrongUse, wrong_use
from crmctl.model.field import Field
from crmctl.model.pipeline import Pipeline
from crmctl.model.records import RecordType, Value
from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.journey import NO_VALUES, Journey
from crmctl.storage.interface import Reader, Row, column
from crmctl.text import name_key, names_hint
from crmctl.workspace.reporting.amounts import AMOUNT, Amount, Money, reading
from crmctl.workspace.reporting.scope import ReportScope, asked_event, cohort_of
from crmctl.workspace.workspace import Workspace

if TYPE_CHECKING:
    from crmctl.query.bound import Bound


class Part(msgspec.Struct, frozen=True, dict=True):
    """A pipeline of a report, with what the filter, the cohort and the field of `--by` mean for its records.

    `further` are the names of the other fields that the report reads of them, `money` those of the amount that
    counts and of its currency, empty for an amount that names its own.
    """

    pipeline: Pipeline
    bound: Bound | None
    cohort: Cohort | None
    by: Field | None
    further: tuple[str, ...] = ()
    money: Money = AMOUNT

    @cached_property
    def amount(self) -> Callable[[Row], Amount]:
        """What reads the amount of a record that counts, and its currency."""
        return reading(self.money)

    @cached_property
    def reason(self) -> Callable[[Row], Value | None]:
        """What reads a record's reason for having been lost."""
        return column(self.pipeline.reason_field)

    @cached_property
    def group(self) -> Callable[[Row], Value | None] | None:
        """What reads the value a record is grouped by, if records are."""
        return whole(self.by) if self.by else None

    @cached_property
    def more(self) -> Callable[[Row], Mapping[str, Value | None]]:
        """What reads the other fields of a record."""
        names = self.further
        if not names:
            return lambda _row: NO_VALUES
        if len(names) == 1:
            only, get = names[0], column(names[0])
            return lambda row: {only: get(row)}
        several = column(*names)
        return lambda row: dict(zip(names, several(row), strict=True))

    @property
    def by_names(self) -> Sequence[str]:
        """The stored fields that make up what records are grouped by, if they are."""
        return stored_names(self.by) if self.by else ()

    def told_apart_by(self) -> tuple[str, ...]:
        """Return the fields by which a snapshot tells open records of the pipeline apart, or closed ones."""
        names = ["stage", "currency", self.pipeline.reason_field, *self.by_names]
        return tuple(dict.fromkeys(names))

    def fields(self, *more: str) -> list[str]:
        """Return the fields to be read of each record, with those that are asked for beside."""
        names = ["id", "pipeline", "stage", "amount", "currency", self.pipeline.reason_field]
        names += ["closed_at", "revision", *filter(None, self.money)]
        return [
            *names,
            *more,
            *self.further,
            *self.by_names,
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
    def left_out(self) -> dict[str, int]:
        """How many records do not count, by why, those it left out none for not named."""
        counts = {
            "filter": self.filtered - self.passed_over,
            "currency": self.passed_over,
            "cohort": self.outside,
            "undated": self.undated,
        }
        return {why: count for why, count in counts.items() if count}

    @property
    def passed_over(self) -> int:
        """How many records the filter could not judge: their amounts are in other currencies than it names."""
        return self.part.bound.passed_over if self.part.bound else 0


class Wanted(msgspec.Struct, frozen=True):
    """What a report wants of its records: those of which pipelines, by which event where no cohort is named.

    `fields` are to be read of each, besides those that all reports read; `money` is the amount that counts. The
    report is over those `beside`, too: a field to group by, or a stage that was entered, may be theirs alone.
    """

    pipelines: Sequence[Pipeline]
    event: Event | None = Event.CREATED
    fields: tuple[str, ...] = ()
    money: Money = AMOUNT
    beside: Sequence[Pipeline] = ()


def parts_of(workspace: Workspace, reader: Reader, scope: ReportScope, wanted: Wanted) -> list[Part]:
    """Return the pipelines of a report, each as a part of it. Raises WrongUse."""
    found = []
    for pipeline in wanted.pipelines:
        try:
            cohort = cohort_of(workspace, scope, pipeline, wanted.event)
        except BadValue as error:
            if scope.pipelines:
                raise WrongUse(f"--cohort: {error.reason}", hint=error.hint) from None
            # Of all pipelines, one without the stage has no record that entered it.
            continue
        part = _part(workspace, reader, pipeline, cohort, _without_others(workspace, scope, pipeline, wanted))
        found.append(msgspec.structs.replace(part, further=wanted.fields, money=wanted.money))
    if wanted.pipelines and not found:
        name = asked_event(scope)[1]
        if any(each.choices.get(name) for each in wanted.beside):
            return []
        known = dict.fromkeys(stage.id for each in wanted.pipelines for stage in each.stages)
        raise WrongUse(f'--cohort: no pipeline has a stage "{name}"', hint=names_hint(name, known))
    return found


def _without_others(
    workspace: Workspace, scope: ReportScope, pipeline: Pipeline, wanted: Wanted
) -> ReportScope:
    """Return what was asked for without a field of `--by` that only records beside have: these are of no group."""
    field = workspace.configuration.field
    if not scope.by or not wanted.beside:
        return scope
    try:
        field(pipeline.record, scope.by, pipeline.id)
    except BadValue:
        for each in wanted.beside:
            with suppress(BadValue):
                field(each.record, scope.by, each.id)
                return msgspec.structs.replace(scope, by="")
    return scope


def _part(
    workspace: Workspace, reader: Reader, pipeline: Pipeline, cohort: Cohort | None, scope: ReportScope
) -> Part:
    bound = filter_of(workspace, reader, scope, pipeline.record, pipeline.id)
    with wrong_use("--by: "):
        by = _divided_by(workspace, pipeline, scope.by) if scope.by else None
    return Part(pipeline, bound, cohort, by)


def _divided_by(workspace: Workspace, pipeline: Pipeline, name: str) -> Field:
    """Return the field that `--by` names; `reason` is why records were lost, which each type keeps under its own name.

    Raises BadValue.
    """
    known = workspace.configuration.fields_of(pipeline.record, pipeline.id)
    is_reason = name_key(name) == "reason" and name not in known
    return workspace.configuration.field(
        pipeline.record, pipeline.reason_field if is_reason else name, pipeline.id
    )


def filter_of(
    workspace: Workspace, reader: Reader, scope: ReportScope, kind: RecordType, pipeline: str = ""
) -> Bound | None:
    """Return what the filter means for records of a type, if there is one. Raises WrongUse."""
    if not scope.where:
        return None
    from crmctl.workspace.listing import bound_text, scope_of

    return bound_text(scope.where, scope_of(workspace, kind, pipeline), reader)


def stored_names(field: Field) -> list[str]:
    """Return the stored fields that a field's whole value is made of."""
    return [field.name, *([field.paired] if field.paired else [])]


def whole(field: Field) -> Callable[[Row], Value | None]:
    """Return the function that reads a field's whole value: an amount with its currency."""
    columns = [(name, column(name)) for name in stored_names(field)]

    def read(row: Row) -> Value | None:
        found = {name: value for name, get in columns if (value := get(row)) is not None}
        return field.read(found)

    return read
