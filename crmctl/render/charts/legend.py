"""The legend of a chart of several series, below it."""

from collections.abc import Sequence
from xml.etree import ElementTree

from crmctl.render.charts.scale import text_width
from crmctl.render.width import clip
from crmctl.render.xml_text import allowed

_ROW, _BOX, _BETWEEN, _LEFT = 20, 11, 18, 12
_LONGEST = 36


def add_legend(tree: ElementTree.Element, names: Sequence[str]) -> None:
    """Write below a chart which series has which colour, as many in a line as there is room for."""
    _, _, width, height = (int(float(each)) for each in tree.get("viewBox", "").split())
    legend = ElementTree.SubElement(tree, "g", {"class": "legend"})
    x, y = float(_LEFT), height + 4
    for at, name in enumerate(names):
        text = clip(name, _LONGEST)
        taken = _BOX + 6 + text_width(text)
        if x > _LEFT and x + taken > width:
            x, y = float(_LEFT), y + _ROW
        box = {"x": f"{x:.1f}", "y": str(y), "width": str(_BOX), "height": str(_BOX), "class": f"color-{at}"}
        ElementTree.SubElement(legend, "rect", box)
        ElementTree.SubElement(legend, "text", {"x": f"{x + _BOX + 6:.1f}", "y": str(y + 10)}).text = allowed(
            text
        )
        x += taken + _BETWEEN
    tree.set("viewBox", f"0 0 {width} {y + _ROW}")
