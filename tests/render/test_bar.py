import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.table import Column, Kind
from crmctl.render.bar import bar, bar_shares

BAR = Column("bar", "", Kind.BAR)
COUNT = Column("count", "Count", Kind.COUNT)


@pytest.mark.parametrize(
    ("share", "drawn"), [(1.0, "████"), (0.5, "██"), (0.53125, "██▏"), (0.0, ""), (-1.0, ""), (2.0, "████")]
)
def test_a_bar_is_drawn_to_an_eighth_of_a_column(share, drawn):
    assert bar(share, 4) == drawn


def test_what_is_not_zero_is_always_seen():
    assert bar(0.0001, 10) == "▏"
    assert bar(0.0001, 10, unicode=False) == "#"


def test_without_unicode_bars_are_number_signs():
    assert bar(0.5, 10, unicode=False) == "#####"


@given(st.floats(0, 1), st.integers(1, 60), st.booleans())
def test_a_bar_is_never_longer_than_its_width(share, width, unicode):
    assert len(bar(share, width, unicode=unicode)) <= width


def test_bars_are_scaled_to_the_largest():
    assert bar_shares([{"count": 4}, {"count": 1}], BAR, [BAR, COUNT]) == [1.0, 0.25]


def test_a_bar_measures_the_value_of_its_own_name_where_there_is_one():
    rows = [{"bar": 1, "count": 4}, {"bar": 2, "count": 1}]
    assert bar_shares(rows, BAR, [BAR, COUNT]) == [0.5, 1.0]


def test_amounts_in_one_currency_have_a_length_and_in_several_none():
    column = Column("amount", "", Kind.BAR)
    rows = [{"amount": {"UAH": "10.00"}}, {"amount": {"UAH": "1.00", "EUR": "1.00"}}, {"amount": None}]
    assert bar_shares(rows, column, [column]) == [1.0, 0.0, 0.0]


def test_rows_of_zeros_have_no_bars():
    assert bar_shares([{"count": 0}], BAR, [BAR, COUNT]) == [0.0]
