from collections.abc import Callable
from typing import Any

import pytest

from crmctl.model.pipeline import Pipeline
from crmctl.reports.division import Division
from crmctl.reports.journey import Journey
from crmctl.reports.made import Made
from crmctl.reports.shift import Event, Shift, Shifts
from crmctl.reports.standard.diff import make

Made_of = Callable[..., Made]


def day(number: int) -> str:
    return f"2026-11-{number:02d}T10:00:00+00:00"


def deal(number: int, before: str, after: str, amount: str, owner: str | None = None) -> Shift:
    """Return a deal that came from one stage to another on a day of its own; from none if it is new."""
    was, now = (
        Journey(f"D-{number}", "sales", stage, amount, "EUR", group=owner) if stage else None
        for stage in (before, after)
    )
    counted = now or was
    assert counted
    event = Event(day(number), "anna", frozenset({"stage"} if before and after else ()))
    return Shift(f"D-{number}", f"Deal {number}", was, now, counted, was, [event])


@pytest.fixture
def made(facts: Callable[..., Any], sales: Pipeline) -> Made_of:
    def of(*shifts: Shift, by: Division | None = None) -> Made:
        told = facts(since=day(1), until=day(20))
        told.shifted = [Shifts(sales, shifts, by)]
        return make(told)

    return of


MOVED = (
    deal(3, "offer", "order", "30", "anna"),
    deal(2, "call", "offer", "20", "oleg"),
    deal(4, "offer", "lost", "40", "oleg"),
    deal(5, "", "call", "50"),
)


def test_changes_are_counted_and_their_records_listed_in_the_order_of_time(made: Made_of) -> None:
    changes, rows = made(*MOVED).sections
    counted = {line.row["change"]: (line.row["count"], line.row["amount"]) for line in changes.lines}
    assert {change: each for change, each in counted.items() if each[0]} == {
        "new": (1, {"EUR": "50.00"}),
        "advanced": (2, {"EUR": "50.00"}),
        "lost": (1, {"EUR": "40.00"}),
    }
    assert [line.row["id"] for line in rows.lines] == ["D-5", "D-2", "D-3", "D-4"]
    assert changes.key == "changes"
    assert (changes.heading, rows.heading) == ("since 2026-11-01 10:00 until 2026-11-20 10:00", "the records")


def test_what_did_not_happen_is_counted_as_nought_but_for_rarities(made: Made_of) -> None:
    changes, rows = made().sections
    named = ["new", "advanced", "back", "won", "lost", "reopened", "slipped", "amount"]
    assert [line.row["change"] for line in changes.lines] == named
    assert {line.row["count"] for line in changes.lines} == {0}
    assert list(rows.lines) == []


def test_programs_read_ids_and_people_titles(made: Made_of) -> None:
    line = made(MOVED[0]).sections[1].lines[0]
    assert (line.row["from"], line.row["to"]) == ("offer", "order")
    assert (line.shown["from"], line.shown["to"]) == ("Offer", "Order")


def test_people_read_of_a_stage_that_is_gone_that_it_is_archived(made: Made_of) -> None:
    line = made(deal(3, "sample", "order", "30")).sections[1].lines[0]
    assert (line.row["from"], line.shown["from"]) == ("sample", "sample (archived)")


def test_the_ids_behind_a_count_are_those_of_the_rows(made: Made_of) -> None:
    changes, rows = made(*MOVED).sections
    for line in changes.lines:
        listed = [row.row["id"] for row in rows.lines if row.row["change"] == line.row["change"]]
        assert sorted(line.behind["count"]) == sorted(map(str, listed))


def test_groups_have_counts_of_their_own_the_largest_first(made: Made_of) -> None:
    changes, _ = made(*MOVED, by=Division("owner", str)).sections
    told = [(line.row["owner"], line.row["change"], line.row["count"]) for line in changes.lines]
    assert told == [
        ("oleg", "advanced", 1),
        ("oleg", "lost", 1),
        (None, "new", 1),
        ("anna", "advanced", 1),
    ]


def test_totals_are_counts_and_sums_of_each_change(made: Made_of) -> None:
    totals = made(*MOVED).totals
    assert (totals["advanced"], totals["advanced_amount"], totals["back"]) == (2, {"EUR": "50.00"}, 0)
