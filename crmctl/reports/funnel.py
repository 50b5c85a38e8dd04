"""The funnel: how many records, and how much, at which stage; and why the others were lost."""

from collections.abc import Callable, Sequence

import msgspec

from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType
from crmctl.model.table import Block, Cell, Column, Kind, Row
from crmctl.reports.cohort import Event
from crmctl.reports.counting import (
    COUNTED_BY_ENTRY,
    Mode,
    closed_unseen,
    counted,
    lost,
    stages_of,
    still_open,
    transferred,
    went_back,
)
from crmctl.reports.definition import Definition, Option
from crmctl.reports.journey import Journey, grouped, share, size
from crmctl.reports.sums import summed
from crmctl.text import plural

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
REPORT = Definition(
    name="funnel",
    question="How many, how much, at which stage?",
    columns=_STAGE_COLUMNS + _STEP_COLUMNS,
    meanings={},  # each mode has its own
    kinds=(RecordType.LEAD, RecordType.DEAL),
    event=Event.CREATED,
    options=(
        Option(
            "mode",
            "How records are counted.",
            choices=tuple(mode.value for mode in Mode),
            default=Mode.SNAPSHOT.value,
        ),
    ),
    chart="count",
)
TITLES = {column.name: column.title for column in REPORT.columns}
"""How people know the columns, by their key."""
_LOST_COLUMNS = (Column("reason", "Reason"), *_STAGE_COLUMNS[1:])
_MOVED_BACK = {
    Mode.VISITED: "counted once in each stage",
    Mode.REACHED: "counted up to the furthest stage",
    Mode.STRICT: "counted by the first time through",
    Mode.ENTRIES: "counted at each entry",
}


class Look(msgspec.Struct, frozen=True):
    """How a funnel is to be shown: in which mode, under which heading, with which titles of reasons.

    `show_reason` gives a reason's title; `ids` adds to each row those of the records behind it.
    """

    mode: Mode
    heading: str
    show_reason: Callable[[Cell], str]
    ids: bool = False


def funnel(
    pipeline: Pipeline, journeys: Sequence[Journey], mode: Mode, *, ids: bool = False
) -> tuple[list[Row], list[Row]]:
    """Return the rows of the open and won stages, and those of the lost records by reason.

    `journeys` are the cohort: records of this pipeline. Shares are of all of them. Where `ids` are wanted,
    each row has those of the records behind it, each once.
    """
    stages = _stages(pipeline, journeys, mode)
    groups = counted(mode, stages, pipeline, journeys)
    rows: list[Row] = [
        {"stage": stage.id, "title": stage.title, "outcome": stage.outcome.value, **_figures(group, journeys)}
        for stage, group in zip(stages, groups, strict=True)
    ]
    if mode is not Mode.SNAPSHOT:
        rows = _with_steps(rows, groups, pipeline)
    reasons = grouped(lost(pipeline, journeys), lambda journey: journey.reason)
    lost_rows: list[Row] = [{"reason": reason, **_figures(group, journeys)} for reason, group in reasons]
    if ids:
        return _with_ids(rows, groups), _with_ids(lost_rows, [group for _, group in reasons])
    return rows, lost_rows


def blocks(pipeline: Pipeline, rows: list[Row], lost_rows: list[Row], look: Look) -> list[Block]:
    """Return the two tables of a funnel: open and won stages, and lost records by reason.

    Of the second programs are told the reasons' ids, people their titles.
    """
    columns = _STAGE_COLUMNS if look.mode is Mode.SNAPSHOT else _STAGE_COLUMNS + _STEP_COLUMNS
    titled: list[Row] = [{**row, "reason": look.show_reason(row["reason"])} for row in lost_rows]
    by_reason = f"{pipeline.title}: lost, by reason"
    return [
        Block(f"{look.heading}: open and won", columns, rows, chart="count", about=pipeline.title),
        Block(
            by_reason, _LOST_COLUMNS, lost_rows, key="lost", chart="count", about=pipeline.title, told=titled
        ),
    ]


