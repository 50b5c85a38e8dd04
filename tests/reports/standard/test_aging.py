from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.pipeline import Outcome
from crmctl.reports.division import Division
from crmctl.reports.duration import days_between
from crmctl.reports.facts import Population, Window
from crmctl.reports.journey import Journey
from crmctl.reports.made import Made
from crmctl.reports.standard.aging import make

NOW = "2026-11-30T10:00:00+00:00"


def day(number: int) -> str:
    return f"2026-11-{number:02d}T10:00:00+00:00"


def went(number: int, *way: tuple[str, int], title: str = "", **more: str) -> Journey:
    entered = tuple(day(at) for _, at in way)
    return Journey(
        f"D-{number}",
        "sales",
        way[-1][0],
        more.get("amount"),
        "EUR",
        group=more.get("owner"),
        stages=tuple(stage for stage, _ in way),
        entered=entered,
        left=(*entered[1:], ""),
        created=entered[0],
        closed=entered[-1] if way[-1][0] in {"won", "lost"} else None,
        values={"title": title or f"Deal {number}", "owner": more.get("owner")},
    )


@pytest.fixture
def made(facts, sales) -> Callable[..., Made]:
    return lambda *deals, **more: make(facts(Population(sales, deals), now=NOW, **more))


def ids(made: Made) -> list[object]:
    return [line.row["id"] for line in made.sections[0].lines]


def test_the_most_overdue_is_first_by_days_over_the_limit(made) -> None:
    found = made(went(1, ("call", 27)), went(2, ("call", 1)), went(3, ("call", 20), amount="5", owner="anna"))
    assert ids(found) == ["D-2", "D-3", "D-1"]
    line = found.sections[0].lines[1]
    assert line.row == {
        "id": "D-3",
        "title": "Deal 3",
        "stage": "call",
        "days": 10.0,
        "max_age": 2.0,
        "amount": {"EUR": "5.00"},
        "owner": "anna",
    }
    assert line.shown == {"stage": "Call", "owner": "anna"}
    assert line.behind == {"": ["D-3"]}
    assert found.totals == {**dict.fromkeys(line.row), "amount": {"EUR": "5.00"}}


def test_days_are_those_since_the_last_entry(made) -> None:
    assert ids(made(went(1, ("call", 1), ("offer", 20), ("call", 29)))) == []


def test_exactly_as_long_as_the_limit_is_not_too_long(made) -> None:
    assert ids(made(went(1, ("call", 28)))) == []


def test_closed_records_and_those_gone_to_other_pipelines_do_not_age(made) -> None:
    gone = Journey(
        "D-2", "sales", "call", stages=("call",), entered=(day(1),), left=(day(20),), transferred=True
    )
    assert ids(made(went(1, ("call", 1), ("won", 2)), gone)) == []


def test_stages_without_a_limit_are_not_judged_but_counted(made) -> None:
    found = made(went(1, ("order", 1)), went(2, ("trial", 1)))
    assert ids(found) == []
    assert list(found.notes) == ["Sales: 2 open records on stages without max_age, not judged"]


def test_a_period_has_the_records_that_came_to_their_stage_in_it(made) -> None:
    deals = (went(1, ("call", 1)), went(2, ("call", 10)))
    assert ids(made(*deals, window=Window(day(5), day(15)))) == ["D-2"]


def test_a_record_that_comes_to_its_stage_later_is_left_out(made) -> None:
    late = Journey(
        "D-1", "sales", "call", stages=("call",), entered=("2027-01-01T00:00:00+00:00",), left=("",)
    )
    found = made(late)
    assert ids(found) == []
    assert found.left_out == {"backward": 1}


def test_groups_have_the_most_overdue_of_each_first(facts, sales) -> None:
    by = Division("owner", lambda value: value or "(none)", title="Owner")
    deals = [
        went(1, ("call", 9), owner="anna"),
        went(2, ("call", 1), owner="anna"),
        went(3, ("call", 5), owner="oleg"),
    ]
    lines = make(facts(Population(sales, deals, by), now=NOW)).sections[0].lines
    assert [(line.row["owner"], line.row["id"]) for line in lines] == [
        ("anna", "D-2"),
        ("anna", "D-1"),
        ("oleg", "D-3"),
    ]


@given(st.data())
def test_all_open_records_over_their_limit_are_there_whatever_their_order(
    facts, sales, journeys, data: st.DataObject
) -> None:
    records = data.draw(journeys())
    found = make(facts(Population(sales, records)))
    limits = {"call": 2.0, "offer": 30.0}
    expected = [
        each.id
        for each in records
        if not each.transferred
        and sales.outcome_of(each.stage) is Outcome.OPEN
        and each.stage in limits
        and days_between(each.entered[-1], "2026-12-01T00:00:00+00:00") > limits[each.stage]
    ]
    assert sorted(map(str, ids(found))) == expected
    over = [line.row["days"] - line.row["max_age"] for line in found.sections[0].lines]
    assert over == sorted(over, reverse=True)
    other = make(facts(Population(sales, records[::-1])))
    assert (ids(other), other.totals) == (ids(found), found.totals)
