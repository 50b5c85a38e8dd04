"""What differs between two footprints, for records that were stored under the first."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from enum import StrEnum

import msgspec

from crmctl.model.footprint import FieldPrint, Footprint, Need, PipelinePrint, StagePrint


class What(StrEnum):
    """What a difference, or its effect on a record, is about."""

    PIPELINE = "pipeline"
    STAGE = "stage"
    OUTCOME = "outcome"
    REQUIREMENT = "requirement"
    LEAVING = "requirement_to_leave"
    FIELD = "field"
    TYPE = "type"
    LIST = "list"
    VALUE = "value"


class How(StrEnum):
    """How something changed."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MERGED = "merged"
    REORDERED = "reordered"
    TITLED = "titled"
    CHANGED = "changed"


class Difference(msgspec.Struct, frozen=True):
    """One thing that changed.

    `place` is whose it is: a pipeline, `pipeline/stage` of a requirement, a record type, a value list; `old`
    and `new` are what it was and is, as far as that is to be told.
    """

    what: What
    place: str
    name: str
    change: How
    old: str = ""
    new: str = ""

    @property
    def touches_records(self) -> bool:
        """Whether stored records may have to change, or may lack something."""
        if self.what in (What.REQUIREMENT, What.LIST):
            return self.change is How.ADDED
        return self.what is not What.LEAVING and self.change not in (How.ADDED, How.TITLED)


def differences(old: Footprint, new: Footprint) -> list[Difference]:
    """Return what changed, pipeline by pipeline, then fields, requirements and lists."""
    found: list[Difference] = []
    for name in _both(old.pipelines, new.pipelines):
        found += _of_pipeline(name, old.pipelines.get(name), new.pipelines.get(name))
    for kind in _both(old.fields, new.fields):
        found += _of_fields(kind, old.fields.get(kind, {}), new.fields.get(kind, {}))
    for kind in _both(old.require, new.require):
        found += _of_needs(What.REQUIREMENT, kind, old.require.get(kind, ()), new.require.get(kind, ()))
    for name in _both(old.lists, new.lists):
        found += _of_list(name, old.lists.get(name), new.lists.get(name))
    return found


def _both(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    return list(dict.fromkeys([*old, *new]))


def _of_pipeline(name: str, old: PipelinePrint | None, new: PipelinePrint | None) -> Iterator[Difference]:
    if new is None or (old and old.record is not new.record):
        yield Difference(What.PIPELINE, name, name, How.REMOVED, old.title if old else "")
        old = None
    if new is None:
        return
    if old is None:
        yield Difference(What.PIPELINE, name, name, How.ADDED, "", new.title)
        return
    if old.title != new.title:
        yield Difference(What.PIPELINE, name, name, How.TITLED, old.title, new.title)
    yield from _of_stages(name, old, new)
    yield from _of_fields(name, old.fields, new.fields)


def _of_stages(name: str, old: PipelinePrint, new: PipelinePrint) -> Iterator[Difference]:
    renamed = _renamed(old, new)
    for stage in old.stages:
        target = new.stage(stage.id)
        if target is not None:
            yield from _of_stage(name, stage, target)
        elif stage.id in renamed:
            yield Difference(What.STAGE, name, stage.id, *renamed[stage.id])
        else:
            yield Difference(What.STAGE, name, stage.id, How.REMOVED, stage.title)
    former = {into: stage_id for stage_id, (change, _, into) in renamed.items() if change is How.RENAMED}
    for stage in new.stages:
        before = old.stage(former.get(stage.id, stage.id))
        if before is None:
            yield Difference(What.STAGE, name, stage.id, How.ADDED, "", stage.title)
        yield from _of_gate(f"{name}/{stage.id}", before, stage)
    yield from _of_order(name, old, new, former)


def _renamed(old: PipelinePrint, new: PipelinePrint) -> dict[str, tuple[How, str, str]]:
    """Return change, title and new id of the stages that went into another; the first into a new one renames it."""
    found: dict[str, tuple[How, str, str]] = {}
    for stage in new.stages:
        fresh = old.stage(stage.id) is None
        for former in stage.moved_from:
            before = old.stage(former)
            if before and new.stage(former) is None:
                found[former] = (How.RENAMED if fresh else How.MERGED, before.title, stage.id)
                fresh = False
    return found


def _of_stage(name: str, old: StagePrint, new: StagePrint) -> Iterator[Difference]:
    if old.outcome is not new.outcome:
        yield Difference(What.OUTCOME, name, old.id, How.CHANGED, old.outcome.value, new.outcome.value)
    if old.title != new.title:
        yield Difference(What.STAGE, name, old.id, How.TITLED, old.title, new.title)


def _of_gate(place: str, old: StagePrint | None, new: StagePrint) -> Iterator[Difference]:
    yield from _of_needs(What.REQUIREMENT, place, old.require if old else (), new.require)
    yield from _of_needs(What.LEAVING, place, old.require_to_leave if old else (), new.require_to_leave)


def _of_order(
    name: str, old: PipelinePrint, new: PipelinePrint, former: Mapping[str, str]
) -> Iterator[Difference]:
    """Yield the stages that stand elsewhere among those that stayed."""
    into = {stage_id: new_id for new_id, stage_id in former.items()}
    before = [into.get(each.id, each.id) for each in old.stages]
    after = [each.id for each in new.stages if each.id in before]
    before = [each for each in before if each in after]
    if before != after:
        same = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        stayed = {before[at] for block in same for at in range(block.a, block.a + block.size)}
        moved = ", ".join(each for each in after if each not in stayed)
        yield Difference(What.STAGE, name, moved, How.REORDERED, ", ".join(before), ", ".join(after))


def _of_needs(what: What, place: str, old: Sequence[Need], new: Sequence[Need]) -> Iterator[Difference]:
    for field, when in new:
        if (field, when) not in old:
            yield Difference(what, place, field, How.ADDED, "", f"when {when}" if when else "")
    for field, when in old:
        if (field, when) not in new:
            yield Difference(what, place, field, How.REMOVED, f"when {when}" if when else "")


def _of_fields(
    place: str, old: Mapping[str, FieldPrint], new: Mapping[str, FieldPrint]
) -> Iterator[Difference]:
    for name in _both(old, new):
        before, after = old.get(name), new.get(name)
        if after is None:
            yield Difference(What.FIELD, place, name, How.REMOVED, before.told if before else "")
        elif before is None:
            yield Difference(What.FIELD, place, name, How.ADDED, "", after.told)
        elif before != after:
            yield Difference(What.TYPE, place, name, How.CHANGED, before.told, after.told)


def _of_list(name: str, old: Sequence[str] | None, new: Sequence[str] | None) -> Iterator[Difference]:
    if old is None or new is None:
        yield Difference(What.LIST, name, name, How.ADDED if old is None else How.REMOVED)
        return
    yield from (Difference(What.VALUE, name, value, How.REMOVED) for value in old if value not in new)
    yield from (Difference(What.VALUE, name, value, How.ADDED) for value in new if value not in old)
