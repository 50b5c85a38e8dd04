import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.pipeline import Outcome
from crmctl.money import rounded
from crmctl.reports.closing import ended
from crmctl.reports.facts import Population, Window
from crmctl.reports.journey import Journey
from crmctl.reports.made import Made
from crmctl.reports.standard.velocity import make
from crmctl.reports.sums import summed


def day(number: int) -> str:
    return f"2026-11-{number:02d}T10:00:00+00:00"


def deal(
    number: int, stage: str, created: int, closed: int, amount: str | None, code: str = "EUR"
) -> Journey:
    return Journey(
        f"D-{number}",
        "sales",
        stage,
        amount,
        code,
        stages=("call", stage),
        entered=(day(created), day(closed)),
        left=(day(closed), ""),
        created=day(created),
        closed=day(closed),
    )


DEALS = [deal(1, "won", 1, 5, "300"), deal(2, "paid", 2, 10, "60"), deal(3, "lost", 2, 8, "50")]


@pytest.fixture
def made(facts, sales) -> Callable[..., Made]:
    return lambda *deals, **more: make(facts(Population(sales, deals), **more))


def test_velocity_is_number_by_average_by_win_rate_over_cycle(made) -> None:
    found = made(*DEALS)
    assert found.totals == {
        "closed": 3,
        "won": 2,
        "average_won": {"EUR": "180.00"},
        "win_rate": pytest.approx(2 / 3),
        "cycle_days": 6.0,
        "velocity": {"EUR": "60.00"},
    }
    (line,) = found.sections[0].lines
    assert line.row == found.totals
    assert line.behind == {"closed": ["D-1", "D-2", "D-3"], "won": ["D-1", "D-2"]}
    assert list(found.notes) == ["Sales: check: 360.00 EUR won / 6.0 days = 60.00 EUR a day"]


def test_the_period_is_that_of_the_closing(made) -> None:
    assert made(*DEALS, window=Window(day(9), day(11))).totals["won"] == 1


def test_where_nothing_was_won_there_is_no_velocity(made) -> None:
    assert made(DEALS[2]).totals == {
        "closed": 1,
        "won": 0,
        "average_won": None,
        "win_rate": 0.0,
        "cycle_days": None,
        "velocity": None,
    }
    assert made().totals["win_rate"] is None


def test_what_was_won_at_once_has_a_cycle_of_no_days_and_no_velocity(made) -> None:
    found = made(deal(1, "won", 5, 5, "100")).totals
    assert (found["cycle_days"], found["velocity"]) == (0.0, None)


def test_a_win_before_its_creation_is_out_of_the_cycle_alone(made) -> None:
    found = made(*DEALS, deal(4, "won", 20, 3, "40"))
    assert (found.totals["won"], found.totals["cycle_days"]) == (3, 6.0)
    assert found.totals["velocity"] == {"EUR": "66.67"}
    assert found.left_out["days"] == 1
    assert "Sales: 1 record won before created, left out of the cycle" in found.notes


def test_wins_without_an_amount_are_told_of_and_count_as_nothing_in_the_average(made) -> None:
    found = made(*DEALS, deal(4, "won", 1, 7, None))
    assert found.totals["average_won"] == {"EUR": "120.00"}
    assert "Sales: 1 record won without an amount, counted as 0 in the average" in found.notes
    assert made(deal(4, "won", 1, 7, None)).totals["average_won"] is None


def test_the_check_holds_as_it_is_printed(made) -> None:
    assert made(*DEALS, deal(4, "won", 20, 3, "40")).notes[0] == (
        "Sales: check: 400.00 EUR won / 6.0 days = 66.67 EUR a day"
    )
    uneven = made(deal(1, "won", 1, 3, "1000"), deal(2, "won", 1, 4, "1000"), deal(3, "won", 1, 4, "1000"))
    assert uneven.notes[0] == "Sales: check: 3000.00 EUR won / 2.66667 days = 1125.00 EUR a day"


def test_unlike_currencies_are_never_added(made) -> None:
    found = made(*DEALS, deal(4, "won", 1, 7, "90", "UAH"))
    assert found.totals["average_won"] == {"EUR": "180.00", "UAH": "90.00"}
    assert found.totals["velocity"] == {"EUR": "60.00", "UAH": "15.00"}


@given(st.data())
def test_velocity_by_cycle_is_the_revenue(facts, sales, journeys, data: st.DataObject) -> None:
    records = data.draw(journeys())
    found = make(facts(Population(sales, records)))
    velocity, cycle = found.totals["velocity"], found.totals["cycle_days"]
    won = ended(sales, records, Outcome.WON)
    for note in (note for note in found.notes if "check" in note):
        revenue, code, days, a_day = re.search(
            r"([-\d.]+) (\S+) won / ([\d.]+) days = ([-\d.]+)", note
        ).groups()
        assert rounded(Decimal(revenue) / Decimal(days), code) == Decimal(a_day) == Decimal(velocity[code])
    if velocity is not None:
        for currency, amount in summed(won).items():
            # What is told of a day is rounded to cents: the days of a cycle are as many halves of one.
            assert abs(Decimal(velocity[currency]) * Decimal(cycle) - Decimal(amount)) <= Decimal(cycle) / 200


@given(st.data())
def test_the_order_of_records_changes_no_figure(facts, sales, journeys, data: st.DataObject) -> None:
    records = data.draw(journeys())
    one, other = (make(facts(Population(sales, each))) for each in (records, records[::-1]))
    assert (one.totals, one.notes) == (other.totals, other.notes)
