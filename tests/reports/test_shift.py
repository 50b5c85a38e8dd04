"""What became of a record between two moments."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from crmctl.model.pipeline import Pipeline
from crmctl.model.records import RecordType
from crmctl.reports.journey import Journey
from crmctl.reports.shift import Change, Event, Move, Shift, moves

Told = Callable[..., list[Move]]
BORN = Event("2026-11-01T00:00:00+00:00", "anna")


def at(stage: str, amount: str | None = None, day: str = "", pipeline: str = "sales") -> Journey:
    closed = "2026-11-05T00:00:00+00:00" if stage in ("won", "paid", "lost") else None
    return Journey("D-1", pipeline, stage, amount, "EUR", closed=closed, values={"close_date": day or None})


@pytest.fixture
def told(sales: Pipeline) -> Told:
    pipelines = {"sales": sales, "after": Pipeline("after", "After", RecordType.DEAL, sales.stages)}

    def told_of(before: Journey | None, after: Journey | None, *events: Event, **more: object) -> list[Move]:
        counted = after or before
        assert counted
        shift = Shift("D-1", "Acme", before, after, counted, before, events or (BORN,), **more)  # type: ignore[arg-type]
        return list(moves(shift, pipelines))

    return told_of


@pytest.mark.parametrize(
    ("start", "end", "change"),
    [
        ("call", "order", Change.ADVANCED),
        ("order", "call", Change.BACK),
        ("order", "won", Change.WON),
        ("won", "paid", Change.ADVANCED),
        ("order", "lost", Change.LOST),
        ("won", "lost", Change.LOST),
        ("lost", "paid", Change.WON),
        ("lost", "call", Change.REOPENED),
        ("proposal", "order", Change.ADVANCED),
        ("gone", "order", Change.MOVED),
    ],
)
def test_a_change_of_stage_is_told_by_what_it_means(told: Told, start: str, end: str, change: Change) -> None:
    (move,) = told(at(start), at(end))
    assert (move.change, move.start, move.end) == (change, start, end)


def test_what_is_as_it_was_is_not_told(told: Told) -> None:
    assert not told(at("offer", "5", "2026-12-01"), at("offer", "5", "2026-12-01"))


def test_a_stage_that_was_renamed_is_the_same_one(told: Told) -> None:
    assert not told(at("proposal"), at("offer"))


def test_a_new_record_that_was_won_since_is_new_and_won(told: Told) -> None:
    assert [move.change for move in told(None, at("won"))] == [Change.NEW, Change.WON]


def test_a_record_that_had_been_there_before_is_restored(told: Told) -> None:
    assert [move.change for move in told(None, at("call"), once=at("call"))] == [Change.RESTORED]


def test_a_restored_record_is_told_what_became_of_it_since_it_went(told: Told) -> None:
    found = told(None, at("won", "8"), once=at("offer", "5", "", "after"))
    assert [(each.change, each.start, each.end) for each in found] == [
        (Change.RESTORED, None, "won"),
        (Change.TRANSFERRED, "after", "sales"),
        (Change.WON, "offer", "won"),
        (Change.AMOUNT, "5 EUR", "8 EUR"),
    ]


def test_one_that_was_won_when_it_went_is_not_won_by_being_restored(told: Told) -> None:
    assert [each.change for each in told(None, at("won"), once=at("won"))] == [Change.RESTORED]


def test_one_that_is_gone_was_deleted_or_went_into_another(told: Told) -> None:
    assert [(each.change, each.end) for each in told(at("call"), None)] == [(Change.DELETED, None)]
    assert [(each.change, each.end) for each in told(at("call"), None, into="D-2")] == [
        (Change.MERGED, "D-2")
    ]


def test_another_pipeline_is_no_step_of_the_way_but_an_end_in_it_is(told: Told) -> None:
    assert [each.change for each in told(at("order"), at("call", pipeline="after"))] == [Change.TRANSFERRED]
    both = told(at("order"), at("won", pipeline="after"))
    assert [(each.change, each.start, each.end) for each in both] == [
        (Change.TRANSFERRED, "sales", "after"),
        (Change.WON, "order", "won"),
    ]


def test_an_open_record_expected_later_slipped(told: Told) -> None:
    def moved(start: str, end: str, stage: str = "call") -> list[Change]:
        return [each.change for each in told(at(stage, day=start), at(stage, day=end))]

    assert moved("2026-12-01", "2026-12-24") == [Change.SLIPPED]
    assert moved("2026-12-01", "2026-11-24") == [Change.SOONER]
    assert moved("2026-12-01", "2026-12-24", "lost") == []
    assert moved("", "2026-12-24") == []


def test_an_amount_counts_with_what_it_changed_by(told: Told) -> None:
    (move,) = told(at("call", "100"), at("call", "80"))
    assert (move.start, move.end) == ("100 EUR", "80 EUR")
    assert move.amounts() == {"EUR": Decimal(-20)}
    (first,) = told(at("call"), at("call", "80"))
    assert (first.start, first.amounts()) == (None, {"EUR": Decimal(80)})


def test_a_change_is_dated_by_the_last_event_that_made_it(told: Told) -> None:
    moved, again, valued = (
        Event(f"2026-11-0{day}T00:00:00+00:00", name, frozenset(names))
        for day, name, names in ((2, "anna", ["stage"]), (3, "oleg", ["stage"]), (4, "ira", ["amount"]))
    )
    advanced, amount = told(at("call", "1"), at("order", "2"), moved, again, valued)
    assert (advanced.event, amount.event) == (again, valued)
    new, won = told(None, at("won"), BORN, moved, valued)
    assert (new.event, won.event) == (BORN, moved)
