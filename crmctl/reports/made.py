"""What a report makes of its facts: rows, each with the records behind its figures."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from crmctl.model.pipeline import Pipeline
from crmctl.model.table import Cell, Column, Row
from crmctl.reports.division import Division
from crmctl.reports.facts import Population
from crmctl.reports.journey import Journey, grouped
from crmctl.reports.why import Why

Ids = Sequence[str]


ALL = "All"
"""What the row of the totals is called."""


class Line(msgspec.Struct, frozen=True):
    """A row with the ids behind its figures, by the name of the column; a single figure needs no name: `""`.

    `shown` are values that people read where programs get others, such as a stage's title for its id.
    """

    row: Row
    behind: Mapping[str, Ids] = {}
    shown: Mapping[str, Cell] = {}


class Section(msgspec.Struct, frozen=True):
    """One table: its lines, of one pipeline or (none) of all; grouped ones name their group in a column `by`.

    `columns` are other than the definition's where the question asked decides what they are. `key` is where the
    rows stand in JSON, empty for a table made for people alone; one that is not `shown` is for programs alone.
    """

    lines: Sequence[Line]
    pipeline: Pipeline | None = None
    by: Column | None = None
    heading: str = ""
    columns: tuple[Column, ...] = ()
    key: str = "rows"
    total: Row | None = None
    shown: bool = True


class Made(msgspec.Struct, frozen=True):
    """A report before it is drawn. `left_out` tells how many records it did not count, by why.

    `explained` is what else `--explain` tells: how figures came about that definitions alone do not settle.
    """

    sections: Sequence[Section]
    totals: Row
    notes: Sequence[str] = ()
    left_out: Mapping[Why, int] = {}
    explained: Mapping[str, str] = {}


Figures = Callable[[Pipeline, Sequence[Journey]], Iterable[Line]]
"""What makes the lines of some records of a pipeline."""


def by_pipeline(populations: Sequence[Population], figures: Figures) -> list[Section]:
    """Return a section for each pipeline, with the lines of each group of its records where they are grouped."""
    return [_section(population, figures) for population in populations]


def _section(population: Population, figures: Figures) -> Section:
    pipeline, by = population.pipeline, population.by
    if by is None:
        return Section(list(figures(pipeline, population.journeys)), pipeline)
    lines = [
        in_group(line, by, value)
        for value, group in grouped(population.journeys, lambda journey: journey.group)
        for line in figures(pipeline, group)
    ]
    return Section(lines, pipeline, by.column)


def in_group(line: Line, by: Division, value: str | None) -> Line:
    """Return a line that names the group its records are of."""
    row = {by.key: by.told(value), **line.row}
    return Line(row, line.behind, {by.key: by.show(value), **line.shown})
