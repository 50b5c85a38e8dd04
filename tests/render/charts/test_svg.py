import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.render.charts.chart import Chart, Series
from crmctl.render.charts.svg import inline_svg, picture

NAMESPACE = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert(1)</script> ]]> & \"'\x00\ufffe"


def chart(*values: float | None, labels: tuple[str, ...] = (), heading: str = "Опт") -> Chart:
    texts = tuple("n/a" if value is None else f"{value:g} UAH" for value in values)
    names = labels or tuple(f"стадия {at}" for at in range(len(values)))
    return Chart(heading, "Amount", "UAH", names, (Series("Amount", values, texts),))


def texts(svg: str, kind: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    found = [each for each in root.iter() if each.tag.endswith("text")]
    return [each.text or "" for each in found if kind in each.get("class", "").split()]


def bars(svg: str) -> list[tuple[float, float]]:
    """Return where each bar begins and how long it is, the lowest first."""
    groups = [
        each for each in ElementTree.fromstring(svg).iter("g") if "bar" in each.get("class", "").split()
    ]
    found = [each.find("rect") for each in groups]
    return [(float(each.get("x", 0)), float(each.get("width", 0))) for each in found if each is not None]


def test_figures_and_labels_are_text_in_the_order_of_the_table() -> None:
    svg = inline_svg(chart(120, 30, 0, None))
    assert texts(svg, "value")[::-1] == ["120 UAH", "30 UAH", "0 UAH", "n/a"]
    assert texts(svg, "name")[::-1] == [f"стадия {at}" for at in range(4)]
    assert texts(svg, "title") == ["Amount, UAH"]


def test_bars_are_as_long_as_their_values() -> None:
    (_, none), (_, quarter), (_, whole) = bars(inline_svg(chart(120, 30, None)))
    assert (none, whole) == (0, pytest.approx(quarter * 4))


def test_bars_below_zero_end_where_others_begin() -> None:
    (below, length), (above, _) = bars(inline_svg(chart(10, -5)))
    assert below + length == pytest.approx(above)


@pytest.mark.parametrize("narrow", [False, True])
def test_a_chart_on_a_page_has_no_script_no_style_and_no_address(narrow: bool) -> None:
    svg = inline_svg(chart(3, -1, labels=(HOSTILE, "b"), heading=HOSTILE), narrow=narrow)
    assert "http" not in svg
    assert "<script" not in svg
    assert {each.tag for each in ElementTree.fromstring(svg).iter()} <= {
        "svg",
        "g",
        "rect",
        "path",
        "text",
        "title",
    }


def test_a_picture_names_nothing_outside_itself() -> None:
    svg = picture([chart(1, labels=(HOSTILE,), heading=HOSTILE)], "Why?")
    assert re.findall(r"https?://[^\"' <]+", svg) == ["http://www.w3.org/2000/svg"]
    assert {each.tag.removeprefix(NAMESPACE) for each in ElementTree.fromstring(svg).iter()} <= {
        *("svg", "g", "rect", "path", "text", "title", "style"),
    }
    assert not re.search(r"url\(|@import|href|on\w+=", svg)
    assert "prefers-color-scheme: dark" in svg


def test_a_long_label_is_cut_where_it_is_read_and_whole_where_it_is_pointed_at() -> None:
    label = "Передан на согласование в отдел логистики и склада"
    svg = inline_svg(chart(1, labels=(label,)))
    assert texts(svg, "name")[0].endswith("…")
    assert f"<title>{label}</title>" in svg


def test_the_same_chart_is_the_same_picture() -> None:
    assert picture([chart(1, 2)], "x") == picture([chart(1, 2)], "x")


def test_a_picture_of_nothing_says_so() -> None:
    assert "Why?: there is nothing to draw" in picture([], "Why?")


def test_several_series_have_colours_and_a_legend() -> None:
    several = (Series("Won", (2.0, 1.0), ("2", "1")), Series("Lost", (0.0, 4.0), ("0", "4")))
    svg = inline_svg(Chart("", "", "", ("anna", "oleg"), several))
    legend = svg[svg.index('class="legend"') :]
    assert re.findall(r"color-(\d).*?<text[^>]*>(\w+)<", legend) == [("0", "Won"), ("1", "Lost")]
    assert sorted(texts(svg, "value")) == ["0", "1", "2", "4"]


LABELS = st.text(max_size=60)
VALUES = st.one_of(st.none(), st.floats(-1e12, 1e12, allow_nan=False))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(LABELS, VALUES), min_size=1, max_size=12), st.booleans())
def test_any_labels_and_values_make_a_chart_within_its_frame(rows: list, narrow: bool) -> None:
    labels, values = zip(*rows, strict=True)
    svg = inline_svg(chart(*values, labels=labels), narrow=narrow)
    _, _, width, _ = map(float, ElementTree.fromstring(svg).get("viewBox", "").split())
    assert len(texts(svg, "value")) == len(rows)
    assert all(x >= 0 and x + length <= width for x, length in bars(svg))


def test_the_library_leaves_no_importer_behind() -> None:
    inline_svg(chart(1))
    assert [each for each in sys.meta_path if type(each).__module__.startswith("pygal")] == []


def test_the_library_is_loaded_only_to_draw() -> None:
    code = "import crmctl.render.report_page, crmctl.render.charts.svg, sys; print('pygal' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
