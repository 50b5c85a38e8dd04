"""The funnel: how many records, and how much, at which stage.

`snapshot` counts records by the stage they are on. `visited` counts a record in every stage it ever
entered, `entries` every time it entered. `reached` counts a record that is not lost in every open stage
up to the furthest it entered, and in the won stages it entered; one that ever entered a won stage
counts in all open stages, one lost now only where it really was. `strict` counts a stage only where
every earlier one was entered before it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import pairwise

from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.table import Block, Cell, Column, Kind, Row
from crmctl.reports.journey import Journey, grouped, share, summed
from crmctl.text import plural


class Mode(StrEnum):
    """Which of the funnel's definitions is meant."""

    SNAPSHOT = "snapshot"
    VISITED = "visited"
    REACHED = "reached"
    STRICT = "strict"
    ENTRIES = "entries"


ARCHIVED = " (archived)"
"""Marks a stage that the configuration no longer has."""

_STAGE_COLUMNS = (
    Column("title", "Stage"),
    Column("bar", "", Kind.BAR),
    Column("count", "Count", Kind.COUNT),
    Column("share", "Share", Kind.SHARE),
    Column("amount", "Amount", Kind.AMOUNT),
)
_STEP_COLUMNS = (
    Column("conversion", "To next", Kind.SHARE),
    Column("cumulative", "Of first", Kind.SHARE),
    Column("open", "Still open", Kind.COUNT),
)
LOST_COLUMNS = (
    Column("reason", "Reason"),
    Column("bar", "", Kind.BAR),
    Column("count", "Count", Kind.COUNT),
    Column("share", "Share", Kind.SHARE),
    Column("amount", "Amount", Kind.AMOUNT),
)


ShowReason = Callable[[Cell], str]
"""Gives a reason's title."""


def funnel(pipeline: Pipeline, journeys: Sequence[Journey], mode: Mode) -> tuple[list[Row], list[Row]]:
    """Return the rows of the open and won stages, and those of the lost records by reason.

    `journeys` are the cohort: records of this pipeline. Shares are of all of them.
    """
    stages = _stages(pipeline, journeys)
    counting = _COUNTING[mode]
    counted = {stage.id: counting(stage, pipeline, journeys) for stage in stages}
    rows = [_stage_row(stage, counted[stage.id], len(journeys)) for stage in stages]
    if mode is not Mode.SNAPSHOT:
        rows = _with_steps(rows, [counted[stage.id] for stage in stages], pipeline)
    return rows, lost_by_reason(pipeline, journeys)


def lost_by_reason(pipeline: Pipeline, journeys: Sequence[Journey]) -> list[Row]:
    """Return a row a reason, the most frequent first; records lost without one have a row of their own."""
    return [
        {
            "reason": reason,
            "count": len(group),
            "share": share(len(group), len(journeys)),
            "amount": summed(group),
        }
        for reason, group in grouped(lost(pipeline, journeys), lambda journey: journey.reason)
    ]


def lost(pipeline: Pipeline, journeys: Sequence[Journey]) -> list[Journey]:
    """Return the records that are lost now."""
    return _which(journeys, lambda journey: _present(pipeline, journey) is Outcome.LOST)


def blocks(
    pipeline: Pipeline, rows: list[Row], lost_rows: list[Row], mode: Mode, show_reason: ShowReason
) -> tuple[Block, ...]:
    """Return the two tables of a funnel: open and won stages, and lost records by reason.

    The second stands twice: with the reasons' ids for programs, with their titles for people.
    """
    columns = _STAGE_COLUMNS if mode is Mode.SNAPSHOT else _STAGE_COLUMNS + _STEP_COLUMNS
    titled: list[Row] = [{**row, "reason": show_reason(row["reason"])} for row in lost_rows]
    return (
        Block(f"{pipeline.title}, {mode.value}: open and won", columns, rows),
        Block("", LOST_COLUMNS, lost_rows, key="lost", shown=False),
        Block(f"{pipeline.title}: lost, by reason", LOST_COLUMNS, titled, key=""),
    )


def totals(journeys: Sequence[Journey]) -> Row:
    """Return the figures of all records of a report together."""
    return {"count": len(journeys), "share": 1.0 if journeys else None, "amount": summed(journeys)}


def notes(pipeline: Pipeline, journeys: Sequence[Journey], mode: Mode) -> list[str]:
    """Return what a reader should know about the figures: records that moved back, and those left out."""
    found = []
    if mode is not Mode.SNAPSHOT and (count := went_back(pipeline, journeys)):
        found.append(f"{pipeline.title}: {plural(count, 'record')} moved back")
    if gone := _which(journeys, lambda each: each.transferred):
        found.append(f"{pipeline.title}: {plural(len(gone), 'record')} transferred to other pipelines")
    if mode is Mode.VISITED and (unseen := _which(journeys, lambda each: closed_unseen(pipeline, each))):
        found.append(f"{pipeline.title}: {plural(len(unseen), 'record')} closed without a history left out")
    return found


def went_back(pipeline: Pipeline, journeys: Sequence[Journey]) -> int:
    """Return how many records entered a stage placed before one they had entered."""
    places = {stage.id: at for at, stage in enumerate(pipeline.stages)}

    def turned(journey: Journey) -> bool:
        return any(places.get(later, 0) < places.get(one, 0) for one, later in pairwise(journey.stages))

    return len(_which(journeys, turned))


