"""Charts as SVG, drawn by pygal: no script, nothing fetched, text that is text, colours that follow the place.

What comes of it is tidied by `crmctl.render.charts.tidy`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from crmctl.render.charts.chart import Chart
from crmctl.render.charts.legend import add_legend
from crmctl.render.charts.library import load_pygal
from crmctl.render.charts.look import CHART, themed
from crmctl.render.charts.scale import (
    BAR,
    GAP,
    LETTER,
    NAME,
    axis_range,
    chart_height,
    group_height,
    text_width,
    tick_text,
    whole_steps,
)
from crmctl.render.charts.tidy import Named, tidied
from crmctl.render.width import clip
from crmctl.render.xml_text import allowed

if TYPE_CHECKING:
    from pygal.graph.horizontalbar import HorizontalBar

WIDE, NARROW = 760, 340
"""Widths of a chart: for a desk or paper, and for a phone, where labels stand above their bars."""
_MARGIN, _RIGHT, _SPACING = 8, 12, 6
_LONGEST_LABEL, _LONGEST_ABOVE = 36, 36
_PYGAL_LETTER = 0.6


def inline_svg(chart: Chart, *, narrow: bool = False) -> str:
    """Return a chart to be set into a page, which has the rules for it. Raises NotConfigured without pygal."""
    tree = drawn(chart, narrow=narrow)
    tree.attrib.update({"class": f"chart {'narrow' if narrow else 'wide'}", "role": "img"})
    tree.set("aria-label", ": ".join(part for part in (allowed(chart.heading), chart.measured) if part))
    return ElementTree.tostring(tree, encoding="unicode")


def picture(charts: Sequence[Chart], title: str) -> str:
    """Return a picture of some charts below one another, which says so where there are none.

    Raises NotConfigured without pygal.
    """
    root = ElementTree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "class": "chart"})
    ElementTree.SubElement(root, "title").text = allowed(title)
    ElementTree.SubElement(root, "style").text = f"\n{themed('.chart')}{CHART}"
    ElementTree.SubElement(root, "rect", {"class": "paper", "width": "100%", "height": "100%"})
    top = 12
    for chart in charts:
        _line(root, chart.heading, top)
        tree = drawn(chart)
        height = int(tree.get("viewBox", "").split()[3])
        tree.attrib.update({"y": str(top + 30), "width": str(WIDE), "height": str(height)})
        root.append(tree)
        top += 30 + height + 18
        if chart.left_out:
            _line(root, chart.left_out, top - 18, "left-out")
            top += 24
    if not charts:
        _line(root, f"{title}: there is nothing to draw", top)
        top += 40
    root.attrib.update({"viewBox": f"0 0 {WIDE} {top}", "width": str(WIDE), "height": str(top)})
    return f"{ElementTree.tostring(root, encoding='unicode')}\n"


def drawn(chart: Chart, *, narrow: bool = False) -> ElementTree.Element:
    """Return a chart as pygal lays it out, tidied."""
    graph = _graph(chart, narrow=narrow)
    longest = _LONGEST_ABOVE if narrow else _LONGEST_LABEL
    names = [Named(allowed(clip(label, longest)), allowed(label)) for label in chart.labels]
    tree = tidied(str(graph.render(is_unicode=True)), chart, names, named_above=narrow)
    if len(chart.series) > 1:
        add_legend(tree, [each.name for each in chart.series])
    return tree


def _line(root: ElementTree.Element, text: str, top: int, kind: str = "heading") -> None:
    line = ElementTree.SubElement(root, "text", {"class": kind, "x": "16", "y": str(top + 18)})
    line.text = allowed(clip(text, int((WIDE - 32) / LETTER / 1.35)))


def _graph(chart: Chart, *, narrow: bool) -> "HorizontalBar":
    labels = [allowed(clip(label, _LONGEST_LABEL)) for label in chart.labels]
    graph: HorizontalBar = load_pygal().HorizontalBar(
        **_look(),
        **_room(chart, labels, narrow=narrow),
        **_axis(chart, narrow=narrow),
    )
    # pygal counts from below.
    graph.x_labels = ["" for _ in labels] if narrow else labels[::-1]
    # It has no other way to say how much of the height is left between bars; its version is bounded for these.
    graph._series_margin = (GAP + (NAME if narrow else 0)) / 2 / group_height(chart, named_above=narrow)
    graph._serie_margin = 1 / BAR
    for each in chart.series:
        graph.add("", [value or 0 for value in reversed(each.values)])
    return graph


def _look() -> dict[str, Any]:
    """Return what is the same of all charts: nothing that a page could not hold or that its own rules say."""
    style = load_pygal().style.Style(
        font_family="sans-serif", value_font_size=13, label_font_size=13, title_font_size=12
    )
    return {
        "style": style,
        "js": [],
        "css": [],
        "no_prefix": True,
        "disable_xml_declaration": True,
        "print_values": True,
        "show_legend": False,
        "truncate_label": 1000,
    }


def _room(chart: Chart, labels: Sequence[str], *, narrow: bool) -> dict[str, Any]:
    """Return the sizes of a chart, and its ends: room is left for the figures beside the bars."""
    width = NARROW if narrow else WIDE
    # pygal counts letters, of which some are two columns wide and some none.
    missed = 0 if narrow else max(map(text_width, labels)) - max(map(len, labels)) * _PYGAL_LETTER * 13
    beside = _MARGIN if narrow else _MARGIN + _SPACING + max(map(text_width, labels))
    return {
        "width": width,
        "height": chart_height(chart, named_above=narrow),
        "margin": _MARGIN,
        "margin_left": _MARGIN + missed,
        "margin_right": _RIGHT,
        "spacing": _SPACING,
        "range": axis_range(chart, width - beside - _RIGHT),
    }


def _axis(chart: Chart, *, narrow: bool) -> dict[str, Any]:
    whole = whole_steps(chart)
    return {
        "x_title": allowed(chart.measured),
        "order_min": 0 if whole else None,
        "min_scale": 1 if whole else 2,
        "max_scale": 4 if narrow else 7,
        "value_formatter": tick_text(chart.unit),
    }
