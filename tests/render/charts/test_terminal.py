from hypothesis import given
from hypothesis import strategies as st

from crmctl.render.charts.chart import Chart, Series
from crmctl.render.charts.terminal import draw_chart
from crmctl.render.colour import PLAIN, Style
from crmctl.render.width import display_width


def chart(*values: float | None, labels: tuple[str, ...] = (), title: str = "", unit: str = "") -> Chart:
    texts = tuple("n/a" if value is None else f"{value:g}" for value in values)
    names = labels or tuple(f"row {at}" for at in range(len(values)))
    return Chart("", title, unit, names, (Series("Count", values, texts),))


def test_each_bar_has_its_label_and_its_figure() -> None:
    given = chart(
        40, 1, 0, None, labels=("Новая", "日本", "e\u0301te\u0301", "None"), title="Amount", unit="UAH"
    )
    assert draw_chart(given, PLAIN) == [
        "Amount, UAH:",
        f"Новая  {'█' * 40} 40",
        "日本   █ 1",
        "e\u0301te\u0301    0",
        "None   n/a",
    ]


def test_what_is_not_zero_is_always_seen() -> None:
    assert draw_chart(chart(100000, 1), PLAIN)[1] == "row 1  ▏ 1"


def test_bars_of_what_is_below_zero_grow_to_the_left() -> None:
    assert draw_chart(chart(3, -1, 0, None), Style(width=21)) == [
        "row 0    │███████ 3",
        "row 1  ██│ -1",
        "row 2    │ 0",
        "row 3    │ n/a",
    ]


def test_a_dumb_terminal_gets_ascii() -> None:
    lines = draw_chart(chart(3, -1), Style(unicode=False, width=30))
    assert "".join(lines).isascii()
    assert "#|" in lines[1]


def test_several_series_stand_under_their_label() -> None:
    several = (Series("won", (2.0, 0.0), ("2", "0")), Series("потеряно", (1.0, 4.0), ("1", "4")))
    assert draw_chart(Chart("", "", "", ("anna", "oleg"), several), Style(width=40)) == [
        "anna",
        "  won       █████████████ 2",
        "  потеряно  ██████▌ 1",
        "oleg",
        "  won       0",
        "  потеряно  ██████████████████████████ 4",
    ]


def test_colour_repeats_what_labels_say() -> None:
    given = Chart("", "", "", ("Won",), (Series("", (1.0,), ("1",)),), ("won",))
    assert "\x1b[32m█" in draw_chart(given, Style(colour=True))[0]


def test_nothing_in_a_label_drives_the_terminal() -> None:
    assert "\x1b" not in "".join(draw_chart(chart(1, labels=("\x1b[31mred\n",)), PLAIN))


LABELS = st.text(st.sampled_from("abc Жщ日本e\u0301👩🏽‍🚀\u200b"), max_size=30)
VALUES = st.one_of(st.none(), st.integers(-99, 9999).map(float))


@given(st.lists(st.tuples(LABELS, VALUES), min_size=1, max_size=6), st.integers(16, 100), st.booleans())
def test_a_chart_fits_the_terminal(rows: list[tuple[str, float | None]], width: int, unicode: bool) -> None:
    labels, values = zip(*rows, strict=True)
    drawn = draw_chart(chart(*values, labels=labels), Style(width=width, unicode=unicode))
    assert max(map(display_width, drawn)) <= width
    assert len(drawn) == len(rows)
    assert all(
        line.endswith("n/a" if value is None else f"{value:g}")
        for line, value in zip(drawn, values, strict=True)
    )
