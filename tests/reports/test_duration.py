from statistics import median as plain_median
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.reports.duration import days_between, mean, median, percentile

LENGTHS = st.lists(st.floats(0, 10_000), min_size=2, max_size=30)


def test_days_are_elapsed_time_and_may_be_parts_of_one() -> None:
    assert days_between("2026-10-24T21:00:00+00:00", "2026-10-26T09:00:00+00:00") == 1.5
    assert days_between("2026-10-26T09:00:00+00:00", "2026-10-24T21:00:00+00:00") == -1.5


def test_of_nothing_nothing_is_typical() -> None:
    assert (mean([]), median([]), percentile([], 0.9)) == (None, None, None)


def test_a_percentile_lies_between_two_values_as_spreadsheets_have_it() -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], 0.9) == pytest.approx(3.7)
    assert percentile([10.0], 0.9) == 10.0


@given(LENGTHS)
def test_the_median_and_deciles_are_those_of_the_standard_library(lengths: list[float]) -> None:
    assert median(lengths) == pytest.approx(plain_median(lengths))
    assert percentile(lengths, 0.9) == pytest.approx(quantiles(lengths, n=10, method="inclusive")[8])


@given(LENGTHS)
def test_the_order_of_values_does_not_matter(lengths: list[float]) -> None:
    assert mean(lengths) == mean(lengths[::-1])
    assert percentile(lengths, 0.9) == percentile(lengths[::-1], 0.9)
