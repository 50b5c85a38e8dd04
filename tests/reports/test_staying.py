"""Stays are a record's age, whatever way it went."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.reports.duration import days_between
from crmctl.reports.facts import Population
from crmctl.reports.journey import Journey
from crmctl.reports.staying import Reckoned, TimedStay, timed_stays

NOW = "2026-12-01T00:00:00+00:00"


def day(number: int) -> str:
    return f"2026-11-{number:02d}T10:00:00+00:00"


def went(*way: tuple[str, int], closed: int | None = None, **more: object) -> Journey:
    """Return a record that entered stages on days of November, and is on the last."""
    entered = tuple(day(at) for _, at in way)
    return Journey(
        "D-1",
        "sales",
        str(more.get("stage", way[-1][0])),
        stages=tuple(stage for stage, _ in way),
        entered=entered,
        left=(*entered[1:], ""),
        created=str(more.get("created", entered[0])),
        closed=day(closed) if closed else None,
    )


def stays(sales, journey: Journey) -> list[tuple[str, float]]:
    found = timed_stays(sales, journey)
    return [(stay.stage, days_between(stay.entered, stay.left or NOW)) for stay in found]


def test_the_stay_on_the_stage_that_a_record_closed_on_is_none(sales) -> None:
    assert stays(sales, went(("call", 1), ("offer", 3), ("won", 9), closed=9)) == [
        ("call", 2.0),
        ("offer", 6.0),
    ]


def test_a_reopened_record_stayed_on_the_lost_stage_too(sales) -> None:
    found = stays(sales, went(("call", 1), ("lost", 3), ("offer", 5), ("won", 9), closed=9))
    assert found == [("call", 2.0), ("lost", 2.0), ("offer", 4.0)]


def test_a_move_from_won_to_paid_was_a_stay_on_won(sales) -> None:
    assert stays(sales, went(("call", 1), ("won", 3), ("paid", 9), closed=9)) == [("call", 2.0), ("won", 6.0)]


def test_a_stage_left_within_a_second_was_stayed_on(sales) -> None:
    assert stays(sales, went(("call", 1), ("won", 1), closed=1)) == [("call", 0.0)]


def test_a_loss_dated_before_a_win_ends_the_age(sales) -> None:
    way = went(("call", 1), ("lost", 5), ("won", 9), closed=5, stage="lost")
    assert stays(sales, way) == [("call", 4.0)]


def test_an_open_record_is_where_it_is_whatever_date_its_last_move_bears(sales) -> None:
    found = timed_stays(sales, went(("call", 1), ("offer", 3), ("order", 9), stage="offer"))
    assert found[-1] == TimedStay("offer", day(9), "")


@pytest.mark.parametrize(
    "journey",
    [
        went(("call", 9), ("offer", 3)),
        went(("call", 1), ("won", 3), closed=3, created=day(5)),
        went(("call", 1), ("offer", 3), created=day(1)).__class__(
            "D-1", "sales", "call", stages=("call",), entered=("2027-01-01T00:00:00+00:00",), left=("",)
        ),
    ],
)
def test_dates_that_run_backwards_are_left_out_and_counted(sales, journey: Journey) -> None:
    reckoned = Reckoned([Population(sales, [journey])], NOW)
    assert reckoned.stays(journey) == ()
    assert reckoned.notes == ["1 record with dates that run backwards left out"]


def test_who_came_closed_without_a_history_is_left_out_and_counted(sales) -> None:
    unseen = Journey("D-1", "sales", "won", created=day(1), closed=day(3))
    assert Reckoned([Population(sales, [unseen])], NOW).left_out == {"history": 1}


@given(st.data())
def test_the_stays_of_a_record_sum_to_its_age(sales, journeys, data: st.DataObject) -> None:
    for journey in data.draw(journeys(unseen=False)):
        found = timed_stays(sales, journey)
        away = sum(days_between(*gap) for gap in zip(journey.left, journey.entered[1:], strict=False))
        end = journey.closed or journey.left[-1] or NOW
        in_all = sum(days_between(stay.entered, stay.left or NOW) for stay in found)
        assert in_all == pytest.approx(days_between(journey.created, end) - away)
        assert [stay.left for stay in found[:-1]].count("") == 0
