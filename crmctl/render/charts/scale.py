"""The room that the parts of a chart take: heights of bars, and an axis on which figures fit beside them."""

from collections.abc import Callable

from crmctl.render.charts.chart import Chart
from crmctl.render.figure import digits
from crmctl.render.width import display_width

BAR, GAP, NAME = 18, 10, 20
"""Heights: of a bar, between the bars of two labels, and of a label that stands above its bars."""
LETTER = 8.4
"""What a column of text takes in a chart of 13 px: fonts differ, the widest of the usual ones counts."""
BELOW = 64
"""Height of the axis: its figures and what it measures."""
BESIDE_BAR = 6
_SHORTEST = 60


def group_height(chart: Chart, *, named_above: bool) -> float:
    """Return the height of all that belongs to one label."""
    return len(chart.series) * BAR + GAP + (NAME if named_above else 0)


def chart_height(chart: Chart, *, named_above: bool) -> int:
    """Return the height of a chart without its legend."""
    return round(len(chart.labels) * group_height(chart, named_above=named_above) + BELOW)


def text_width(text: str) -> float:
    """Return about what a text takes."""
    return display_width(text) * LETTER


def axis_range(chart: Chart, plot: float) -> tuple[float, float]:
    """Return the ends of an axis of `plot` pixels that leaves room for the figures beyond the ends of the bars."""
    bars = [
        (value or 0.0, text_width(text) + BESIDE_BAR * 2)
        for each in chart.series
        for value, text in zip(each.values, each.texts, strict=True)
    ]
    most, least = max([0.0, *(value for value, _ in bars)]), min([0.0, *(value for value, _ in bars)])
    right = max((room for value, room in bars if value >= 0), default=0.0)
    left = max((room for value, room in bars if value < 0), default=0.0)
    unit = (most - least) / max(plot - left - right, _SHORTEST)
    return least - left * unit, most + right * unit


def whole_steps(chart: Chart) -> bool:
    """Tell whether there is nothing between the whole numbers of a chart."""
    return all(float(value or 0).is_integer() for each in chart.series for value in each.values)


def tick_text(unit: str) -> Callable[[float], str]:
    """Return what writes the figures of the axis, short."""

    def write(value: float) -> str:
        for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
            if abs(value) >= size:
                return f"{_short(value / (1e3 if letter == 'k' else size))}{letter}"
        return f"{_short(value)}%" if unit == "%" else _short(value)

    return write


def _short(value: float) -> str:
    return digits(f"{value + 0.0:.4g}")
