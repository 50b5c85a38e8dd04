"""The way of imported records: the stages that their rows say they came to, and how they ended.

A row tells moments; what a record's way was between them nobody knows, and nothing is made up for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from crmctl.errors import WrongUse
from crmctl.importer.column_map import Entered
from crmctl.importer.row import ImportRow
from crmctl.model.change import PastMove
from crmctl.model.import_profile import CLOSED_AS, ENDINGS
from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import Record, RecordType, Value
from crmctl.rules.context import Context
from crmctl.text import name_key, visible
from crmctl.workspace.stage_moments import StageMoments

_WITH_PIPELINE = re.compile(r"(.+?)\s*\((.+)\)\s*")
_TOLD = {
    "before": (
        "record came",
        "records came",
        "to stages before the moment of creation: those moments are not kept",
    ),
    "late": (
        "record came",
        "records came",
        "to other stages after the one that it is on: those moments are not kept",
    ),
    "ahead": ("record comes", "records come", "to stages in the future: those moments are not kept"),
    "start": (
        "record came",
        "records came",
        "to the first stage after it was created: it counts as there from then on",
    ),
    "open": (
        "record has",
        "records have",
        "a date of closing and an open stage: those dates are not kept",
    ),
    "undated": (
        "record is",
        "records are",
        "on a stage that no column dates: it counts as there from this import on",
    ),
}
_Step = tuple[str, str]
"""A moment, and the id of the stage that a record came to then."""


class Past(msgspec.Struct, frozen=True, gc=False):
    """When a record was created and closed, as far as its row tells, and its moves since."""

    created: str
    closed: str
    moves: tuple[PastMove, ...] = ()


def ended_at(pipeline: Pipeline, stage: Stage | None, text: str) -> Stage | None:
    """Return the stage of a record that ended as a text says: the one named, unless that is no such end.

    Raises WrongUse for another word than `won`, `lost` and `open`.
    """
    if not text:
        return stage
    outcome = ENDINGS.get(name_key(text))
    if outcome is None:
        raise WrongUse(f'"{text}" is none of: {", ".join(ENDINGS)}').at(CLOSED_AS)
    if outcome is Outcome.OPEN or (stage and stage.outcome is outcome):
        return stage
    return pipeline.won if outcome is Outcome.WON else pipeline.lost


class Pasts:
    """Reads the ways of records out of their rows, and counts what cannot have been."""

    def __init__(self, context: Context, kind: RecordType) -> None:
        self._context = context
        self._kind = kind
        self._columns: Sequence[Entered] = ()
        self._stages: dict[tuple[int, str], str] = {}
        self._counts = dict.fromkeys(_TOLD, 0)
        self._unknown: list[str] = []
        self.known: StageMoments | None = None

    def begin_file(self, columns: Sequence[Entered]) -> None:
        """Begin another file, whose columns of moments these are."""
        self._columns, self._stages = columns, {}
        pipelines = self._context.configuration.pipelines_of(self._kind)
        for each in columns:
            if not any(_stage_meant(each, pipeline) for pipeline in pipelines):
                named = f"{each.stage} ({each.pipeline})" if each.pipeline else each.stage
                self._unknown.append(
                    f'"{visible(named)}" is no stage here: when records came to it is not kept'
                )

    @property
    def notes(self) -> list[str]:
        """What to tell of moments that are not kept."""
        told = [
            f"{count:,} {_TOLD[what][0 if count == 1 else 1]} {_TOLD[what][2]}"
            for what, count in self._counts.items()
            if count
        ]
        return [*dict.fromkeys(self._unknown), *told]

    def left_open(self) -> None:
        """Count a record whose row says when it closed, and which is on an open stage."""
        self._counts["open"] += 1

    def since(self, row: ImportRow, record: Record, stage: str) -> list[_Step]:
        """Return the steps of a known record that history does not know yet, to the stage that its row names."""
        pipeline = self._context.pipeline_of(record)
        if pipeline is None or self.known is None or record.stage == stage:
            return []
        known, closed = self.known.last(record), str(row.kept.get("closed_at", ""))
        steps = [step for step in self._steps(row, pipeline) if known < step[0] <= self._context.at]
        last = max((at for at, step in enumerate(steps) if step[1] == stage), default=-1)
        if last >= 0:
            return steps[: last + 1]
        at = closed or self._context.at
        return [*(step for step in steps if step[0] <= at), (at, stage)] if steps else []

    def of(self, row: ImportRow, record: Record, before: str) -> Past:
        """Return the way of a new record; `before` is the open stage that it was on when it ended, if that is known."""
        created, closed = (str(row.kept.get(name, "")) for name in ("created_at", "closed_at"))
        pipeline = self._context.pipeline_of(record)
        present = pipeline.stage(record.stage) if pipeline else None
        if pipeline is None or present is None:
            return Past(created, closed)
        steps = self._up_to_now(self._steps(row, pipeline))
        if not steps and not before:
            return self._plain(record, pipeline, created, closed)
        closed = "" if present.open else closed
        steps, closed = self._up_to_present(steps, present, closed)
        if before and len(steps) > 1 and steps[-2][1] != before:
            # When it came there is not told, but it was there when it ended.
            steps.insert(-1, (steps[-1][0], before))
        created = created or steps[0][0]
        start, steps = self._from_creation(steps, created, pipeline, before)
        return Past(created, closed, _moves(record, start, steps, closed, pipeline))

    def _plain(self, record: Record, pipeline: Pipeline, created: str, closed: str) -> Past:
        """Return the way of a record of which only the ends are known: from the first stage to where it is."""
        if not created or not closed or pipeline.outcome_of(record.stage) is Outcome.OPEN:
            return Past(created, closed)
        steps = [(closed, record.stage)]
        return Past(created, closed, _moves(record, pipeline.first.id, steps, closed, pipeline))

    def _steps(self, row: ImportRow, pipeline: Pipeline) -> list[_Step]:
        """Return the stages of its pipeline that a row dates, in order of time."""
        found = [(moment, stage) for moment, at in row.entered if (stage := self._stage(at, pipeline))]
        return sorted(found, key=lambda step: (step[0], pipeline.position(step[1])))

    def _stage(self, at: int, pipeline: Pipeline) -> str:
        key = (at, pipeline.id)
        if key not in self._stages:
            self._stages[key] = _stage_meant(self._columns[at], pipeline)
        return self._stages[key]

    def _up_to_now(self, steps: list[_Step]) -> list[_Step]:
        kept = [step for step in steps if step[0] <= self._context.at]
        self._counts["ahead"] += len(kept) < len(steps)
        return kept

    def _up_to_present(self, steps: list[_Step], present: Stage, closed: str) -> tuple[list[_Step], str]:
        """Return the steps that lead to the stage a record is on, and when it closed."""
        last = max((at for at, step in enumerate(steps) if step[1] == present.id), default=-1)
        if last >= 0:
            kept = steps[: last + 1]
            self._counts["late"] += len(kept) < len(steps)
            return kept, "" if present.open else kept[-1][0]
        if not closed:
            self._counts["undated"] += 1
            return [*steps, (self._context.at, present.id)], ""
        kept = [step for step in steps if step[0] <= closed]
        self._counts["late"] += len(kept) < len(steps)
        return [*kept, (closed, present.id)], closed

    def _from_creation(
        self, steps: list[_Step], created: str, pipeline: Pipeline, before: str
    ) -> tuple[str, list[_Step]]:
        """Return the stage that a record was created on, and its steps from there."""
        there = [step for step in steps if step[0] <= created]
        rest = steps[len(there) :]
        self._counts["before"] += any(at < created for at, _ in there)
        if there and rest:
            return there[-1][1], rest
        if there:
            # It came to where it is before, or when, it was created: that much stays of its way.
            start = there[-2][1] if len(there) > 1 else before
            return (start, [there[-1]]) if start and there[-1][0] == created else (there[-1][1], [])
        first = pipeline.first.id
        if rest[0][1] == first:
            self._counts["start"] += rest[0][0][:10] != created[:10]
            return first, rest[1:]
        return (before if len(rest) == 1 and before else first), rest


def moves_between(start: str, steps: Sequence[_Step]) -> tuple[PastMove, ...]:
    """Return the moves from a stage through others, each at its moment."""
    moves: list[PastMove] = []
    for at, stage in steps:
        if stage != start:
            moves.append(PastMove(at, {"stage": (start, stage)}))
        start = stage
    return tuple(moves)


def _moves(
    record: Record, start: str, steps: Sequence[_Step], closed: str, pipeline: Pipeline
) -> tuple[PastMove, ...]:
    """Return the moves from stage to stage; the last one may close the record."""
    moves: list[PastMove] = []
    here = start
    for at, stage in steps:
        if stage == here:
            continue
        changes: dict[str, tuple[Value | None, Value | None]] = {"stage": (here, stage)}
        if stage == record.stage and (at, stage) == steps[-1] and closed:
            changes["closed_at"] = (None, closed)
            if record.get(pipeline.reason_field) is not None:
                changes[pipeline.reason_field] = (None, record.get(pipeline.reason_field))
        moves.append(PastMove(at, changes))
        here = stage
    return tuple(moves)


def _stage_meant(column: Entered, pipeline: Pipeline) -> str:
    """Return the stage of a pipeline that a column is of; empty for one of another."""
    names = (pipeline.id, pipeline.title, *pipeline.aliases)
    here = not column.pipeline or name_key(column.pipeline) in map(name_key, names)
    if here and (stage := pipeline.choices.get(column.stage)):
        return stage.id
    split = None if column.pipeline else _WITH_PIPELINE.fullmatch(column.stage)
    return _stage_meant(Entered(column.at, split[1], split[2]), pipeline) if split else ""
