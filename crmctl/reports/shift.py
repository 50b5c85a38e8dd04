"""What became of a record between two moments: as it was, as it is, and which changes that comes to."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

import msgspec

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.reports.division import Division
from crmctl.reports.journey import Journey
from crmctl.reports.sums import Sums, minus, sums_of


class Change(StrEnum):
    """The kinds of change, in the order in which they are told."""

    NEW = "new"
    ADVANCED = "advanced"
    BACK = "back"
    MOVED = "moved"
    WON = "won"
    LOST = "lost"
    REOPENED = "reopened"
    SLIPPED = "slipped"
    SOONER = "sooner"
    AMOUNT = "amount"
    TRANSFERRED = "transferred"
    DELETED = "deleted"
    MERGED = "merged"
    RESTORED = "restored"


class Event(msgspec.Struct, frozen=True):
    """Something that happened to a record: the fields it changed, none where the record came or went by it."""

    at: str
    by: str
    names: frozenset[str] = frozenset()


class Shift(msgspec.Struct, frozen=True):
    """A record at two moments, nothing where it was not there; `events` are those between, in their order.

    `once` is the record as it was when it had gone before the first moment, `into` the record that it went into. Its
    `close_date` is among the values of a journey; `counted` is the journey, and `less` the one before or `once`, with
    the amounts that are added up.
    """

    id: str
    title: str
    before: Journey | None
    after: Journey | None
    counted: Journey
    less: Journey | None = None
    events: Sequence[Event] = ()
    once: Journey | None = None
    into: str = ""


class Shifts(msgspec.Struct, frozen=True):
    """The records of one pipeline to which anything happened; `by` is what they are grouped by, if they are."""

    pipeline: Pipeline
    shifts: Sequence[Shift]
    by: Division | None = None


class Move(msgspec.Struct, frozen=True):
    """One change of a record, net between the two moments; `event` is the last that made it."""

    change: Change
    shift: Shift
    start: str | None
    end: str | None
    event: Event

    def amounts(self) -> Sums:
        """Return the amounts that it counts with: what the record is worth, or what its amount changed by."""
        worth, less = sums_of([self.shift.counted]), self.shift.less
        if less and self.change is Change.RESTORED:
            # What it was changed by since is told beside.
            return sums_of([less])
        return minus(worth, sums_of([less])) if less and self.change is Change.AMOUNT else worth


Pipelines = Mapping[str, Pipeline]


def moves(shift: Shift, pipelines: Pipelines) -> Iterator[Move]:
    """Yield every change of a record, one a kind; nothing where it is as it was."""
    before, after = shift.before, shift.after
    if before and after:
        yield from _on_the_way(shift, before, after, pipelines)
        yield from _of_values(shift, before, after)
    elif after:
        yield from _come(shift, after, pipelines)
    elif before and shift.into:
        yield _move(Change.MERGED, shift, before.stage, shift.into)
    elif before:
        yield _move(Change.DELETED, shift, before.stage, None)


_PLACE = ("stage", "pipeline")


def _come(shift: Shift, after: Journey, pipelines: Pipelines) -> Iterator[Move]:
    """Yield what became of a record that was not there: of a restored one since it went."""
    if shift.once:
        yield _move(Change.RESTORED, shift, None, after.stage)
        yield from _on_the_way(shift, shift.once, after, pipelines)
        yield from _of_values(shift, shift.once, after)
        return
    yield _move(Change.NEW, shift, None, after.stage)
    outcome = _outcome(after, pipelines)
    if outcome is not Outcome.OPEN:
        yield _move(Change(outcome.value), shift, None, after.stage, _PLACE)


def _on_the_way(shift: Shift, before: Journey, after: Journey, pipelines: Pipelines) -> Iterator[Move]:
    if before.pipeline != after.pipeline:
        yield _move(Change.TRANSFERRED, shift, before.pipeline, after.pipeline, ("pipeline",))
    was, outcome = (_outcome(each, pipelines) for each in (before, after))
    if was is not outcome:
        change = Change.REOPENED if outcome is Outcome.OPEN else Change(outcome.value)
        yield _move(change, shift, before.stage, after.stage, _PLACE)
    elif before.pipeline == after.pipeline and before.stage != after.stage:
        way = _way(pipelines.get(after.pipeline), before.stage, after.stage)
        if way:
            yield _move(way, shift, before.stage, after.stage, _PLACE)


def _way(pipeline: Pipeline | None, start: str, end: str) -> Change | None:
    """Return whether the way went on or back, nothing between two names of one stage."""
    first, last = (_place(pipeline, stage) for stage in (start, end))
    if first is None or last is None:
        return Change.MOVED
    if first == last:
        return None
    return Change.ADVANCED if first < last else Change.BACK


def _place(pipeline: Pipeline | None, stage_id: str) -> int | None:
    """Return the place of a stage or of what it became; one that is gone has none."""
    stages = pipeline.stages if pipeline else ()
    named = (at for at, stage in enumerate(stages) if stage.id == stage_id)
    became = (at for at, stage in enumerate(stages) if stage_id in stage.moved_from)
    return next(named, next(became, None))


def _outcome(journey: Journey, pipelines: Pipelines) -> Outcome:
    pipeline = pipelines.get(journey.pipeline)
    return pipeline.outcome_of(journey.stage) if pipeline else Outcome.OPEN


def _of_values(shift: Shift, before: Journey, after: Journey) -> Iterator[Move]:
    was, day = (each.values.get("close_date") for each in (before, after))
    # A closed record is expected no more.
    if was and day and was != day and after.closed is None:
        change = Change.SLIPPED if str(day) > str(was) else Change.SOONER
        yield _move(change, shift, str(was), str(day), ("close_date",))
    worth, now_worth = _worth(before), _worth(after)
    if worth != now_worth:
        yield _move(Change.AMOUNT, shift, worth, now_worth, ("amount", "currency"))


def _worth(journey: Journey) -> str | None:
    return None if journey.amount is None else f"{journey.amount} {journey.currency or ''}".rstrip()


def _move(
    change: Change, shift: Shift, start: str | None, end: str | None, names: Sequence[str] = ()
) -> Move:
    """Return a change with the last event that changed one of some fields; without any, that brought or took it."""
    events = list(shift.events)
    if change is not Change.NEW:
        # A record is new by its first event, all else is by the last that fits.
        events.reverse()
    if names:
        fitting = (event for event in events if event.names.intersection(names))
    else:
        fitting = (event for event in events if not event.names)
    return Move(change, shift, start, end, next(fitting, events[0]))
