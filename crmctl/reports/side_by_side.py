"""Funnels side by side: one for each value of a field, such as the source or the owner."""

from collections.abc import Callable, Sequence

import msgspec

from crmctl.model.pipeline import Pipeline
from crmctl.model.table import Block, Cell, Column, Kind, Row
from crmctl.reports.funnel import Mode, ShowReason, blocks, funnel, lost
from crmctl.reports.journey import Journey, grouped


class Division(msgspec.Struct, frozen=True):
    """What records are divided by: the name of a field, and what gives the text of a value or of none."""

    name: str
    show: Callable[[str | None], str]


def side_by_side(
    pipeline: Pipeline, journeys: Sequence[Journey], mode: Mode, by: Division, show_reason: ShowReason
) -> list[Block]:
    """Return the rows of every funnel for programs, and one table with a column for each for people."""
    rows: list[Row] = []
    lost_rows: list[Row] = []
    columns = [Column("title", "Stage")]
    table: dict[str, dict[str, Cell]] = {}
    for at, (value, group) in enumerate(grouped(journeys, lambda journey: journey.group)):
        staged, reasons = funnel(pipeline, group, mode)
        rows += [{by.name: value, **row} for row in staged]
        lost_rows += [{by.name: value, **row} for row in reasons]
        columns.append(Column(f"group{at}", by.show(value), Kind.COUNT))
        ends: list[Row] = [
            {"stage": "lost", "title": "Lost", "count": len(lost(pipeline, group))},
            {"stage": "all", "title": "All", "count": len(group)},
        ]
        for row in (*staged, *ends):
            table.setdefault(str(row["stage"]), {"title": row["title"]})[f"group{at}"] = row["count"]
    found = blocks(pipeline, rows, lost_rows, mode, show_reason)
    for_programs = [msgspec.structs.replace(block, shown=False) for block in found if block.key]
    heading = f"{pipeline.title}, {mode.value} by {by.name}"
    return [*for_programs, Block(heading, tuple(columns), list(table.values()), key="")]
