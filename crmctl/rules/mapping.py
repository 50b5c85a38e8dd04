"""`--map OLD=NEW`: what is to become of stages, pipelines, fields and list values that are gone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from crmctl.errors import BadValue
from crmctl.model.choices import Choice, Choices
from crmctl.model.configuration import Configuration
from crmctl.model.field import Field
from crmctl.model.footprint import Footprint
from crmctl.model.pipeline import Pipeline
from crmctl.model.records import RecordType
from crmctl.rules.assignment import STAGED
from crmctl.text import names_hint

K = TypeVar("K")
V = TypeVar("V")
StageKey = tuple[str, str]
"""A pipeline's id and a stage's."""


class Mapped(msgspec.Struct, frozen=True):
    """What is gone, and what it becomes; values by the field that holds them."""

    stages: Mapping[StageKey, StageKey] = {}
    pipelines: Mapping[str, str] = {}
    fields: Mapping[tuple[RecordType, str], str] = {}
    values: Mapping[tuple[str, str], str] = {}


class Gone(msgspec.Struct, frozen=True):
    """What the configuration no longer has, by what records hold and by what former footprints say."""

    stages: frozenset[tuple[RecordType, StageKey]] = frozenset()
    fields: frozenset[tuple[RecordType, str]] = frozenset()
    values: frozenset[tuple[str, str]] = frozenset()

    def joined(self, other: "Gone") -> "Gone":
        """Return what is gone by either."""
        return Gone(self.stages | other.stages, self.fields | other.fields, self.values | other.values)


def gone_since(former: Footprint, configuration: Configuration) -> Gone:
    """Return what a footprint has and the configuration has not."""
    stages = {
        (pipeline.record, (name, stage.id))
        for name, pipeline in former.pipelines.items()
        for stage in pipeline.stages
        if not _is_there(configuration, pipeline.record, (name, stage.id))
    }
    fields = {
        (kind, name)
        for kind in RecordType
        for name in _names(former, kind)
        if name not in configuration.fields_of(kind)
    }
    return Gone(frozenset(stages), frozenset(fields), frozenset(_values(former, configuration)))


def _is_there(configuration: Configuration, kind: RecordType, place: StageKey) -> bool:
    pipeline = configuration.pipeline_for(kind, place[0])
    return pipeline is not None and pipeline.stage(place[1]) is not None


def _names(former: Footprint, kind: RecordType) -> set[str]:
    pipelines = (each for each in former.pipelines.values() if each.record is kind)
    return {*former.fields.get(kind.value, ()), *(name for each in pipelines for name in each.fields)}


def _values(former: Footprint, configuration: Configuration) -> Iterable[tuple[str, str]]:
    """Yield the entries that the lists of present fields had, by the field."""
    for kind in RecordType:
        for field in configuration.fields_of(kind).values():
            if field.kind == "list" and field.choices is not None and field.name not in STAGED:
                had = {value for values in former.lists.values() for value in values}
                yield from ((field.name, value) for value in had if field.choices.get(value) is None)


def read_mapping(texts: Sequence[str], gone: Gone, configuration: Configuration) -> Mapped:
    """Return what `OLD=NEW` texts mean. Raises BadValue for names that mean nothing, or several things.

    OLD is a stage, `pipeline/stage`, a pipeline, a field, or `field:value`; NEW is what it becomes.
    """
    reading = _Reading(gone, configuration)
    pairs = [_halves(text) for text in texts]
    # Where a stage goes may depend on where its pipeline does.
    for old, new in sorted(pairs, key=lambda pair: not reading.is_pipeline(pair[0])):
        reading.take(old, new)
    return Mapped(reading.stages, reading.pipelines, reading.fields, reading.values)


def _halves(text: str) -> tuple[str, str]:
    old, _, new = (part.strip() for part in text.partition("="))
    if not old or not new:
        raise BadValue(f'"{text}" is not of the form OLD=NEW', hint="write old_stage=new_stage")
    return old, new


def _add(known: dict[K, V], key: K, target: V, old: str) -> None:
    """Add one mapping. Raises BadValue where another was given for the same."""
    if known.setdefault(key, target) != target:
        raise BadValue(f'"{old}" is mapped twice, to different ends', hint="say where it goes once")


class _Reading:
    """Takes one mapping after the other."""

    def __init__(self, gone: Gone, configuration: Configuration) -> None:
        self._gone = gone
        self._configuration = configuration
        self.stages: dict[StageKey, StageKey] = {}
        self.pipelines: dict[str, str] = {}
        self.fields: dict[tuple[RecordType, str], str] = {}
        self.values: dict[tuple[str, str], str] = {}

    def take(self, old: str, new: str) -> None:
        """Add what a mapping means. Raises BadValue."""
        if ":" in old:
            field, _, value = old.partition(":")
            self._take_value(field, value, new)
            return
        stages = self._stages_meant(old)
        pipelines = self._pipelines_meant(old)
        fields = [(kind, name) for kind, name in self._gone.fields if old in (name, f"{kind.value}.{name}")]
        kinds = sum(map(bool, (stages, pipelines, fields)))
        if kinds > 1 or len(stages) > 1:
            self._refuse_several(old, stages, fields)
        if not kinds:
            raise self._unknown(old)
        for kind, place in stages:
            _add(self.stages, place, self._target_stage(new, kind, place[0]), old)
        for kind, name in pipelines:
            _add(self.pipelines, name, self._pipeline(new, kind).id, old)
        for kind, name in fields:
            _add(self.fields, (kind, name), self._target_field(new, kind).name, old)

    def is_pipeline(self, old: str) -> bool:
        """Tell whether a pipeline that is gone is meant."""
        return bool(self._pipelines_meant(old))

    def _stages_meant(self, old: str) -> list[tuple[RecordType, StageKey]]:
        return sorted(each for each in self._gone.stages if old in (each[1][1], "/".join(each[1])))

    def _pipelines_meant(self, old: str) -> set[tuple[RecordType, str]]:
        """Return a pipeline that is gone as a whole."""
        held = {(kind, pipeline) for kind, (pipeline, _) in self._gone.stages if pipeline == old}
        return {each for each in held if not self._configuration.pipeline_for(*each)}

    def _refuse_several(
        self,
        old: str,
        stages: Sequence[tuple[RecordType, StageKey]],
        fields: Sequence[tuple[RecordType, str]],
    ) -> None:
        named = ["/".join(place) for _, place in stages] + [f"{kind.value}.{name}" for kind, name in fields]
        raise BadValue(f'"{old}" may be any of several', hint=f"write {' or '.join(named)}")

    def _unknown(self, old: str) -> BadValue:
        if self._still_there(old):
            return BadValue(f'"{old}" is still there', hint="map what the configuration no longer has")
        stages = {"/".join(place) for _, place in self._gone.stages}
        names = sorted({*stages, *(stage.partition("/")[2] for stage in stages)} | self._other_names())
        hint = names_hint(old, names, "gone are") if names else "nothing is gone"
        return BadValue(f'nothing that is gone is called "{old}"', hint=hint)

    def _other_names(self) -> set[str]:
        pipelines = {pipeline for _, (pipeline, _) in self._gone.stages}
        return {each for each in pipelines if self._pipelines_meant(each)} | {
            name for _, name in self._gone.fields
        }

    def _still_there(self, old: str) -> bool:
        pipeline, _, stage = old.rpartition("/")
        return any(
            each.id == old or (pipeline in ("", each.id) and each.stage(stage) is not None)
            for each in self._configuration.pipelines
        ) or any(old in self._configuration.fields_of(kind) for kind in RecordType)

    def _pipeline(self, name: str, kind: RecordType) -> Pipeline:
        chosen = self._configuration.pipeline_choices(kind).find(name).id
        found = self._configuration.pipeline_by_id(chosen)
        assert found is not None
        return found

    def _target_stage(self, new: str, kind: RecordType, own: str) -> StageKey:
        """Return the stage meant: of the same pipeline, unless another is named before it."""
        named, mark, stage = new.rpartition("/")
        own = self.pipelines.get(own, own)
        if not mark and not self._configuration.pipeline_for(kind, own):
            names = ", ".join(each.id for each in self._configuration.pipelines_of(kind))
            raise BadValue(
                f'pipeline "{own}" is gone, too: "{new}" of which other?',
                hint=f"write PIPELINE/{new} with one of: {names}",
            )
        pipeline = self._pipeline(named if mark else own, kind)
        return pipeline.id, pipeline.choices.find(stage).id

    def _target_field(self, new: str, kind: RecordType) -> Field:
        field = self._configuration.field(kind, new.removeprefix(f"{kind.value}."))
        if field.computed or field.name in STAGED:
            raise BadValue(
                f"--map: {field.label} takes nothing from another field", hint="name another field"
            )
        return field

    def _take_value(self, name: str, old: str, new: str) -> None:
        fields = [
            field
            for kind in RecordType
            if (field := self._configuration.fields_of(kind).get(name)) and field.kind != "stage"
        ]
        choosing = [field.choices for field in fields if field.kind == "list" and field.choices is not None]
        if not choosing:
            names = {each.name for kind in RecordType for each in self._choosing(kind)}
            raise BadValue(f'"{name}" is no field that chooses from a list', hint=names_hint(name, names))
        values = sorted(value for field, value in self._gone.values if field == name)
        if old not in values:
            there = any(old in choices.places for choices in choosing)
            what = "is still a value of" if there else "was no value of"
            raise BadValue(f'"{old}" {what} {name}', hint=names_hint(old, values, "gone are"))
        self.values[name, old] = _found(new, choosing).id

    def _choosing(self, kind: RecordType) -> Iterable[Field]:
        fields: Collection[Field] = self._configuration.fields_of(kind).values()
        return (each for each in fields if each.kind == "list" and each.choices and each.name not in STAGED)


def _found(text: str, choosing: Sequence[Choices]) -> Choice:
    """Return the entry meant, of the first list that has it. Raises BadValue by what the first one takes."""
    for choices in choosing:
        if found := choices.get(text):
            return found
    return choosing[0].find(text)
