from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.duration import days_between
from crmctl.reports.facts import Population, Window
from crmctl.reports.journey import Journey
from crmctl.reports.made import Made
from crmctl.reports.standard.stage_time import make
from crmctl.reports.staying import timed_stays

NOW = "2026-11-30T10:00:00+00:00"


def day(number: int) -> str:
    return f"2026-11-{number:02d}T10:00:00+00:00"


def went(number: int, *way: tuple[str, int], closed: int | None = None) -> Journey:
    entered = tuple(day(at) for _, at in way)
    return Journey(
        f"D-{number}",
        "sales",
        way[-1][0],
        stages=tuple(stage for stage, _ in way),
        entered=entered,
        left=(*entered[1:], ""),
        created=entered[0],
        closed=day(closed) if closed else None,
    )


DEALS = [
    went(1, ("call", 1), ("offer", 2), ("call", 6), ("order", 9), ("won", 10), closed=10),
    went(2, ("call", 1), ("lost", 5), ("call", 11)),
    went(3, ("call", 20)),
    went(4, ("trial", 1), ("call", 29)),
]


@pytest.fixture
def made(facts, sales) -> Callable[..., Made]:
    return lambda deals=DEALS, **more: make(facts(Population(sales, deals), now=NOW, **more))


def rows(made: Made) -> dict[str, Any]:
    return {str(line.row["stage"]): line.row for line in made.sections[0].lines}


def test_stays_that_ended_and_those_that_go_on_are_told_apart(made) -> None:
    assert rows(made())["call"] == {
        "stage": "call",
        "n": 3,
        "median": 3.0,
        "mean": pytest.approx(8 / 3),
        "p90": pytest.approx(3.8),
        "open": 3,
        "open_median": 10.0,
    }


def test_every_open_stage_has_a_row_closed_ones_where_records_left_them_and_archived_ones_last(made) -> None:
    assert list(rows(made())) == ["call", "offer", "order", "lost", "trial"]
    assert list(rows(made([]))) == ["call", "offer", "order"]
    assert rows(made([]))["call"] == {
        "stage": "call",
        "n": 0,
        "median": None,
        "mean": None,
        "p90": None,
        "open": 0,
        "open_median": None,
    }
    assert made().sections[0].lines[-1].shown == {"stage": "trial (archived)"}


def test_each_stay_counts_by_itself_and_its_record_once_among_the_ids(made) -> None:
    call = made().sections[0].lines[0]
    assert call.behind == {"n": ["D-1", "D-2"], "open": ["D-2", "D-3", "D-4"]}
    assert list(made().notes) == ["Sales: 2 records moved back, each stay counted by itself"]


def test_of_those_that_moved_back_records_without_a_stay_that_counts_are_not_told(made) -> None:
    assert list(made(window=Window(day(12), day(15))).notes) == [
        "Sales: 1 record moved back, each stay counted by itself"
    ]
    assert list(made([DEALS[0]], window=Window(day(20), day(30))).notes) == []


def test_the_stay_on_a_lost_stage_ends_when_the_record_is_reopened(made) -> None:
    assert (rows(made())["lost"]["n"], rows(made())["lost"]["mean"]) == (1, 6.0)
    assert "won" not in rows(made())


def test_a_period_has_the_stays_that_ended_in_it_and_those_open_at_its_end(made) -> None:
    found = rows(made(window=Window(day(3), day(8))))
    assert (found["call"]["n"], found["call"]["open"], found["call"]["open_median"]) == (1, 1, 2.0)
    assert (found["offer"]["n"], found["trial"]["open"], found["trial"]["open_median"]) == (1, 1, 7.0)
    assert "lost" not in found


def test_a_period_that_is_not_over_has_those_open_now_and_so_has_one_to_come(made) -> None:
    whole = rows(made(window=Window(day(1), "2027-01-01T00:00:00+00:00")))
    assert whole == rows(made())
    to_come = made(window=Window("2027-01-01T00:00:00+00:00", "2027-02-01T00:00:00+00:00"))
    assert to_come.totals["n"] == 0
    for figure in ("open", "open_median"):
        assert to_come.totals[figure] == made().totals[figure] != 0


def test_all_that_befell_a_cohort_is_told_whenever_it_did(facts, sales) -> None:
    window = Window(day(1), day(2))
    cohort = Cohort(Event.CREATED, "", window.start, window.end)
    told = Population(sales, cohort.members(DEALS), cohort=cohort)
    assert make(facts(told, now=NOW, window=window)).totals["n"] == 7


def test_records_without_a_history_are_left_out_with_a_count(made) -> None:
    found = made([*DEALS, Journey("D-9", "sales", "won", created=day(1), closed=day(2))])
    assert found.left_out == {"history": 1}
    assert found.totals == made().totals


@given(st.data())
def test_all_time_on_stages_is_the_age_of_all_records(facts, sales, journeys, data: st.DataObject) -> None:
    records = data.draw(journeys())
    found = make(facts(Population(sales, records)))
    stays = [stay for each in records for stay in timed_stays(sales, each)]
    ended = [days_between(stay.entered, stay.left) for stay in stays if stay.left]
    assert found.totals["n"] == len(ended)
    assert (found.totals["mean"] or 0) * len(ended) == pytest.approx(sum(ended))
    assert found.totals["open"] == len(stays) - len(ended)
    lines = found.sections[0].lines
    assert sum(line.row["n"] for line in lines) == len(ended)


@given(st.data())
def test_the_order_of_records_changes_no_figure(facts, sales, journeys, data: st.DataObject) -> None:
    records = data.draw(journeys())
    one, other = (make(facts(Population(sales, each))) for each in (records, records[::-1]))
    assert rows(one) == rows(other)
    assert one.totals == other.totals
