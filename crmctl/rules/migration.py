"""What a changed configuration means for a stored record: what it becomes, what stands in the way, what it lacks.

Nothing here asks whether a record may: like an undo, a migration restores order, and the gate holds at the next
move. So no record is refused, and what it lacks is told.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import msgspec

from crmctl.errors import BadValue
from crmctl.model.footprint import Footprint
from crmctl.model.pipeline import Outcome, Pipeline, Requirement, Stage
from crmctl.model.records import Record, RecordType, Value, is_empty
from crmctl.rules.assignment import Assignment, apart, assigned
from crmctl.rules.context import Context
from crmctl.rules.difference import What
from crmctl.rules.mapping import Mapped, StageKey
from crmctl.rules.placement import Placement, outcome_by_itself, settled
from crmctl.rules.refit import Refitter

_UNKNOWN = Footprint()
_Needs = Sequence[tuple[str, Requirement]]


class Fate(StrEnum):
    """What becomes of a record: it is changed, it has nowhere to go, or it only lacks what is required now."""

    MIGRATES = "migrates"
    BLOCKS = "blocks"
    LACKS = "lacks"


class Effect(msgspec.Struct, frozen=True):
    """One thing that a changed configuration means for one record.

    `what`, `place` and `name` are those of the difference that it comes from, as far as that is known; `field` is
    the record's field, where it is about one, `old` and `new` what becomes what, and `why` what stands in the way.
    `mapping` is what `--map` would say to clear the way, the new name in capitals where none suggests itself.
    """

    id: str
    fate: Fate
    what: What
    place: str
    name: str
    field: str = ""
    old: str = ""
    new: str = ""
    why: str = ""
    mapping: str = ""


class Migrated(msgspec.Struct, frozen=True):
    """A record as it would be, and why."""

    after: Record
    effects: tuple[Effect, ...]


class Migration:
    """Decides on records one by one. `former` is the footprint they were stored under, if that is known.

    `fills` are values for the fields that records lack; `exists` tells whether there is a record of an id.
    """

    def __init__(
        self,
        context: Context,
        former: Footprint | None,
        mapped: Mapped,
        fills: Sequence[Assignment] = (),
        exists: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._context = context
        self._former = former
        self._placement = Placement(context.configuration, former or _UNKNOWN, mapped)
        self._refitter = Refitter(context, former, mapped, exists)
        self._fills = fills
        self._needs: dict[tuple[RecordType, str, str, str, str], _Needs] = {}

    def of(self, record: Record) -> Migrated:
        """Return what becomes of a record."""
        kind = record.type
        effects: list[Effect] = []
        values: dict[str, Value | None] = {}
        pipeline, stage = self._placed(record, kind, effects, values)
        # What has nowhere to go is held against the fields that it has where it is.
        among = pipeline.id if pipeline else record.pipeline
        if pipeline or not kind.staged or self._context.configuration.pipeline_for(kind, among):
            self._refit(record, kind, among, effects, values)
        after = record.having(values) if values else record
        for place, each in self._new_needs(record, kind, pipeline, stage):
            if is_empty(after.get(each.field)) and self._context.holds(each, after):
                after = self._filled(after, place, each, effects)
        return Migrated(after, tuple(effects))

    def _placed(
        self, record: Record, kind: RecordType, effects: list[Effect], values: dict[str, Value | None]
    ) -> tuple[Pipeline | None, Stage | None]:
        """Take a record to where it belongs."""
        if not kind.staged:
            return None, None
        here = (record.pipeline, record.stage)
        found = self._placement.of(kind, here)
        gone = self._context.configuration.pipeline_for(kind, here[0]) is None
        if gone and found is None:
            # Where it was said which pipeline takes this one in, it is the stage that nothing was said of.
            gone = self._placement.is_gone(kind, here[0])
        about = (What.PIPELINE, here[0], here[0]) if gone else (What.STAGE, *here)
        if found is None:
            mapping = f"{here[0]}=PIPELINE" if gone else self._stage_mapping(kind, here)
            effects.append(Effect(record.id, Fate.BLOCKS, *about, "stage", "/".join(here), mapping=mapping))
            return None, None
        there = (found[0].id, found[1].id)
        if there != here:
            effects.append(Effect(record.id, Fate.MIGRATES, *about, "stage", "/".join(here), "/".join(there)))
            values.update(self._settled(record, *found))
        elif self._turned(record, *found):
            turned = (self._outcome(record).value, found[1].outcome.value)
            effects.append(Effect(record.id, Fate.MIGRATES, What.OUTCOME, *here, "stage", *turned))
            values.update(self._settled(record, *found))
        return found

    def _stage_mapping(self, kind: RecordType, here: StageKey) -> str:
        return f"{'/'.join(here)}={self._placement.likely(kind, here) or 'STAGE'}"

    def _settled(self, record: Record, pipeline: Pipeline, stage: Stage) -> Mapping[str, Value | None]:
        return settled(record, pipeline, stage, self._outcome(record), self._context.at)

    def _outcome(self, record: Record) -> Outcome:
        former = self._former or _UNKNOWN
        stage = former.stage(record.type, record.pipeline, record.stage)
        return stage.outcome if stage else outcome_by_itself(record)

    def _turned(self, record: Record, pipeline: Pipeline, stage: Stage) -> bool:
        """Tell whether a record stands on a stage that means another outcome than when it came there."""
        if self._former is None:
            return (outcome_by_itself(record) is Outcome.OPEN) is not stage.open
        before = self._former.stage(record.type, record.pipeline, record.stage)
        if before is None or before.outcome is stage.outcome:
            return False
        # One that came there since is as it should be.
        return record.having(self._settled(record, pipeline, stage)).values != record.values

    def _refit(
        self,
        record: Record,
        kind: RecordType,
        pipeline: str,
        effects: list[Effect],
        values: dict[str, Value | None],
    ) -> None:
        for found in self._refitter.of(record, kind, pipeline):
            about = (found.what, found.place, found.name, found.field, found.old)
            writes = found.writes
            if writes is None:
                effects.append(Effect(record.id, Fate.BLOCKS, *about, "", found.why, found.mapping))
            elif any(values.get(name, new) != new for name, new in writes.items()):
                # Another value goes there already: one of the two would be lost.
                effects.append(Effect(record.id, Fate.BLOCKS, *about, "", f"{found.new} takes another value"))
            else:
                effects.append(Effect(record.id, Fate.MIGRATES, *about, found.new))
                values.update(writes)

    def _new_needs(
        self, record: Record, kind: RecordType, pipeline: Pipeline | None, stage: Stage | None
    ) -> _Needs:
        """Return what is required of a record and was not where it was, with whose requirement it is."""
        there = (pipeline.id, stage.id) if pipeline and stage else ("", "")
        key = (kind, record.pipeline, record.stage, *there)
        if key not in self._needs:
            before = (self._former or _UNKNOWN).needs(kind, record.pipeline, record.stage)
            found = [(kind.value, each) for each in self._context.configuration.require.get(kind.value, ())]
            if pipeline and stage:
                asked = ((asking.id, each) for asking in pipeline.asking(stage) for each in asking.require)
                found += [(f"{pipeline.id}/{asking}", each) for asking, each in asked]
            self._needs[key] = [pair for pair in found if (pair[1].field, pair[1].when) not in before]
        return self._needs[key]

    def _filled(self, record: Record, place: str, needed: Requirement, effects: list[Effect]) -> Record:
        """Return the record with the value that was given for what it lacks."""
        own, _ = apart(self._fills, record.type)
        given = [each for each in own if self._names(each, needed.field, record)]
        written = assigned(given, record.type, self._context, record, record.pipeline) if given else {}
        about = (What.REQUIREMENT, place, needed.field, needed.field)
        if is_empty(written.get(needed.field)):
            if not any((each.what, each.name) == (What.REQUIREMENT, needed.field) for each in effects):
                effects.append(Effect(record.id, Fate.LACKS, *about))
            return record
        after = record.having(written)
        effects.append(Effect(record.id, Fate.MIGRATES, *about, "", self._shown(needed.field, after)))
        return after

    def _shown(self, name: str, record: Record) -> str:
        field = self._context.configuration.fields_of(record.type, record.pipeline)[name]
        return field.show(field.read(record.values), self._context.conventions)

    def _names(self, given: Assignment, name: str, record: Record) -> bool:
        try:
            return self._context.configuration.field(record.type, given.field, record.pipeline).name == name
        except BadValue:
            return False
