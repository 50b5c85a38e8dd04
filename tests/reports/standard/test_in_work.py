from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.reports.division import Division
from crmctl.reports.facts import Population, Window
from crmctl.reports.journey import Journey
from crmctl.reports.made import Made
from crmctl.reports.standard.in_work import make
from crmctl.reports.staying import timed_stays

NOW = "2026-11-30T10:00:00+00:00"
END = "2027-01-01T00:00:00+00:00"


def day(number: int) -> str:
    return f"2026-11-{number:02d}T10:00:00+00:00"


def went(number: int, *way: tuple[str, int], closed: int | None = None, amount: str = "10") -> Journey:
    entered = tuple(day(at) for _, at in way)
    return Journey(
        f"D-{number}",
        "sales",
        way[-1][0],
        amount,
        "EUR",
        stages=tuple(stage for stage, _ in way),
        entered=entered,
        left=(*entered[1:], ""),
        created=entered[0],
        closed=day(closed) if closed else None,
    )


WON = went(1, ("call", 2), ("offer", 4), ("won", 10), closed=10)
REOPENED = went(2, ("call", 2), ("lost", 5), ("offer", 20))
OPEN = went(3, ("call", 12))


@pytest.fixture
def made(facts, sales) -> Callable[..., Made]:
    def make_of(*deals: Journey, period: tuple[int, int] | None = None) -> Made:
        window = Window(*map(day, period)) if period else Window()
        return make(facts(Population(sales, deals), now=NOW, window=window))

    return make_of


def figures(made: Made) -> tuple[object, object, object]:
    (line,) = made.sections[0].lines
    return line.row["in_work"], line.row["opened"], line.row["closed"]


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ((1, 2), (0, 0, 0)),
        ((1, 3), (1, 1, 0)),
        ((3, 4), (1, 0, 0)),
        ((9, 11), (1, 0, 1)),
        ((11, 30), (0, 0, 0)),
    ],
)
def test_a_record_is_in_work_from_its_creation_until_it_is_closed(made, period, expected) -> None:
    assert figures(made(WON, period=period)) == expected


def test_one_that_was_closed_as_the_period_began_was_not_closed_before_it(made) -> None:
    assert figures(made(WON, period=(10, 20))) == (1, 0, 1)
    assert figures(made(REOPENED, period=(5, 10))) == (1, 0, 0)


def test_one_that_is_opened_as_the_period_ends_is_not_in_it(made) -> None:
    assert figures(made(OPEN, period=(11, 12))) == (0, 0, 0)


def test_a_reopened_record_is_in_work_again_and_was_not_in_between(made) -> None:
    assert figures(made(REOPENED, period=(1, 5))) == (1, 1, 0)
    assert figures(made(REOPENED, period=(6, 19))) == (0, 0, 0)
    assert figures(made(REOPENED, period=(19, 21))) == (1, 1, 0)
    assert figures(made(REOPENED)) == (1, 1, 0)


def test_a_record_closed_within_the_second_was_worked_then(made) -> None:
    assert figures(made(went(1, ("call", 5), ("won", 5), closed=5), period=(5, 6))) == (1, 1, 1)


def test_nothing_is_in_work_in_a_period_to_come(facts, sales) -> None:
    window = Window(END, "2027-02-01T00:00:00+00:00")
    assert figures(make(facts(Population(sales, [OPEN]), now=NOW, window=window))) == (0, 0, 0)


def test_every_row_names_its_pipeline_and_has_what_its_records_are_worth(made) -> None:
    (section,) = made(WON, OPEN).sections
    assert section.lines[0].row == {
        "pipeline": "sales",
        "in_work": 2,
        "opened": 2,
        "closed": 1,
        "amount": {"EUR": "20.00"},
    }
    assert section.lines[0].shown == {"pipeline": "Sales"}
    assert section.lines[0].behind == {"in_work": ["D-1", "D-3"], "opened": ["D-1", "D-3"], "closed": ["D-1"]}


def test_a_record_that_changed_pipelines_was_in_work_in_the_old_one_until_then(facts, sales) -> None:
    other = Pipeline("other", "Other", sales.record, sales.stages)
    gone = Journey(
        "D-1",
        "sales",
        "call",
        "10",
        "EUR",
        stages=("call",),
        entered=(day(2),),
        left=(day(8),),
        created=day(2),
        transferred=True,
    )
    come = Journey(
        "D-1",
        "other",
        "offer",
        "10",
        "EUR",
        stages=("offer",),
        entered=(day(8),),
        left=("",),
        created=day(2),
    )
    told = (Population(sales, [gone]), Population(other, [come]))
    both = make(facts(*told, now=NOW, window=Window(day(7), day(9))))
    assert [line.row["in_work"] for line in both.sections[0].lines] == [1, 1]
    assert [line.row["opened"] for line in both.sections[0].lines] == [0, 1]
    assert (both.totals["in_work"], both.totals["amount"]) == (1, {"EUR": "10.00"})
    assert both.sections[0].total == {**both.totals, "pipeline": "All"}
    later = make(facts(*told, now=NOW, window=Window(day(8), day(9))))
    assert [line.row["in_work"] for line in later.sections[0].lines] == [0, 1]


def test_groups_are_rows_of_their_own(facts, sales) -> None:
    by = Division("owner", lambda value: value or "(none)", title="Owner")
    deals = [msgspec.structs.replace(WON, group="anna"), OPEN]
    (section,) = make(facts(Population(sales, deals, by), now=NOW)).sections
    assert [(line.row["owner"], line.row["in_work"]) for line in section.lines] == [(None, 1), ("anna", 1)]
    assert section.by is not None


@given(st.data(), st.integers(0, 210), st.integers(1, 40))
def test_in_work_is_who_was_open_at_some_moment_of_the_period(
    facts, sales, journeys, data: st.DataObject, first: int, length: int
) -> None:
    def nth(number: int) -> str:
        month, date = divmod(number, 28)
        return f"2026-{3 + month:02d}-{date + 1:02d}T00:00:00+00:00"

    window = Window(*sorted((nth(first), nth(first + length))))
    records = data.draw(journeys())
    moments = [moment for each in records for moment in (each.closed, *each.entered) if moment]
    window = data.draw(
        st.sampled_from([window, *(Window(each, END) for each in moments)]), label="the period"
    )
    expected = []
    for each in records:
        stays = [stay for stay in timed_stays(sales, each) if sales.outcome_of(stay.stage) is Outcome.OPEN]
        starts = [stay.entered for stay in stays if window.has(stay.entered)]
        came = zip(each.stages, each.entered, strict=True)
        closings = [each.closed, *(at for stage, at in came if sales.outcome_of(stage) is not Outcome.OPEN)]
        at_start = any(stay.entered <= window.start < (stay.left or END) for stay in stays)
        as_it_began = any(stay.left == window.start and stay.left in closings for stay in stays)
        expected += [each.id] if starts or at_start or as_it_began else []
    found = make(facts(Population(sales, records), window=window)).sections[0].lines[0]
    assert list(found.behind["in_work"]) == expected
    assert set(found.behind["opened"]) <= set(expected)