def heading_of(pipeline: Pipeline, journeys: Sequence[Journey], mode: Mode, cohort: str) -> str:
    """Return what stands above a funnel: its pipeline, mode and cohort, and how many moved back."""
    back = 0 if mode is Mode.SNAPSHOT else went_back(pipeline, journeys)
    parts = [pipeline.title, mode.value, cohort, f"{back:,} moved back" if back else ""]
    return ", ".join(part for part in parts if part)


def totals(parts: Sequence[tuple[Pipeline, Sequence[Journey]]], mode: Mode) -> Row:
    """Return the figures of all records of a report together, under the keys of its rows."""
    everything = parts[0][1] if len(parts) == 1 else _each_once(parts)
    found: Row = {
        **dict.fromkeys(("stage", "title", "outcome")),
        "count": size(everything),
        "share": 1.0 if everything else None,
        "amount": summed(everything),
    }
    if mode is Mode.SNAPSHOT:
        return found
    still = sum(size(still_open(pipeline, journeys)) for pipeline, journeys in parts)
    return {**found, "conversion": None, "cumulative": None, "open": still}


def notes(pipeline: Pipeline, journeys: Sequence[Journey], mode: Mode) -> list[str]:
    """Return what a reader should know about the figures: records that moved back, and those left out."""
    found = []
    if mode is not Mode.SNAPSHOT and (back := went_back(pipeline, journeys)):
        found.append(f"{pipeline.title}: {plural(back, 'record')} moved back, {_MOVED_BACK[mode]}")
    if gone := transferred(journeys):
        found.append(f"{pipeline.title}: {plural(size(gone), 'record')} transferred to other pipelines")
    if mode in COUNTED_BY_ENTRY and (unseen := closed_unseen(journeys)):
        found.append(f"{pipeline.title}: {plural(size(unseen), 'record')} closed without a history left out")
    return found


def _stages(pipeline: Pipeline, journeys: Sequence[Journey], mode: Mode) -> list[Stage]:
    """Return open and won stages in their order, then those that only records still know."""
    known = {stage.id for stage in pipeline.stages}
    gone = sorted(stages_of(mode, journeys) - known)
    archived = [pipeline.stage_or_archived(stage) for stage in gone]
    return [stage for stage in (*pipeline.stages, *archived) if stage.outcome is not Outcome.LOST]


def _each_once(parts: Sequence[tuple[Pipeline, Sequence[Journey]]]) -> list[Journey]:
    """Return all records; one that went from one pipeline of a report to another is one record, where it is now."""
    everything = [journey for _, journeys in parts for journey in journeys]
    here = [journey for journey in everything if not journey.transferred]
    gone = {journey.id: journey for journey in everything if journey.transferred}
    for journey in here:
        gone.pop(journey.id, None)
    return [*here, *gone.values()]


def _figures(group: Sequence[Journey], cohort: Sequence[Journey]) -> Row:
    return {"count": size(group), "share": share(size(group), size(cohort)), "amount": summed(group)}


def _with_ids(rows: Sequence[Row], groups: Sequence[Sequence[Journey]]) -> list[Row]:
    return [
        {**row, "ids": list(dict.fromkeys(journey.id for journey in group))}
        for row, group in zip(rows, groups, strict=True)
    ]


def _with_steps(rows: list[Row], counts: list[Sequence[Journey]], pipeline: Pipeline) -> list[Row]:
    """Add to each row its conversion to the next stage, its part of the first, and how many are still open."""
    sizes = [size(group) for group in counts]
    known = [pipeline.stage(str(row["stage"])) is not None for row in rows]
    found: list[Row] = []
    for at, row in enumerate(rows):
        following = sizes[at + 1] if at + 1 < len(rows) and known[at + 1] else None
        found.append(
            {
                **row,
                "conversion": None if following is None else share(following, sizes[at]),
                "cumulative": share(sizes[at], sizes[0]) if known[at] else None,
                "open": size(still_open(pipeline, counts[at])),
            }
        )
    return found
