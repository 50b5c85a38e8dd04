"""Narrowing all rows by one condition after the other leaves those that pass one by one, and counts the same."""

from collections.abc import Callable
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmctl.model.records import Value

Row = dict[str, Value]

CONDITIONS = st.sampled_from(
    [
        *("open", "stage = new", "stage != new", "title = a", "title ~ a", "title != b", "tags has vip"),
        *("amount >= 10", "amount < 10", "amount != 10", "amount in (5, 10 USD)", "amount between 1 and 10"),
        *("amount is empty", "amount is not empty", "not amount > 5"),
    ]
)
EXPRESSIONS = st.recursive(
    CONDITIONS,
    lambda inner: st.tuples(inner, st.sampled_from([" and ", " or "]), inner).map(
        lambda parts: f"({parts[0]}{parts[1]}{parts[2]})"
    ),
    max_leaves=5,
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"id": st.just("D-1")},
        optional={
            "pipeline": st.sampled_from(["wholesale", "retail"]),
            "stage": st.sampled_from(["new", "paid", "gone"]),
            "title": st.sampled_from(["a", "b", "A", ["a", "b"]]),
            "tags": st.sampled_from([["vip"], ["x", "vip"], "vip"]),
            "amount": st.sampled_from(["5.00", "10.00", "100.00", "lots"]),
            "currency": st.sampled_from(["UAH", "USD", ""]),
        },
    ),
    max_size=8,
)


def columns(*names: str) -> Callable[[Row], Any]:
    """Take fields out of a row as a scan's columns do: one alone, several as a tuple."""
    if len(names) == 1:
        return lambda row: row.get(names[0])
    return lambda row: tuple(row.get(name) for name in names)


@settings(max_examples=300, deadline=None)
@given(text=EXPRESSIONS, rows=ROWS)
@example(
    text="(amount > 5 or title = a) and amount < 100",
    rows=[{"id": "D-1", "title": "a", "amount": "9.00", "currency": "USD"}] * 2,
)
def test_all_rows_at_once_come_to_what_each_comes_to(deals: Any, text: str, rows: list[Row]) -> None:
    rows = [dict(row) for row in rows]
    one_by_one, at_once = deals.bound(text), deals.bound(text)
    passes = one_by_one.predicate(columns, None)

    expected = [row for row in rows if passes(row)]
    found = at_once.narrowing(columns, None)(rows)

    assert list(map(id, found)) == list(map(id, expected))
    assert at_once.passed_over == one_by_one.passed_over
