"""`--ids`: the records behind the figures of a standard report."""

from collections.abc import Sequence
from itertools import takewhile

from crmctl.model.table import Column, Kind, Passage, Row
from crmctl.reports.definition import Definition
from crmctl.reports.made import Line, Made, Section

BEHIND = "The records behind the figures"


def ids_of(line: Line) -> Row:
    """Return the ids behind a row, all together and, where it has several figures, those of each.

    A row that is a record has none behind it.
    """
    if not line.behind:
        return {}
    every = list(dict.fromkeys(name for ids in line.behind.values() for name in ids))
    return {"ids": every, **{f"{name}_ids": list(ids) for name, ids in line.behind.items() if name}}


def records_behind(made: Made, definition: Definition) -> list[Passage]:
    """Return for people the ids behind each figure, under what it is called."""
    lines = [
        (called, " ".join(ids))
        for section in made.sections
        for line in section.lines
        for name, ids in line.behind.items()
        if ids and (called := _called(line, name, section, definition)) not in ids
    ]
    return [Passage(BEHIND, tuple(lines))] if lines else []


def _called(line: Line, figure: str, section: Section, definition: Definition) -> str:
    """Return what a figure is called among others: its pipeline, its group, its row and its column."""
    columns = section.columns or definition.columns
    named = [section.by] if section.by else []
    named += _naming(columns)
    values = {**line.row, **line.shown}
    parts = [section.pipeline.title] if section.pipeline and not named else []
    parts += [str(values.get(column.name) or "") for column in named]
    parts += [column.title for column in columns if column.name == figure]
    return ", ".join(part for part in parts if part)


def _naming(columns: Sequence[Column]) -> Sequence[Column]:
    """Return the columns that name a row: those of text that it begins with, or its id alone."""
    if columns and columns[0].name == "id":
        return columns[:1]
    return list(takewhile(lambda column: column.kind is Kind.TEXT, columns))
