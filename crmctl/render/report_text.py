"""Reports as text: a heading, a table with bars, and the notes below it."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from crmctl.model.table import Block, Column, Kind, Report, Row
from crmctl.render.bar import bar, bar_shares
from crmctl.render.card import draw_card
from crmctl.render.colour import Style
from crmctl.render.figure import figure_lines, is_figure
from crmctl.render.fit import GAP
from crmctl.render.listing import passage_card
from crmctl.render.table import draw_table
from crmctl.render.width import display_width, wrap
from crmctl.text import visible

_SHORTEST_BAR = 5
_LONGEST_BAR = 32
_TEXT_BESIDE_BARS = 24


def draw_report(report: Report, style: Style) -> list[str]:
    """Return the lines of a report: its blocks with an empty line after each, then the notes."""
    lines: list[str] = []
    shown = report.shown
    together = _compared(shown) if report.charted else None
    for block in shown:
        lines += [*_block_lines(block, style), ""]
        if report.charted and not together:
            lines += _chart_lines(block, style)
    if together:
        lines += _chart_lines(together, style)
    for note in report.notes:
        lines += _note_lines(note, style)
    for passage in report.passages:
        lines += [*([""] if lines and lines[-1] else []), *draw_card(passage_card(passage), style)]
    return lines[:-1] if lines and not lines[-1] else lines


def _block_lines(block: Block, style: Style) -> Iterator[str]:
    if block.heading:
        heading = visible(block.heading, multiline=True)
        yield from (style.bold(line) for line in wrap(heading, style.width))
    rows = [*block.rows, block.total] if block.total is not None else block.rows
    width = _bar_width(block.columns, rows, style)
    columns = [column for column in block.columns if width or column.kind is not Kind.BAR]
    groups = [_row_lines(row, columns) for row in rows]
    for at, column in enumerate(columns):
        if column.kind is Kind.BAR:
            for group, drawn in zip(groups, _bars(block, column, width, style), strict=False):
                group[0][at] = drawn
    closing = len(groups[-1]) if block.total is not None else 0
    cells = [line for group in groups for line in group]
    yield from draw_table(columns, cells, style, closing=closing) or ["(none)"]


def _compared(blocks: Sequence[Block]) -> Block | None:
    from crmctl.render.charts.chart import compared

    return compared(blocks)


def _chart_lines(block: Block, style: Style) -> Iterator[str]:
    from crmctl.render.charts.chart import charts_of
    from crmctl.render.charts.terminal import draw_chart

    for chart in charts_of(block):
        yield from draw_chart(chart, style)
        yield ""


def _row_lines(row: Row, columns: Sequence[Column]) -> list[list[str]]:
    """Return a row's cells, with a further line for each further currency."""
    texts = [[""] if column.kind is Kind.BAR else figure_lines(row, column) for column in columns]
    return [list(line) for line in zip_longest(*texts, fillvalue="")]


def _bars(block: Block, column: Column, width: int, style: Style) -> list[str]:
    shares = bar_shares(block.rows, column, block.columns)
    drawn = [bar(share, width, unicode=style.unicode) for share in shares]
    return [_coloured(text, row, style) for text, row in zip(drawn, block.rows, strict=True)]


def _bar_width(columns: Sequence[Column], rows: Sequence[Row], style: Style) -> int:
    """Return what the other columns leave of the terminal for a bar; 0 where that is too little for one."""
    if style.width is None:
        return _LONGEST_BAR
    taken = GAP * (len(columns) - 1) + sum(_wanted(column, rows) for column in columns)
    room = min(style.width - taken, _LONGEST_BAR)
    return room if room >= _SHORTEST_BAR else 0


def _wanted(column: Column, rows: Sequence[Row]) -> int:
    if column.kind is Kind.BAR:
        return 0
    texts = (visible(text) for row in rows for text in figure_lines(row, column))
    widest = max(map(display_width, texts), default=0)
    # Long text may be cut for the sake of the bars, figures never.
    return max(widest, display_width(column.title)) if is_figure(column) else min(widest, _TEXT_BESIDE_BARS)


def _coloured(text: str, row: Row, style: Style) -> str:
    outcome = row.get("outcome")
    if outcome == "won":
        return style.green(text)
    return style.red(text) if outcome == "lost" else style.cyan(text)


def _note_lines(note: str, style: Style) -> list[str]:
    room = None if style.width is None else max(style.width - 6, 10)
    first, *rest = wrap(visible(note, multiline=True), room)
    return [f"{style.dim('note:')} {first}", *(f"      {line}" for line in rest)]
