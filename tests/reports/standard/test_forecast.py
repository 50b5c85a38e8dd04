from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.errors import WrongUse
from crmctl.reports.division import Division
from crmctl.reports.facts import Window
from crmctl.reports.journey import Journey
from crmctl.reports.standard.forecast import make

TODAY = "2026-11-15T10:00:00+00:00"


def open_deal(number: int, close_date: str | None, amount: str | None = "100", **more) -> Journey:
    stage = more.get("stage", "call")
    return Journey(
        f"D-{number}",
        "sales",
        stage,
        amount,
        more.get("currency", "EUR"),
        stages=(stage,),
        entered=("2026-01-01T10:00:00+00:00",),
        created="2026-01-01T10:00:00+00:00",
        left=("",),
        group=more.get("group"),
        values={"close_date": close_date, "probability": more.get("probability")},
        transferred=more.get("transferred", False),
    )


def closed_deal(number: int, stage: str, day: str, amount: str = "100", way: tuple[str, ...] = ("call",)):
    at = f"{day}T10:00:00+00:00"
    stages = (*way, stage)
    return Journey(
        f"D-{number}",
        "sales",
        stage,
        amount,
        "EUR",
        stages=stages,
        entered=(*("2026-01-01T10:00:00+00:00" for _ in way), at),
        created="2026-01-01T10:00:00+00:00",
        closed=at,
        left=(*(at for _ in way), ""),
        values={"close_date": "2026-12-24", "probability": None},
    )


def rows(facts, *deals: Journey, now: str = TODAY, **more) -> dict:
    made = make(facts(facts.sales(deals), now=now, **more))
    return {line.row["month"]: line.row for line in made.sections[0].lines}


def test_open_amounts_are_weighted_by_the_month_of_the_expected_close(facts) -> None:
    found = rows(
        facts,
        open_deal(1, "2026-12-01", "100", probability=25),
        open_deal(2, "2026-12-31", "10", probability=90),
        open_deal(3, "2026-11-30", "7"),
    )
    assert list(found) == ["2026-11", "2026-12"]
    assert found["2026-12"]["count"] == 2
    assert found["2026-12"]["amount"] == {"EUR": "110.00"}
    assert found["2026-12"]["weighted"] == {"EUR": "34.00"}
    assert found["2026-11"]["weighted"] == {"EUR": "0.70"}


def test_overdue_deals_and_those_without_a_date_are_rows_of_their_own(facts) -> None:
    found = rows(
        facts,
        open_deal(1, "2026-11-14"),
        open_deal(2, "2026-11-15"),
        open_deal(3, None),
        open_deal(4, "some day"),
    )
    assert {month: row["count"] for month, row in found.items()} == {"overdue": 1, "2026-11": 1, None: 2}
    assert list(found) == ["overdue", "2026-11", None]


def test_what_was_won_is_actual_in_the_month_it_closed_and_what_was_lost_is_nothing(facts) -> None:
    found = rows(facts, closed_deal(1, "won", "2026-10-02", "300"), closed_deal(2, "lost", "2026-11-02"))
    assert list(found) == ["2026-10"]
    assert found["2026-10"] == {
        "month": "2026-10",
        "count": 0,
        "amount": {},
        "weighted": {},
        "actual": {"EUR": "300.00"},
    }


def test_months_between_the_first_and_the_last_are_rows(facts) -> None:
    found = rows(facts, closed_deal(1, "won", "2026-10-02"), open_deal(2, "2027-02-01"))
    assert list(found) == ["2026-10", "2026-11", "2026-12", "2027-01", "2027-02"]
    assert found["2026-12"]["amount"] == {}


def test_a_date_centuries_away_makes_no_thousand_rows(facts) -> None:
    made = make(facts(facts.sales([open_deal(1, "2026-12-01"), open_deal(2, "9999-12-31")]), now=TODAY))
    assert [line.row["month"] for line in made.sections[0].lines] == ["2026-12", "9999-12"]
    assert list(made.notes) == ["nothing closes between 2026-12 and 9999-12: those months are no rows"]


def test_the_weighted_sum_is_rounded_once(facts) -> None:
    deals = [open_deal(number, "2026-12-01", "0.05") for number in range(10)]
    assert rows(facts, *deals)["2026-12"]["weighted"] == {"EUR": "0.05"}


def test_the_probability_kept_counts_and_live_that_of_the_configuration(facts) -> None:
    deal = open_deal(1, "2026-12-01", probability=80)
    assert rows(facts, deal)["2026-12"]["weighted"] == {"EUR": "80.00"}
    assert rows(facts, deal, live="yes")["2026-12"]["weighted"] == {"EUR": "10.00"}


