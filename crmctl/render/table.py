"""Tables of text, set by tabulate: numbers as they are, columns by what they hold, cut to the width."""

import re
from collections.abc import Sequence

from crmctl.model.table import Column, Kind
from crmctl.render.colour import Style
from crmctl.render.figure import is_figure
from crmctl.render.fit import GAP, SHORTEST, SHORTEST_TITLE, fit
from crmctl.render.width import clip, display_width, wrap
from crmctl.text import visible

_COLOURS = re.compile("\x1b\\[[0-9]+m")


def draw_table(
    columns: Sequence[Column], cells: Sequence[Sequence[str]], style: Style, *, closing: int = 0
) -> list[str]:
    """Return the lines of a table: titles, a rule, a line for each row of cells; nothing for no rows.

    The last `closing` rows stand under a rule of their own. Cells of bar columns are taken as they are.
    """
    if not cells:
        return []
    clean = [_clean(columns, row) for row in cells]
    titles = [visible(column.title).strip() for column in columns]
    widths = _widths(columns, titles, clean, style)
    rows = [_cut(row, widths, style) for row in clean]
    # A row may have been nothing but what did not fit.
    last = [row for row in rows[len(rows) - closing :] if any(row)]
    heads = _heads(titles, widths, style)
    grid = [*heads, *(row for row in rows[: len(rows) - closing] if any(row)), *last]
    lines = _set(grid, columns[: len(widths)])
    head, body = lines[: len(heads)], lines[len(heads) :]
    # tabulate pads its own header by two columns, so the rule under the titles is ours.
    actual = [max(map(_measured, column)) for column in zip(*grid, strict=True)]
    rule = style.dim((" " * GAP).join("-" * width for width in actual))
    if last:
        body.insert(len(body) - len(last), rule)
    return [*map(style.bold, head), rule, *body, *_left_out(titles[len(widths) :], style)]


def _heads(titles: Sequence[str], widths: Sequence[int], style: Style) -> list[list[str]]:
    """Return the lines of the titles, those that are too long over several, all of them ending at the rule."""
    told = [_wrapped(title, width, style) for title, width in zip(titles, widths, strict=False)]
    most = max(map(len, told))
    return [list(line) for line in zip(*([""] * (most - len(each)) + each for each in told), strict=True)]


def _wrapped(title: str, width: int, style: Style) -> list[str]:
    """Return a title by its words, cut where one of these is too long."""
    fits = _longest_word(title) <= width
    return wrap(title, width) if fits else [clip(title, width, style.ellipsis)]


def _longest_word(title: str) -> int:
    return max(map(display_width, title.split()), default=0)


def _clean(columns: Sequence[Column], row: Sequence[str]) -> list[str]:
    return [
        text if column.kind is Kind.BAR else visible(text).strip()
        for column, text in zip(columns, row, strict=True)
    ]


def _measured(text: str) -> int:
    return display_width(_COLOURS.sub("", text) if "\x1b" in text else text)


def _widths(
    columns: Sequence[Column], titles: Sequence[str], rows: Sequence[Sequence[str]], style: Style
) -> list[int]:
    """Return the width of each column that there is room for."""
    data = [max(map(_measured, column)) for column in zip(*rows, strict=True)]
    natural = [max(display_width(title), width) for title, width in zip(titles, data, strict=True)]
    if style.width is None:
        return natural
    cut = [
        _least(column, width) if _may_be_cut(column) else max(width, 1)
        for column, width in zip(columns, data, strict=True)
    ]
    words = [
        least if _may_be_cut(column) else max(least, _longest_word(title))
        for column, title, least in zip(columns, titles, cut, strict=True)
    ]
    # Figures under titles that can be read, before more figures; but not the names of rows alone.
    for least in (words, cut):
        widths = fit(natural, list(map(min, least, natural)), style.width)
        if len(widths) > 1:
            return widths
    if len(widths) == 1 and _may_be_cut(columns[0]):
        return [min(widths[0], style.width)]
    return widths


def _may_be_cut(column: Column) -> bool:
    """Tell whether a column's cells may be cut short; a figure or an id would become another one."""
    return column.kind is Kind.TEXT and column.name != "id"


def _least(column: Column, width: int) -> int:
    return min(width, SHORTEST_TITLE) if column.name == "title" else SHORTEST


def _cut(row: Sequence[str], widths: Sequence[int], style: Style) -> list[str]:
    return [
        text if _measured(text) <= width else clip(text, width, style.ellipsis)
        for text, width in zip(row, widths, strict=False)
    ]


def _set(grid: Sequence[Sequence[str]], columns: Sequence[Column]) -> list[str]:
    from crmctl.render.tabulated import set_columns

    sides = ["right" if is_figure(column) else "left" for column in columns]
    wide = any(_measured(cell) != len(_COLOURS.sub("", cell)) for row in grid for cell in row)
    text = set_columns(grid, sides, wide=wide)
    return [line.rstrip() for line in text.split("\n")]


def _left_out(titles: Sequence[str], style: Style) -> list[str]:
    if not titles:
        return []
    noun = "column does" if len(titles) == 1 else "columns do"
    text = f"{len(titles)} more {noun} not fit: {', '.join(titles)}"
    return [style.dim(clip(text, style.width, style.ellipsis) if style.width else text)]
