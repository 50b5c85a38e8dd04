"""Conditions on the rows of a report."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from crmctl.errors import WrongUse
from crmctl.model.choices import Choices
from crmctl.model.field import Conventions
from crmctl.model.table import Column, Kind, Row
from crmctl.reports.condition import Table, true_of

COLUMNS = (
    Column("source", "Source"),
    Column("bar", "", Kind.BAR),
    Column("won", "Won", Kind.COUNT),
    Column("win_rate", "Win rate", Kind.SHARE),
    Column("revenue", "Revenue", Kind.AMOUNT),
    Column("days", "Days", Kind.DAYS),
)
ROWS: list[Row] = [
    {"source": "fair", "won": 3, "win_rate": 0.3, "revenue": {"EUR": "100.00", "USD": "7.00"}, "days": 2.5},
    {"source": "call", "won": 0, "win_rate": 0.0, "revenue": {}, "days": 30.0},
    {"source": None, "won": 0, "win_rate": None, "revenue": {"USD": "12000.00"}, "days": None},
]
LOST = Table(
    (Column("reason", "Reason"), Column("count", "Count", Kind.COUNT)), [{"reason": "price", "count": 2}]
)
True_of = Callable[..., list[str | None]]


@pytest.fixture
def true_rows(bare_configuration: Any) -> True_of:
    configuration = bare_configuration((), Choices("way", ()))
    conventions = Conventions(datetime(2026, 11, 21, tzinfo=UTC), currency="EUR", decimal_mark=".")

    def of(text: str, *tables: Table) -> list[Any]:
        found = true_of(text, tables or (Table(COLUMNS, ROWS), LOST), configuration, conventions)
        return [row.get("source", row.get("reason", row)) for row in found]

    return of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("won > 2", ["fair"]),
        ("won = 0", ["call", None]),
        ("win_rate < 0.2", ["call"]),
        ("win_rate < 30%", ["call"]),
        ("win_rate >= 30%", ["fair"]),
        ("win_rate between 10% and 0.5", ["fair"]),
        ("win_rate is empty", [None]),
        ("not win_rate < 0.2", ["fair", None]),
        ("revenue < 1", ["call", None]),
        ("revenue > 10k USD", [None]),
        ("revenue = 0 USD", ["call"]),
        ("revenue < 1 GBP", ["fair", "call", None]),
        ("days > 10", ["call"]),
        ("days > 2w", ["call"]),
        ("days != 30", ["fair"]),
        ("source = FAIR", ["fair"]),
        ("source in (fair, call) and won = 0", ["call"]),
        ("source is empty", [None]),
        ("source ~ air", ["fair"]),
        ("Source = fair", ["fair"]),
        ("rows > 2 and won > 0", ["fair"]),
        ("rows > 3 and won > 0", []),
        ("reason = price and count > 1", ["price"]),
        ("count > 2", []),
    ],
)
def test_columns_compare_as_fields_of_their_kind(
    true_rows: True_of, text: str, found: list[str | None]
) -> None:
    assert true_rows(text) == found


def test_the_number_of_rows_is_that_of_the_table_also_where_there_are_none(true_rows: True_of) -> None:
    assert true_rows("rows > 2") == [{"rows": 3}]
    assert true_rows("rows = 0", Table(COLUMNS, [])) == [{"rows": 0}]
    assert true_rows("rows > 0", Table(COLUMNS, [])) == []


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("win_rat < 1", 'did you mean "win_rate"?'),
        ("won > many", None),
        ("won", "compare it if it is a column: won > 0"),
        ("bar > 1", "columns: "),
        ('"fair"', "compare a column"),
        ("won changed", "compare a column"),
        ("source.title = x", "a report has columns alone"),
        ("won > 1 and count > 1", "columns: source"),
        ("", None),
    ],
)
@pytest.mark.parametrize("rows", [ROWS, []])
def test_what_cannot_be_asked_is_an_error_whatever_the_rows(
    true_rows: True_of, text: str, hint: str | None, rows: list[Row]
) -> None:
    with pytest.raises(WrongUse) as caught:
        true_rows(text, Table(COLUMNS, rows), LOST)
    assert hint is None or hint in (caught.value.hint or "")


def test_a_column_that_only_rows_know_is_compared_by_what_it_holds(true_rows: True_of) -> None:
    rows: list[Row] = [{"source": "fair", "m0": 0.5, "sum": {"EUR": "1"}, "ids": ["D-1", "D-2"]}]
    for text in ("m0 = 0.5", "sum > 0", "ids has D-2"):
        assert true_rows(text, Table(COLUMNS, rows)) == ["fair"]
