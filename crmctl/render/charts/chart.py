"""What of a table is drawn: bars, each with its label, its length and the text of its figure."""

from collections.abc import Sequence

import msgspec

from crmctl.model.table import NO_VALUE, Block, Cell, Column, Kind, Report, Row
from crmctl.render.figure import digits, figure, is_figure

MOST_LABELS = 40
"""Rows that are drawn; those of longer tables are in the table alone."""
MOST_SERIES = 8
"""Columns that are drawn beside one another."""

_ALIKE = frozenset({Kind.COUNT, Kind.SHARE})
"""Figures that may be compared with one another where rows have no names; sums and lengths may be of anything."""
_COMPARED = 2
_ABOUT = Column("about", "Pipeline")
_UNITS = {Kind.SHARE: "%", Kind.DAYS: "days"}


class Series(msgspec.Struct, frozen=True):
    """The bars of one column: their lengths, none where there is no figure, and the figures as the table has them."""

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]


class Chart(msgspec.Struct, frozen=True):
    """Bars of one unit with a label each, or a bar of every series for each label.

    `tones` are the outcomes that bars stand for (`won`, `lost`), by label. `left_out` is what was not drawn, in words.
    """

    heading: str
    title: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    tones: tuple[str, ...] = ()
    left_out: str = ""

    @property
    def measured(self) -> str:
        """What the bars measure, with its unit."""
        return ", ".join(part for part in (self.title, self.unit) if part) or "number"

    def tone(self, at: int) -> str:
        """Return the outcome that a label's bars stand for, if they do."""
        return self.tones[at] if at < len(self.tones) else ""


def to_draw(report: Report) -> list[Block]:
    """Return the tables of a report that are drawn: those shown or, of rows without names, one that compares them."""
    shown = report.shown
    together = compared(shown)
    return [msgspec.structs.replace(together, heading=report.question)] if together else shown


def compared(blocks: Sequence[Block]) -> Block | None:
    """Return tables of a single row without a name, such as one of each pipeline, as one table that names the rows."""
    alone = all(len(block.rows) == 1 and block.about and not _named_by(block.columns) for block in blocks)
    if len(blocks) < _COMPARED or not alone or len({block.columns for block in blocks}) > 1:
        return None
    first = blocks[0]
    rows: list[Row] = [{**block.rows[0], _ABOUT.name: block.about} for block in blocks]
    return Block("", (_ABOUT, *first.columns), rows, chart=first.chart)


def charts_of(block: Block) -> list[Chart]:
    """Return the charts of a table: one, or one for each currency; none where every figure is zero or there is none.

    Where rows have no name of their own, the columns are what is compared.
    """
    drawn = _columns(block)
    every_row = block.rows[: len(block.rows) - block.sums]
    if not drawn or not every_row:
        return []
    rows = every_row[:MOST_LABELS]
    named = _named_by(block.columns)
    found = []
    for unit in _units(rows, drawn):
        every = [_series(rows, column, unit) for column in drawn[:MOST_SERIES]]
        if any(value for each in every for value in each.values):
            shape = _by_row(rows, named, every) if named else _by_column(drawn, every)
            chart = msgspec.structs.replace(shape, heading=block.heading, unit=unit)
            found.append(msgspec.structs.replace(chart, left_out=_left_out(len(every_row), len(drawn))))
    return found


def _columns(block: Block) -> list[Column]:
    """Return the columns to draw, all of one kind: those the table names, else those of the first that suits."""
    figures = [column for column in block.columns if is_figure(column)]
    wanted = [column for name in block.chart.split(",") for column in figures if column.name == name]
    first = wanted[0] if wanted else _first(figures)
    if first is None:
        return []
    if wanted and first.kind in _ALIKE and not _named_by(block.columns):
        # A single bar compares nothing.
        return [column for column in figures if column.kind is first.kind]
    # A table beside the one that the chart is meant for is drawn by its first figure.
    others = [first] if block.chart else figures
    return [column for column in wanted or others if column.kind is first.kind]


def _first(figures: Sequence[Column]) -> Column | None:
    order = (Kind.COUNT, Kind.AMOUNT, Kind.SHARE, Kind.DAYS)
    return min(figures, key=lambda column: order.index(column.kind), default=None)


def _named_by(columns: Sequence[Column]) -> list[Column]:
    """Return the columns that name a row: those before its figures, of records the id and the title alone."""
    leading: list[Column] = []
    for column in columns:
        if is_figure(column):
            break
        leading += [column] if column.kind is Kind.TEXT else []
    known = [column for column in leading if column.name in ("id", "title")]
    return known if len(known) > 1 else leading


def _units(rows: Sequence[Row], columns: Sequence[Column]) -> list[str]:
    kind = columns[0].kind
    if kind is not Kind.AMOUNT:
        return [_UNITS.get(kind, "")]
    cells = [row.get(column.name) for row in rows for column in columns]
    return sorted({currency for cell in cells if isinstance(cell, dict) for currency in cell})


def _series(rows: Sequence[Row], column: Column, unit: str) -> Series:
    values = tuple(_length(row.get(column.name), column.kind, unit) for row in rows)
    return Series(column.title, values, tuple(_text(row, column, unit) for row in rows))


def _length(value: Cell, kind: Kind, unit: str) -> float | None:
    if isinstance(value, dict):
        return float(value.get(unit, 0))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value * 100 if kind is Kind.SHARE else float(value)


def _text(row: Row, column: Column, unit: str) -> str:
    """Return a figure as the table has it: of amounts that in the chart's currency."""
    value = row.get(column.name)
    if isinstance(value, dict):
        return f"{digits(value[unit])} {unit}" if unit in value else "0"
    return figure({column.name: value}, column)


def _by_row(rows: Sequence[Row], named: Sequence[Column], every: Sequence[Series]) -> Chart:
    labels = [", ".join(text for column in named if (text := figure(row, column))) for row in rows]
    tones = tuple(str(row.get("outcome") or "") for row in rows)
    title = every[0].name if len(every) == 1 else ""
    return Chart("", title, "", tuple(label or NO_VALUE for label in labels), tuple(every), tones)


def _by_column(columns: Sequence[Column], every: Sequence[Series]) -> Chart:
    values = tuple(each.values[0] for each in every)
    texts = tuple(each.texts[0] for each in every)
    tones = tuple(column.name.partition("_")[0] for column in columns)
    title = every[0].name if len(every) == 1 else ""
    return Chart("", title, "", tuple(each.name for each in every), (Series("", values, texts),), tones)


def _left_out(rows: int, columns: int) -> str:
    over = [(rows - MOST_LABELS, "row", "rows"), (columns - MOST_SERIES, "column", "columns")]
    told = [f"{count:,} more {one if count == 1 else many}" for count, one, many in over if count > 0]
    return f"{' and '.join(told)} in the table" if told else ""
