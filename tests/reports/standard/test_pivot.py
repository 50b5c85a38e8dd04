from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.errors import WrongUse
from crmctl.model.records import RecordType
from crmctl.reports.division import Division
from crmctl.reports.facts import Population, Records
from crmctl.reports.journey import Journey
from crmctl.reports.standard.pivot import make

NOW = "2026-11-21T00:00:00+00:00"


def deal(
    number: int, stage: str = "call", amount: str | None = "100", currency: str = "EUR", **values: Any
) -> Journey:
    return Journey(
        f"D-{number}",
        "sales",
        stage,
        amount,
        currency,
        created=values.pop("created", "2026-11-01T00:00:00+00:00"),
        closed=values.pop("closed", None),
        group=values.pop("group", None),
        values={"stage": stage, "pipeline": "sales", "amount": amount, "currency": currency, **values},
    )


def contact(number: int, **values: Any) -> Journey:
    return Journey(f"C-{number}", "", "", created="2026-11-01T00:00:00+00:00", values=values)


@pytest.fixture(scope="session")
def pivot(facts, sales):
    """Return the pivot of deals or contacts by rows, columns and a figure."""

    def made(records, rows: str, cols: str = "", value: str = "count", by: Division | None = None, **more):
        staged = not records or records[0].id.startswith("D")
        told = Population(sales, records, by) if staged else Records(RecordType.CONTACT, records, by)
        record = "deals" if staged else "contact"
        return make(facts(told, now=NOW, record=record, rows=rows, cols=cols, value=value, **more))

    return made


def rows(made) -> list[dict]:
    return [dict(line.row) for line in made.sections[0].lines]


def test_a_row_for_each_value_has_a_figure_for_each_value_of_the_other_field(pivot) -> None:
    made = pivot(
        [deal(1, owner="anna", source="fair"), deal(2, owner="anna"), deal(3, owner="oleg", source="fair")],
        "owner",
        "source",
    )
    assert rows(made) == [
        {"owner": "anna", "fair": 1, "(none)": 1},
        {"owner": "oleg", "fair": 1, "(none)": 0},
    ]
    assert made.totals == {"owner": None, "fair": 2, "(none)": 1}
    assert made.sections[0].lines[0].behind == {"fair": ["D-1"], "(none)": ["D-2"]}


def test_without_columns_the_figure_is_named_by_what_it_is(pivot) -> None:
    assert rows(pivot([deal(1, owner="anna")], "owner", value="sum:amount")) == [
        {"owner": "anna", "sum:amount": {"EUR": "100.00"}}
    ]


def test_amounts_of_unlike_currencies_are_never_added(pivot) -> None:
    deals = [
        deal(1, amount="1"),
        deal(2, amount="2"),
        deal(3, amount="6"),
        deal(4, amount="7", currency="UAH"),
    ]
    figures = {
        value: pivot([*deals, deal(5, amount=None)], "owner", value=f"{value}:amount").totals[
            f"{value}:amount"
        ]
        for value in ("sum", "avg", "median", "min", "max")
    }
    assert figures == {
        "sum": {"EUR": "9.00", "UAH": "7.00"},
        "avg": {"EUR": "3.00", "UAH": "7.00"},
        "median": {"EUR": "2.00", "UAH": "7.00"},
        "min": {"EUR": "1.00", "UAH": "7.00"},
        "max": {"EUR": "6.00", "UAH": "7.00"},
    }


def test_of_nothing_the_sum_is_nothing_and_an_average_there_is_not(pivot) -> None:
    told = {value: pivot([deal(1)], "owner", value=value).totals[value] for value in (
        "sum:probability", "avg:probability", "median:probability", "min:probability"
    )}  # fmt: skip
    assert told == {
        **dict.fromkeys(("avg:probability", "median:probability", "min:probability")),
        "sum:probability": 0,
    }
    assert pivot([deal(1, amount=None)], "owner", value="avg:amount").totals["avg:amount"] == {}


def test_dates_are_grouped_by_month_in_their_order(pivot) -> None:
    deals = [
        deal(1, close_date="2027-01-03"),
        deal(2, close_date="2026-12-31"),
        deal(3, close_date="2026-12-01"),
        deal(4),
    ]
    assert [(row["close_date"], row["count"]) for row in rows(pivot(deals, "close_date"))] == [
        ("2026-12", 2),
        ("2027-01", 1),
        (None, 1),
    ]


