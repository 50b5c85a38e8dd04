from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.pipeline import Outcome
from crmctl.reports.division import Division
from crmctl.reports.facts import Population, Window
from crmctl.reports.journey import Journey
from crmctl.reports.made import Made
from crmctl.reports.standard.cohorts import make

NOW = "2026-11-21T10:00:00+00:00"


def on(day: str) -> str:
    return f"{day}T10:00:00+00:00"


def deal(
    number: int, created: str, won: str = "", group: str | None = None, *, gone: bool = False
) -> Journey:
    return Journey(
        f"D-{number}",
        "sales",
        "won" if won else "call",
        created=on(created),
        closed=on(won) if won else None,
        group=group,
        transferred=gone,
    )


DEALS = [
    deal(1, "2026-08-01", "2026-08-31"),
    deal(2, "2026-08-31", "2026-10-01"),
    deal(3, "2026-08-15"),
    deal(4, "2026-08-15"),
    deal(5, "2026-10-31", "2026-11-01"),
]


@pytest.fixture
def made(facts, sales) -> Callable[..., Made]:
    return lambda *deals, **more: make(facts(Population(sales, deals), **{"now": NOW, **more}))


def rows(made: Made) -> list[dict[str, object]]:
    return [dict(line.row) for line in made.sections[0].lines]


def test_shares_are_of_what_was_won_by_the_end_of_each_month_since(made) -> None:
    assert rows(made(*DEALS)) == [
        {"month": "2026-08", "records": 4, "m0": 0.25, "m1": 0.25, "m2": 0.5, "m3": 0.5},
        {"month": "2026-09", "records": 0, "m0": None, "m1": None, "m2": None, "m3": None},
        {"month": "2026-10", "records": 1, "m0": 0.0, "m1": 1.0, "m2": None, "m3": None},
    ]


def test_the_ids_are_those_won_by_then_and_none_are_told_of_months_to_come(made) -> None:
    first, _, last = (line.behind for line in made(*DEALS).sections[0].lines)
    assert first["records"] == ["D-1", "D-2", "D-3", "D-4"]
    assert [first[name] for name in ("m0", "m1", "m2", "m3")] == [
        ["D-1"],
        ["D-1"],
        ["D-1", "D-2"],
        ["D-1", "D-2"],
    ]
    assert list(last) == ["records", "m0", "m1"]


def test_totals_are_over_the_records_whose_month_has_begun(made) -> None:
    found = made(*DEALS)
    totals = {"month": None, "records": 5, "m0": 0.2, "m1": 0.4, "m2": 0.5, "m3": 0.5}
    assert found.totals == totals
    assert found.sections[0].total == {**totals, "month": "All"}


def test_all_tables_have_the_columns_that_the_oldest_record_needs(facts, sales) -> None:
    told = (
        Population(sales, DEALS),
        Population(msgspec.structs.replace(sales, id="other"), [deal(6, "2026-11-02")]),
    )
    found = make(facts(*told, now=NOW))
    names = [[column.name for column in section.columns] for section in found.sections]
    assert names[0] == names[1] == ["month", "records", "m0", "m1", "m2", "m3"]


def test_of_nothing_there_are_no_months(made) -> None:
    assert rows(made()) == []
    assert made().totals == {"month": None, "records": 0, "m0": None}


def test_a_record_that_was_reopened_is_not_won(made) -> None:
    reopened = Journey("D-1", "sales", "call", stages=("call", "won", "call"), created=on("2026-11-01"))
    assert rows(made(reopened))[0]["m0"] == 0.0


def test_what_was_won_before_it_was_created_was_won_in_that_month(made) -> None:
    assert rows(made(deal(1, "2026-10-05", "2026-09-05")))[0]["m0"] == 1.0


def test_who_cannot_be_placed_is_left_out_with_a_count(made) -> None:
    undated = Journey("D-6", "sales", "won", created=on("2026-10-01"))
    others = (deal(7, "1900-01-01"), deal(8, "2027-03-01"), deal(9, "2026-10-01", gone=True), undated)
    found = made(*DEALS, *others)
    assert rows(found) == rows(made(*DEALS))
    assert found.left_out == {"out_of_range": 2, "transferred": 1, "won_undated": 1}
    assert "2 records created more than 50 years ago or after now left out" in found.notes


def test_a_period_is_that_of_the_creation(made) -> None:
    found = made(*DEALS, window=Window(on("2026-10-01"), on("2026-11-01")))
    assert [row["month"] for row in rows(found)] == ["2026-10"]


def test_groups_have_the_same_months_side_by_side(facts, sales) -> None:
    by = Division("owner", lambda value: value or "(none)", title="Owner")
    deals = [deal(1, "2026-10-01", group="anna"), deal(2, "2026-11-01", group="anna"), deal(3, "2026-10-01")]
    (section,) = make(facts(Population(sales, deals, by), now=NOW)).sections
    assert [(line.row["owner"], line.row["month"], line.row["records"]) for line in section.lines] == [
        ("anna", "2026-10", 1),
        ("anna", "2026-11", 1),
        (None, "2026-10", 1),
        (None, "2026-11", 0),
    ]


@given(st.data())
def test_shares_only_grow_and_end_with_all_that_is_won(facts, sales, journeys, data: st.DataObject) -> None:
    records = data.draw(journeys(unseen=False))
    here = [each for each in records if not each.transferred]
    found = make(facts(Population(sales, records)))
    won = {each.id for each in here if sales.outcome_of(each.stage) is Outcome.WON}
    lines = found.sections[0].lines
    assert sum(line.row["records"] for line in lines) == found.totals["records"] == len(here)
    assert {name for line in lines for ids in list(line.behind.values())[1:] for name in ids} == won
    for line in lines:
        shares = [value for name, value in line.row.items() if name.startswith("m") and value is not None][1:]
        assert shares == sorted(shares)
        assert all(set(ids) <= set(line.behind["records"]) for ids in line.behind.values())
        for name, ids in list(line.behind.items())[1:]:
            assert line.row[name] == (len(ids) / line.row["records"] if line.row["records"] else None)


@given(st.data())
def test_the_order_of_records_changes_no_figure(facts, sales, journeys, data: st.DataObject) -> None:
    records = data.draw(journeys())
    one, other = (make(facts(Population(sales, each))) for each in (records, records[::-1]))
    assert (rows(one), one.totals) == (rows(other), other.totals)
