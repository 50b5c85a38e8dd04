"""Funnels side by side: one for each value of a field, such as the source or the owner."""

from collections.abc import Callable, Sequence

import msgspec

from crmctl.model.pipeline import Pipeline
from crmctl.model.table import Block, Cell, Column, Kind, Row
from crmctl.reports.funnel import Mode, ShowReason, blocks, funnel, lost
from crmctl.reports.journey import Journey, grouped


class Division(msgspec.Struct, frozen=True):
    """What records are divided by: the name of a field, and what gives the text of a value or of none.

    `told` gives a value as programs are told it.
    """

    name: str
    show: Callable[[str | None], str]
    told: Callable[[str | None], str | None] = lambda value: value


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
        told = by.told(value)
        rows += [{_key(by.name, staged): told, **row} for row in staged]
        lost_rows += [{_key(by.name, staged): told, **row} for row in reasons]
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


def _key(name: str, rows: Sequence[Row]) -> str:
    """Return the key of what rows are divided by, another than those they have."""
    return f"by_{name}" if any(name in row for row in rows) else name
