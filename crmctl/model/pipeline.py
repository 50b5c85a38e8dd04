"""Pipelines: ordered stages, what each requires, and which moves are allowed."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Protocol, TypeVar

import msgspec

from crmctl.model.choices import Choice, Choices, archived_title
from crmctl.model.field import Field
from crmctl.model.records import RecordType


class Outcome(StrEnum):
    """What a stage means for the record on it."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Requirement(msgspec.Struct, frozen=True):
    """A field that must be filled, always or when an expression holds; `place` is `path:line`."""

    field: str
    when: str = ""
    place: str = ""


class Permission(msgspec.Struct, frozen=True):
    """What a role may do with records: those on these stages, or on any without them, that `where` holds for."""

    role: str
    actions: tuple[str, ...]
    stages: tuple[str, ...] = ()
    where: str = ""
    place: str = ""

    @property
    def everywhere(self) -> bool:
        """Whether it is about all records of the pipeline."""
        return not self.stages and not self.where


class Action(msgspec.Struct, frozen=True):
    """What entering or leaving a stage sets off: `kind` with its arguments as they stand in YAML."""

    kind: str
    arguments: dict[str, object]


class Stage(msgspec.Struct, frozen=True):
    """A step of a pipeline. Its identity is the id: title and aliases may change freely."""

    id: str
    title: str
    outcome: Outcome = Outcome.OPEN
    aliases: tuple[str, ...] = ()
    probability: int | None = None
    max_age: timedelta | None = None
    require: tuple[Requirement, ...] = ()
    require_to_leave: tuple[Requirement, ...] = ()
    on_enter: tuple[Action, ...] = ()
    on_leave: tuple[Action, ...] = ()
    next: tuple[str, ...] | None = None
    moved_from: tuple[str, ...] = ()
    place: str = ""

    @property
    def open(self) -> bool:
        """Whether records on it are still being worked."""
        return self.outcome is Outcome.OPEN


class _Step(Protocol):
    """A stage, or what is kept of a former one."""

    @property
    def outcome(self) -> Outcome: ...


_AnyStage = TypeVar("_AnyStage", bound=_Step)


def asking_among(stages: Sequence[_AnyStage], stage: _AnyStage) -> tuple[_AnyStage, ...]:
    """Return those of a pipeline's stages whose requirements a record on one of them must meet.

    A lost stage asks alone; before any other the open ones placed earlier ask, too.
    """
    earlier = () if stage.outcome is Outcome.LOST else stages[: stages.index(stage)]
    return (*(each for each in earlier if each.outcome is Outcome.OPEN), stage)


class Pipeline(msgspec.Struct, frozen=True, dict=True):
    """Stages in their order; `skip` and `back` tell which moves are allowed in general.

    `access` limits the roles that it names, and no others.
    """

    id: str
    title: str
    record: RecordType
    stages: tuple[Stage, ...]
    reasons: str = ""
    skip: bool = True
    back: bool = True
    fields: tuple[Field, ...] = ()
    place: str = ""
    aliases: tuple[str, ...] = ()
    access: tuple[Permission, ...] = ()

    @cached_property
    def choices(self) -> Choices:
        """The stages as people name them."""
        items = tuple(Choice(stage.id, stage.title, stage.aliases) for stage in self.stages)
        return Choices("stage", items, f'pipeline "{self.id}"')

    @cached_property
    def _by_id(self) -> dict[str, Stage]:
        return {stage.id: stage for stage in self.stages}

    def stage(self, stage_id: str) -> Stage | None:
        """Return the stage of an id, or nothing for one that is no longer there."""
        return self._by_id.get(stage_id)

    def stage_or_archived(self, stage_id: str) -> Stage:
        """Return the stage of an id; one that is no longer there with a title that says so."""
        return self.stage(stage_id) or Stage(stage_id, archived_title(stage_id), self.outcome_of(stage_id))

    def outcome_of(self, stage_id: str) -> Outcome:
        """Return what being on a stage comes to; on one that is gone, what it became, or else that it is open."""
        return self.outcomes.get(stage_id, Outcome.OPEN)

    @cached_property
    def outcomes(self) -> dict[str, Outcome]:
        """What being on a stage comes to, by the ids that stages have and had."""
        former = {name: stage.outcome for stage in self.stages for name in stage.moved_from}
        return former | {stage.id: stage.outcome for stage in self.stages}

    def position(self, stage_id: str) -> int:
        """Return a stage's place, 0 for the first; -1 for one that is no longer there."""
        return next((at for at, stage in enumerate(self.stages) if stage.id == stage_id), -1)

    def asking(self, stage: Stage) -> tuple[Stage, ...]:
        """Return the stages whose requirements a record on a stage must meet, as `asking_among` has them."""
        if stage.id not in self._asking:
            self._asking[stage.id] = asking_among(self.stages, stage)
        return self._asking[stage.id]

    @cached_property
    def _asking(self) -> dict[str, tuple[Stage, ...]]:
        return {}

    @property
    def first(self) -> Stage:
        """The first open stage, where new records start."""
        return next(stage for stage in self.stages if stage.open)

    @property
    def won(self) -> Stage:
        """The first won stage."""
        return next(stage for stage in self.stages if stage.outcome is Outcome.WON)

    @property
    def lost(self) -> Stage:
        """The first lost stage."""
        return next(stage for stage in self.stages if stage.outcome is Outcome.LOST)

    @property
    def reason_field(self) -> str:
        """The field that tells why a record was lost."""
        return "reject_reason" if self.record is RecordType.LEAD else "lost_reason"