def test_a_record_counts_under_each_of_its_tags_once(pivot) -> None:
    made = pivot([contact(1, tags=["vip", "VIP", "new"]), contact(2, tags=["vip"]), contact(3)], "tags")
    assert [(row["tags"], row["count"]) for row in rows(made)] == [("vip", 2), (None, 1), ("new", 1)]
    assert made.totals["count"] == 3
    assert made.notes == ["Tags: a record counts under each of its values"]


def test_stages_stand_in_their_order_those_without_records_too_and_archived_ones_last(pivot) -> None:
    made = pivot([deal(1, "won"), deal(2, "gone"), deal(3, "call")], "stage")
    assert [(row["stage"], row["count"]) for row in rows(made)] == [
        ("call", 1),
        ("offer", 0),
        ("order", 0),
        ("won", 1),
        ("paid", 0),
        ("lost", 0),
        ("gone", 1),
    ]


def test_outcomes_are_columns_whether_or_not_any_record_came_to_them(pivot) -> None:
    made = pivot([deal(1, "paid", owner="anna"), deal(2, owner="anna")], "owner", "outcome")
    assert rows(made) == [{"owner": "anna", "open": 1, "won": 1, "lost": 0}]


def test_an_age_ends_at_the_closing_and_one_that_is_negative_is_left_out(pivot) -> None:
    deals = [
        deal(1),
        deal(2, "won", closed="2026-11-05T12:00:00+00:00"),
        deal(3, "won", closed="2026-10-05T12:00:00+00:00"),
    ]
    made = pivot(deals, "owner", value="avg:age")
    assert made.totals["avg:age"] == pytest.approx((20 + 4.5) / 2)
    assert made.left_out == {"age": 1}
    assert made.notes == ["left out: 1 closed before they were created"]


def test_a_column_named_like_another_key_is_told_apart(pivot) -> None:
    made = pivot(
        [deal(1, owner="source", source="owner"), deal(2, owner="ids", source="(none)"), deal(3)],
        "source",
        "owner",
    )
    assert set(made.totals) == {"source", "owner source", "owner ids", "(none)"}


def test_groups_have_the_columns_of_all(pivot) -> None:
    by = Division("source", lambda value: value or "(none)")
    made = pivot([deal(1, owner="anna", group="fair"), deal(2, owner="oleg")], "stage", "owner", by=by)
    assert {
        (row["source"], row["stage"], row["anna"], row["oleg"])
        for row in rows(made)
        if row["stage"] == "call"
    } == {
        ("fair", "call", 1, 0),
        (None, "call", 0, 1),
    }


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("mean:amount", "unknown figure"),
        ("sum", "not complete"),
        ("sum:", "not complete"),
        ("count:amount", "not complete"),
        ("sum:title", "neither a number nor an amount"),
        ("sum:outcome", "not of the records"),
    ],
)
def test_a_figure_that_there_is_not_is_refused(pivot, value: str, told: str) -> None:
    with pytest.raises(WrongUse, match=told):
        pivot([deal(1)], "owner", value=value)


def test_columns_that_nobody_could_read_are_refused(pivot) -> None:
    with pytest.raises(WrongUse, match="201 values"):
        pivot([deal(number, title=str(number)) for number in range(201)], "owner", "title")


NAMES = st.sampled_from([None, "anna", "Anna", "oleg", "ids"])


@given(
    st.lists(st.tuples(NAMES, NAMES, st.sampled_from(["call", "won", "lost"])), max_size=12), st.booleans()
)
def test_cells_count_each_record_once_and_sum_to_the_totals(pivot, told: list, by_outcome: bool) -> None:
    deals = [deal(n, stage, owner=owner, source=source) for n, (owner, source, stage) in enumerate(told)]
    made = pivot(deals, "owner", "outcome" if by_outcome else "source")
    names = [name for name in made.totals if name != "owner"]
    for line in made.sections[0].lines:
        assert [line.row[name] for name in names] == [len(line.behind[name]) for name in names]
    for name in names:
        assert sum(line.row[name] for line in made.sections[0].lines) == made.totals[name]
    assert sum(made.totals[name] for name in names) == len(deals)
