"""The footprint of a configuration: what of it matters to records that are stored already.

It is kept with the data that a configuration was applied to, so that the next one can be compared with it. Its
shape is a contract with data files: new keys have defaults.
"""

from collections.abc import Iterable, Mapping

import msgspec

from crmctl.model.choices import Choices
from crmctl.model.configuration import Configuration
from crmctl.model.field import Field
from crmctl.model.pipeline import Outcome, Pipeline, Requirement, Stage, asking_among
from crmctl.model.records import RecordType
from crmctl.model.standard_fields import CHOSEN_FROM, STANDARD_FIELDS

Need = tuple[str, str]
"""A field that must be filled, and the expression on which it depends, empty for always."""


class StagePrint(msgspec.Struct, frozen=True, omit_defaults=True):
    """A stage, with what it asks of records to enter and to leave."""

    id: str
    title: str = ""
    outcome: Outcome = Outcome.OPEN
    require: tuple[Need, ...] = ()
    require_to_leave: tuple[Need, ...] = ()
    moved_from: tuple[str, ...] = ()


class FieldPrint(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an own field takes; `list` is the value list it chooses from, `to` the records it points to."""

    kind: str
    list: str = ""
    multiple: bool = False
    to: str = ""

    @property
    def told(self) -> str:
        """What it takes, as people are told."""
        kind = f"{self.kind} {self.list or self.to}".rstrip()
        return f"{kind}, many" if self.multiple and self.kind != "tags" else kind


class PipelinePrint(msgspec.Struct, frozen=True, omit_defaults=True):
    """A pipeline's stages in order, and the fields that only its records have."""

    record: RecordType
    title: str
    stages: tuple[StagePrint, ...]
    fields: dict[str, FieldPrint] = {}

    def stage(self, stage_id: str) -> StagePrint | None:
        """Return the stage of an id, or nothing where there was none."""
        return next((stage for stage in self.stages if stage.id == stage_id), None)

    def needs(self, stage_id: str) -> set[Need]:
        """Return what a record on a stage had to hold."""
        stage = self.stage(stage_id)
        asking = asking_among(self.stages, stage) if stage else ()
        return {need for each in asking for need in each.require}


class Footprint(msgspec.Struct, frozen=True, omit_defaults=True):
    """Pipelines by id, own fields and requirements by record type, the ids of value lists by list."""

    pipelines: dict[str, PipelinePrint] = {}
    fields: dict[str, dict[str, FieldPrint]] = {}
    lists: dict[str, tuple[str, ...]] = {}
    require: dict[str, tuple[Need, ...]] = {}

    def pipeline(self, kind: RecordType, pipeline_id: str) -> PipelinePrint | None:
        """Return a pipeline for records of a type, or nothing where there was none."""
        found = self.pipelines.get(pipeline_id)
        return found if found and found.record is kind else None

    def stage(self, kind: RecordType, pipeline_id: str, stage_id: str) -> StagePrint | None:
        """Return the stage that records were on, or nothing where there was none."""
        pipeline = self.pipeline(kind, pipeline_id)
        return pipeline.stage(stage_id) if pipeline else None

    def field(self, kind: RecordType, pipeline_id: str, name: str) -> FieldPrint | None:
        """Return the own field that records of a pipeline had by a name."""
        pipeline = self.pipeline(kind, pipeline_id)
        own = pipeline.fields.get(name) if pipeline else None
        return own or self.fields.get(kind.value, {}).get(name)

    def needs(self, kind: RecordType, pipeline_id: str, stage_id: str) -> set[Need]:
        """Return what a record had to hold where it is."""
        pipeline = self.pipeline(kind, pipeline_id)
        return {*self.require.get(kind.value, ()), *(pipeline.needs(stage_id) if pipeline else ())}


def footprint_of(configuration: Configuration) -> Footprint:
    """Return the footprint of a configuration."""
    lists = configuration.lists
    return Footprint(
        {each.id: _pipeline(each, lists) for each in configuration.pipelines},
        {
            kind: own
            for kind, fields in configuration.fields.items()
            if (own := _fields(own_fields(kind, fields), lists))
        },
        {name: tuple(entry.id for entry in choices.items) for name, choices in lists.items()},
        {kind: _needs(found) for kind, found in configuration.require.items()},
    )


def own_fields(kind: str, fields: Iterable[Field]) -> list[Field]:
    """Return those of a record type's fields that a workspace declares itself."""
    standard = {field.name for field in STANDARD_FIELDS.get(RecordType(kind), ())}
    # Those of kinds of tasks and of results hold nothing that would be brought along.
    return [field for field in fields if field.name not in standard and not field.owned_by]


def list_of(field: Field, lists: Mapping[str, Choices]) -> str:
    """Return the name of the value list a field chooses from, empty where it takes any text."""
    if field.kind != "list" or field.choices is None:
        return ""
    return next(
        (name for name, each in lists.items() if each == field.choices), CHOSEN_FROM.get(field.name, "")
    )


def _pipeline(pipeline: Pipeline, lists: Mapping[str, Choices]) -> PipelinePrint:
    stages = tuple(map(_stage, pipeline.stages))
    return PipelinePrint(pipeline.record, pipeline.title, stages, _fields(pipeline.fields, lists))


def _stage(stage: Stage) -> StagePrint:
    return StagePrint(
        stage.id,
        stage.title,
        stage.outcome,
        _needs(stage.require),
        _needs(stage.require_to_leave),
        stage.moved_from,
    )


def _fields(fields: Iterable[Field], lists: Mapping[str, Choices]) -> dict[str, FieldPrint]:
    return {
        field.name: FieldPrint(field.kind, list_of(field, lists), field.multiple, field.to)
        for field in fields
    }


def _needs(requirements: Iterable[Requirement]) -> tuple[Need, ...]:
    return tuple((each.field, each.when) for each in requirements)
