"""Charts of characters: bars to an eighth of a column, their figures beside them."""

from collections.abc import Iterator

from crmctl.render.bar import bar
from crmctl.render.charts.chart import Chart, Series
from crmctl.render.colour import Style
from crmctl.render.fit import GAP
from crmctl.render.width import clip, display_width, pad, wrap
from crmctl.text import visible

_SHORTEST_BAR = 5
_LONGEST_BAR = 40
_INDENT = "  "
_WIDEST_LABEL = 0.4
"""Of a line, that a label may take where this leaves the bars too little."""
_LEAST_LABEL = 8


class _Scale:
    """Where bars begin and how long they are: `below` columns for negative ones, `above` for the others."""

    def __init__(self, chart: Chart, room: int) -> None:
        values = [value for each in chart.series for value in each.values if value is not None]
        self.most, self.least = max([0.0, *values]), min([0.0, *values])
        span = self.most - self.least
        self.room = room if span else 0
        self.below = round(room * -self.least / span) if span else 0
        if self.least and room:
            self.below = min(max(self.below, 1), room - 1)
        self.above = self.room - self.below

    def drawn(self, value: float | None, *, unicode: bool) -> tuple[str, str]:
        """Return a value's bar, left of the axis and right of it."""
        if not value or not self.room:
            return "", ""
        if value > 0:
            return "", bar(value / self.most, self.above, unicode=unicode)
        return _leftward(value / self.least, self.below, unicode=unicode), ""


def draw_chart(chart: Chart, style: Style) -> list[str]:
    """Return the lines of a chart: what it measures, then a bar for each label; no wider than the terminal."""
    lines = [
        style.dim(line) for line in _wrapped(f"{chart.measured}:" if chart.title or chart.unit else "", style)
    ]
    lines += _body(chart, style)
    return [*lines, *(style.dim(line) for line in _wrapped(chart.left_out, style))]


def _wrapped(text: str, style: Style) -> list[str]:
    return wrap(visible(text), style.width) if text else []


def _body(chart: Chart, style: Style) -> Iterator[str]:
    one = len(chart.series) == 1
    named = chart.labels if one else tuple(each.name for each in chart.series)
    indent = "" if one else _INDENT
    figures = max(display_width(text) for each in chart.series for text in each.texts)
    names = [visible(name).strip() for name in named]
    axis = any(value < 0 for each in chart.series for value in each.values if value)
    taken = figures + len(indent) + axis
    widest, room = _shared(max(map(display_width, names)), taken, style.width)
    scale = _Scale(chart, room)
    names = [pad(clip(name, widest, style.ellipsis), widest) for name in names]
    for at, label in enumerate(chart.labels):
        bars = [_bar(each, at, scale, chart.tone(at), style) for each in chart.series]
        if one:
            yield f"{names[at]}  {bars[0]}"
        else:
            yield clip(visible(label), style.width, style.ellipsis) if style.width else visible(label)
            yield from (f"{indent}{name}  {drawn}" for name, drawn in zip(names, bars, strict=True))


def _shared(label: int, taken: int, width: int | None) -> tuple[int, int]:
    """Return what labels and bars get of a line; no bars where there is no room for them beside the figures."""
    if width is None:
        return label, _LONGEST_BAR
    free = width - taken - GAP - 1
    if free - label < _SHORTEST_BAR * 2:
        label = min(label, max(int(width * _WIDEST_LABEL), _LEAST_LABEL))
    room = min(free - label, _LONGEST_BAR)
    return (label, room) if room >= _SHORTEST_BAR else (max(min(label, free), 1), 0)


def _bar(series: Series, at: int, scale: _Scale, tone: str, style: Style) -> str:
    """Return a bar with its figure behind it; that of a bar to the left stands behind the axis."""
    left, right = scale.drawn(series.values[at], unicode=style.unicode)
    axis = ("│" if style.unicode else "|") if scale.below else ""
    below = " " * (scale.below - len(left)) + _painted(left, tone, style)
    drawn = f"{below}{axis}{_painted(right, tone, style)}"
    return f"{drawn}{' ' if drawn.strip() else ''}{visible(series.texts[at])}"


def _leftward(share: float, width: int, *, unicode: bool) -> str:
    """Return a bar that grows to the left, to a half of a column; there are no eighths for that."""
    if not unicode:
        return "#" * max(round(share * width), 1)
    full, half = divmod(max(round(share * width * 2), 1), 2)
    return "▐" * half + "█" * full


def _painted(text: str, tone: str, style: Style) -> str:
    if tone == "won":
        return style.green(text)
    return style.red(text) if tone == "lost" else style.cyan(text)