def closed_unseen(pipeline: Pipeline, journey: Journey) -> bool:
    """Tell whether a record came to us closed, without its way there: where it has been is not known."""
    return len(journey.stages) == 1 and _outcome(pipeline, journey.stages[0]) is not Outcome.OPEN


def _stages(pipeline: Pipeline, journeys: Sequence[Journey]) -> list[Stage]:
    """Return open and won stages in their order, then those that only records still know."""
    known = {stage.id for stage in pipeline.stages}
    entered = (stage for journey in journeys for stage in (*journey.stages, journey.stage))
    gone = dict.fromkeys(stage for stage in entered if stage not in known)
    archived = [Stage(stage, stage + ARCHIVED) for stage in gone]
    return [*(stage for stage in pipeline.stages if stage.outcome is not Outcome.LOST), *archived]


def _stage_row(stage: Stage, counted: Sequence[Journey], total: int) -> Row:
    return {
        "stage": stage.id,
        "title": stage.title,
        "outcome": stage.outcome.value,
        "count": len(counted),
        "share": share(len(counted), total),
        "amount": summed(counted),
    }


def _with_steps(rows: list[Row], counted: list[Sequence[Journey]], pipeline: Pipeline) -> list[Row]:
    """Add to each row its conversion to the next stage, its part of the first, and how many are still open."""
    counts = [len(each) for each in counted]
    found: list[Row] = []
    known = [pipeline.stage(str(row["stage"])) is not None for row in rows]
    for at, row in enumerate(rows):
        following = counts[at + 1] if at + 1 < len(rows) and known[at + 1] else None
        still = len(_which(counted[at], lambda journey: _present(pipeline, journey) is Outcome.OPEN))
        found.append(
            {
                **row,
                "conversion": None if following is None else share(following, counts[at]),
                "cumulative": share(counts[at], counts[0]) if known[at] else None,
                "open": still,
            }
        )
    return found


def _which(journeys: Sequence[Journey], passes: Callable[[Journey], bool]) -> list[Journey]:
    """Return the journeys that pass a test of where they were and are.

    A hundred thousand records go few ways: each is judged once.
    """
    verdicts: dict[tuple[str, tuple[str, ...]], bool] = {}
    found = []
    for journey in journeys:
        way = (journey.stage, journey.stages)
        verdict = verdicts.get(way)
        if verdict is None:
            verdict = verdicts[way] = passes(journey)
        if verdict:
            found.append(journey)
    return found


def _present(pipeline: Pipeline, journey: Journey) -> Outcome | None:
    """Return what a record's stage means now; nothing for one that has gone on to another pipeline."""
    return None if journey.transferred else _outcome(pipeline, journey.stage)


def _outcome(pipeline: Pipeline, stage_id: str) -> Outcome:
    stage = pipeline.stage(stage_id)
    return stage.outcome if stage else Outcome.OPEN


Counting = Callable[[Stage, Pipeline, Sequence[Journey]], Sequence[Journey]]


def _snapshot(stage: Stage, _pipeline: Pipeline, journeys: Sequence[Journey]) -> Sequence[Journey]:
    return [journey for journey in journeys if journey.stage == stage.id]


def _visited(stage: Stage, pipeline: Pipeline, journeys: Sequence[Journey]) -> Sequence[Journey]:
    return _which(journeys, lambda each: stage.id in each.stages and not closed_unseen(pipeline, each))


def _entries(stage: Stage, _pipeline: Pipeline, journeys: Sequence[Journey]) -> Sequence[Journey]:
    return [journey for journey in journeys for _ in range(Counter(journey.stages)[stage.id])]


def _reached(stage: Stage, pipeline: Pipeline, journeys: Sequence[Journey]) -> Sequence[Journey]:
    return _which(journeys, lambda journey: _has_reached(journey, stage, pipeline))


def _has_reached(journey: Journey, stage: Stage, pipeline: Pipeline) -> bool:
    if stage.id in journey.stages:
        return True
    archived = pipeline.position(stage.id) < 0
    if archived or not stage.open or _present(pipeline, journey) is Outcome.LOST:
        return False
    entered = [each for each in (pipeline.stage(name) for name in journey.stages) if each]
    if any(each.outcome is Outcome.WON for each in entered):
        return True
    furthest = max((pipeline.position(each.id) for each in entered if each.open), default=-1)
    return pipeline.position(stage.id) <= furthest


def _strict(stage: Stage, pipeline: Pipeline, journeys: Sequence[Journey]) -> Sequence[Journey]:
    wanted = [each.id for each in pipeline.stages[: pipeline.position(stage.id)] if each.open]
    return _which(journeys, lambda journey: _in_order([*wanted, stage.id], journey.stages))


def _in_order(wanted: Sequence[str], entered: Sequence[str]) -> bool:
    steps = iter(entered)
    return all(stage in steps for stage in wanted)


_COUNTING: dict[Mode, Counting] = {
    Mode.SNAPSHOT: _snapshot,
    Mode.VISITED: _visited,
    Mode.REACHED: _reached,
    Mode.STRICT: _strict,
    Mode.ENTRIES: _entries,
}