@pytest.mark.parametrize("stage", ["order", "archived"])
def test_a_deal_whose_chance_nobody_says_is_weighted_with_nothing_and_noted(facts, stage: str) -> None:
    made = make(facts(facts.sales([open_deal(1, "2026-12-01", stage=stage)]), now=TODAY))
    assert made.totals["weighted"] == {"EUR": "0.00"}
    assert list(made.notes) == ["Sales: 1 open deal without a probability, weighted with 0"]


def test_history_counts_from_twenty_closed_records_that_entered_the_stage(facts) -> None:
    won = [closed_deal(number, "won", "2026-06-01", way=("call", "offer")) for number in range(100, 115)]
    lost = [closed_deal(number, "lost", "2026-06-01") for number in range(200, 205)]
    told = facts(
        facts.sales([*won, *lost, open_deal(1, "2026-12-01"), open_deal(2, "2027-01-01", stage="offer")]),
        now=TODAY,
        from_history="yes",
    )
    made = make(told)
    weighted = {line.row["month"]: line.row["weighted"] for line in made.sections[0].lines}
    assert weighted["2026-12"] == {"EUR": "75.00"}
    assert weighted["2027-01"] == {"EUR": "50.00"}
    assert list(made.notes) == ["Sales: fewer than 20 closed from Offer, the configured probability counts"]
    assert made.explained["Probability, Sales, Call"] == "15 won of 20 closed that entered the stage"
    assert "too few: 50% as configured" in made.explained["Probability, Sales, Offer"]


def test_one_way_to_weigh_is_asked_for(facts) -> None:
    with pytest.raises(WrongUse, match="two ways"):
        make(facts(facts.sales([]), live="yes", from_history="yes"))


def test_a_period_cuts_the_months_and_tells_what_it_left_out(facts) -> None:
    window = Window("2026-11-01T00:00:00+00:00", "2027-01-01T00:00:00+00:00")
    deals = [
        open_deal(1, "2026-11-02"),
        open_deal(2, "2026-10-31"),
        open_deal(3, "2026-12-31"),
        open_deal(4, "2027-01-01"),
        open_deal(5, None),
        closed_deal(6, "won", "2026-10-31"),
        closed_deal(7, "won", "2026-11-01"),
    ]
    made = make(facts(facts.sales(deals), now=TODAY, window=window))
    assert [(line.row["month"], line.row["count"]) for line in made.sections[0].lines] == [
        ("overdue", 1),
        ("2026-11", 0),
        ("2026-12", 1),
    ]
    assert made.totals["actual"] == {"EUR": "100.00"}
    assert sorted(made.left_out.values()) == [0, 1, 3]


def test_a_record_that_went_to_another_pipeline_is_expected_there(facts) -> None:
    assert rows(facts, open_deal(1, "2026-12-01", transferred=True)) == {}


def test_groups_have_the_same_months(facts) -> None:
    deals = [open_deal(1, "2026-11-20", group="anna"), open_deal(2, "2026-12-20", group="oleg")]
    by = Division("owner", lambda value: value or "(none)")
    made = make(facts(facts.sales(deals, by), now=TODAY))
    assert [(line.row["owner"], line.row["month"], line.row["count"]) for line in made.sections[0].lines] == [
        ("anna", "2026-11", 1),
        ("anna", "2026-12", 0),
        ("oleg", "2026-11", 0),
        ("oleg", "2026-12", 1),
    ]


DATES = st.none() | st.dates(min_value=date(2026, 1, 1), max_value=date(2028, 12, 31)).map(str)
AMOUNTS = st.none() | st.decimals(0, 9999, places=2).map(str)


@given(st.lists(st.tuples(DATES, AMOUNTS, st.none() | st.integers(0, 100)), max_size=12))
def test_rows_sum_to_the_totals_and_months_are_in_order_without_gaps(facts, told: list) -> None:
    deals = [open_deal(n, day, amount, probability=chance) for n, (day, amount, chance) in enumerate(told)]
    made = make(facts(facts.sales(deals), now=TODAY))
    lines = made.sections[0].lines
    assert sum(line.row["count"] for line in lines) == made.totals["count"] == len(deals)
    amounts = [Decimal(line.row["amount"].get("EUR", "0")) for line in lines]
    assert sum(amounts) == Decimal(made.totals["amount"].get("EUR", "0"))
    assert Decimal(made.totals["weighted"].get("EUR", "0")) <= sum(amounts)
    assert [len(line.behind["count"]) for line in lines] == [line.row["count"] for line in lines]
    months = [line.row["month"] for line in lines if line.row["month"] not in (None, "overdue")]
    numbers = [12 * int(month[:4]) + int(month[5:]) for month in months]
    assert all(later == one + 1 for one, later in pairwise(numbers))


def test_a_period_that_is_open_at_an_end_begins_and_ends_where_deals_do(facts) -> None:
    found = rows(facts, open_deal(1, "2027-02-01"), window=Window("2020-01-01T00:00:00+00:00", ""))
    assert list(found) == ["2027-02"]
