"""What pygal draws, made fit for a page: without its script and styles, with figures at the ends of the bars.

Parts are known by the classes that pygal gives them and by their order, which it does not promise: its version is
bounded in pyproject.toml.
"""

from collections.abc import Sequence
from xml.etree import ElementTree

import msgspec

from crmctl.render.charts.chart import Chart
from crmctl.render.charts.scale import BESIDE_BAR, NAME
from crmctl.render.xml_text import allowed

_DROPPED = frozenset({"defs", "desc", "style", "script", "title"})
_THINNEST = 1.5
_NAMESPACE = "{http://www.w3.org/2000/svg}"


class Named(msgspec.Struct, frozen=True):
    """A label as there is room for it, and whole."""

    short: str
    whole: str


def tidied(svg: str, chart: Chart, names: Sequence[Named], *, named_above: bool) -> ElementTree.Element:
    """Return what pygal drew as elements of our own look."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - written by pygal just now
    for each in root.iter():
        each.tag = each.tag.removeprefix(_NAMESPACE)
        each.attrib.pop("id", None)
    _drop(root)
    _mark_axis(root)
    _name(root, names, named_above=named_above)
    for bars in _of_class(root, "series"):
        _set_figures(bars, root, chart)
    if named_above:
        for group in _of_class(root, "series"):
            group.set("transform", f"translate(0, {NAME / 2 - 2:g})")
    root.attrib.pop("class", None)
    return root


def _drop(parent: ElementTree.Element) -> None:
    for each in list(parent):
        if each.tag in _DROPPED or "tooltip-overlay" in each.get("class", ""):
            parent.remove(each)
        else:
            _drop(each)


def _mark_axis(root: ElementTree.Element) -> None:
    """Tell the line of zero from the others, and put all of them below the labels."""
    for plot in _of_class(root, "plot"):
        for axis in [each for each in plot if "axis x" in each.get("class", "")]:
            plot.remove(axis)
            plot.insert(1, axis)
            for guides in axis:
                line, text = guides.find("path"), guides.find("text")
                zero = text is not None and text.text in ("0", "0%")
                if line is not None:
                    line.set("class", "line zero" if zero else "line")


def _of_class(root: ElementTree.Element, name: str, tag: str = "g") -> list[ElementTree.Element]:
    return [each for each in root.iter(tag) if name in each.get("class", "").split()]


def _name(root: ElementTree.Element, names: Sequence[Named], *, named_above: bool) -> None:
    """Write the labels beside their bars or above them, and the whole of each where it can be pointed at."""
    texts = [text for axis in _of_class(root, "y") for text in axis.iter("text")]
    for text, name in zip(reversed(texts), names, strict=True):
        text.text = name.short
        text.set("class", "name above" if named_above else "name")
        if name.short != name.whole:
            ElementTree.SubElement(text, "title").text = name.whole
    if named_above:
        half = _half_group(texts)
        for text in texts:
            text.attrib.update({"x": "9", "y": f"{float(text.get('y', '0')) - half + NAME / 2 + 4:g}"})


def _half_group(texts: Sequence[ElementTree.Element]) -> float:
    places = [float(text.get("y", "0")) for text in texts]
    return abs(places[0] - places[1]) / 2 if len(places) > 1 else places[0] - 4


def _set_figures(group: ElementTree.Element, root: ElementTree.Element, chart: Chart) -> None:
    """Set the figures of a series where its bars end, and tell of each bar what it is."""
    bars = _of_class(group, "bar")
    if not bars:
        return
    number = int(group.get("class", "").partition("serie-")[2].split()[0])
    series = chart.series[number]
    (over,) = (each for each in _of_class(root, f"serie-{number}") if each.find("text") is not None)
    places = range(len(chart.labels) - 1, -1, -1)
    for at, bar, text in zip(places, bars, over.findall("text"), strict=True):
        rect = bar.find("rect")
        assert rect is not None
        if series.values[at]:
            # What is not zero is always seen.
            rect.set("width", f"{max(float(rect.get('width', '0')), _THINNEST)}")
        begins = float(rect.get("x", "0"))
        ends = begins + float(rect.get("width", "0"))
        below = (series.values[at] or 0) < 0
        text.attrib.update(
            {"x": f"{begins - BESIDE_BAR if below else ends + BESIDE_BAR:.1f}", "class": "value"}
        )
        text.set("text-anchor", "end" if below else "start")
        text.text = allowed(series.texts[at])
        several = len(chart.series) > 1
        # Among several series the colour says which of them a bar is of.
        bar.set("class", "bar" if several else f"bar {chart.tone(at)}".strip())
        parts = (chart.labels[at], series.name if several else "", series.texts[at])
        ElementTree.SubElement(rect, "title").text = allowed(", ".join(part for part in parts if part))
