from hypothesis import given
from hypothesis import strategies as st

from crmctl.render.fit import GAP, fit


def total(widths):
    return sum(widths) + GAP * (len(widths) - 1)


def test_what_fits_keeps_its_width():
    assert fit([4, 10, 6], [4, 7, 6], 80) == [4, 10, 6]


def test_the_widest_column_is_narrowed_first():
    assert fit([4, 60, 10], [4, 7, 7], 40) == [4, 22, 10]


def test_columns_that_cannot_be_narrowed_keep_their_width():
    assert fit([30, 30], [30, 7], 45) == [30, 13]


def test_columns_without_room_are_left_out_from_the_right():
    assert fit([10, 10, 10], [10, 10, 10], 25) == [10, 10]


def test_one_column_always_remains():
    assert fit([30, 10], [30, 10], 5) == [30]


columns = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 30)), min_size=1, max_size=12)


@given(columns, st.integers(1, 200))
def test_columns_fit_unless_the_first_one_alone_does_not(pairs, width):
    natural, least = [n for n, _ in pairs], [min(pair) for pair in pairs]
    widths = fit(natural, least, width)
    assert total(widths) <= max(width, least[0])
    assert all(low <= w <= high for low, w, high in zip(least, widths, natural, strict=False))


@given(columns, st.integers(1, 200))
def test_no_room_is_left_unused_while_a_column_is_narrowed(pairs, width):
    natural, least = [n for n, _ in pairs], [min(pair) for pair in pairs]
    widths = fit(natural, least, width)
    if any(w < n for w, n in zip(widths, natural, strict=False)):
        assert total(widths) == width or total(least[: len(widths)]) == total(widths)
