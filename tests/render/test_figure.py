import pytest

from crmctl.model.table import Column, Kind
from crmctl.render.figure import figure, figure_lines, raw_figure


def shown(value, kind):
    return figure({"x": value}, Column("x", "X", kind))


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (10005, Kind.COUNT, "10005"),
        (0, Kind.COUNT, "0"),
        (1.005, Kind.COUNT, "1.00"),
        (0.125, Kind.SHARE, "12.5%"),
        (1 / 3, Kind.SHARE, "33.3%"),
        (12.5, Kind.SHARE, "1250.0%"),
        (-0.35, Kind.SHARE, "-35.0%"),
        (-0.0001, Kind.SHARE, "0.0%"),
        (3.14159, Kind.DAYS, "3.1"),
        (3, Kind.DAYS, "3"),
        ({"UAH": "10005534.00"}, Kind.AMOUNT, "10005534.00 UAH"),
        ({"JPY": "1200"}, Kind.AMOUNT, "1200 JPY"),
        ({}, Kind.AMOUNT, "0"),
        (["a", "b"], Kind.TEXT, "a; b"),
        (True, Kind.TEXT, "yes"),
        ("12e5", Kind.TEXT, "12e5"),
    ],
)
def test_figures_are_written_by_what_they_are(value, kind, text):
    assert shown(value, kind) == text


@pytest.mark.parametrize("kind", [Kind.COUNT, Kind.SHARE, Kind.AMOUNT, Kind.DAYS])
def test_a_figure_that_there_is_none_of_is_not_a_zero(kind):
    assert shown(None, kind) == "n/a"


def test_text_that_there_is_none_of_is_empty():
    assert shown(None, Kind.TEXT) == ""


def test_a_value_the_row_does_not_have_is_empty():
    assert figure({}, Column("x", "X", Kind.SHARE)) == ""


def test_unlike_currencies_are_never_added():
    row, column = {"x": {"UAH": "1.00", "EUR": "2.00"}}, Column("x", "X", Kind.AMOUNT)
    assert figure_lines(row, column) == ["1.00 UAH", "2.00 EUR"]
    assert figure(row, column) == "1.00 UAH + 2.00 EUR"


def test_a_raw_figure_is_unrounded():
    assert raw_figure(1 / 3) == "0.3333333333333333"
    assert raw_figure(None) == ""
