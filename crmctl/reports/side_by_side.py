"""Funnels side by side: one for each value of a field, such as the source or the owner."""

from collections.abc import Sequence

import msgspec

from crmctl.model.pipeline import Pipeline
from crmctl.model.table import Block, Cell, Column, Kind, Row
from crmctl.reports.counting import lost, still_open
from crmctl.reports.division import Division
from crmctl.reports.funnel import Look, blocks, funnel
from crmctl.reports.journey import Journey, grouped, size


def side_by_side(pipeline: Pipeline, journeys: Sequence[Journey], by: Division, look: Look) -> list[Block]:
    """Return the rows of every funnel for programs, and one table with a column for each for people."""
    rows: list[Row] = []
    lost_rows: list[Row] = []
    columns = [Column("title", "Stage")]
    stages: dict[str, dict[str, Cell]] = {}
    ends: dict[str, dict[str, Cell]] = {"Still open": {}, "Lost": {}, "All": {}}
    for at, (value, group) in enumerate(grouped(journeys, lambda journey: journey.group)):
        staged, reasons = funnel(pipeline, group, look.mode, ids=look.ids)
        rows += [{by.key: by.told(value), **row} for row in staged]
        lost_rows += [{by.key: by.told(value), **row} for row in reasons]
        columns.append(Column(f"group{at}", by.show(value), Kind.COUNT))
        for row in staged:
            stages.setdefault(str(row["stage"]), {"title": row["title"]})[f"group{at}"] = row["count"]
        ends["Still open"][f"group{at}"] = size(still_open(pipeline, group))
        ends["Lost"][f"group{at}"] = size(lost(pipeline, group))
        ends["All"][f"group{at}"] = size(group)
    found = blocks(pipeline, rows, lost_rows, look)
    for_programs = [msgspec.structs.replace(block, shown=False) for block in found]
    table: list[Row] = [*stages.values(), *({"title": title, **end} for title, end in ends.items())]
    heading = f"{look.heading}, by {by.name}"
    # An archived stage is among the rows of those groups alone that have records on it.
    none = {column.name: 0 for column in columns[1:]}
    rows_shown: list[Row] = [{"title": row["title"], **none, **row} for row in table] if journeys else []
    return [
        *for_programs,
        Block(heading, tuple(columns), rows_shown, key="", sums=len(ends) if journeys else 0),
    ]
