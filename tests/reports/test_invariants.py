"""What holds of the funnel whatever ways records went."""

from collections.abc import Callable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.model.table import Row
from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.counting import Mode, lost, still_open, transferred
from crmctl.reports.funnel import funnel, totals
from crmctl.reports.journey import Journey

OPEN = ("call", "offer", "order")
Journeys = Callable[..., st.SearchStrategy[list[Journey]]]


def counts(sales: Pipeline, records: list[Journey], mode: Mode) -> dict[str, int]:
    return {str(row["stage"]): int(str(row["count"])) for row in funnel(sales, records, mode)[0]}


@given(st.data())
def test_a_snapshot_counts_every_record_once(
    sales: Pipeline, journeys: Journeys, data: st.DataObject
) -> None:
    records = data.draw(journeys(unseen=False))
    rows, lost_rows = funnel(sales, records, Mode.SNAPSHOT)
    assert sum(map(count_of, (*rows, *lost_rows))) == len(records) - len(transferred(records))


@given(st.data())
def test_open_won_lost_and_transferred_are_the_cohort(
    sales: Pipeline, journeys: Journeys, data: st.DataObject
) -> None:
    records = data.draw(journeys(unseen=False))
    won = [each for each in records if sales.outcome_of(each.stage) is Outcome.WON and not each.transferred]
    parts = (still_open(sales, records), won, lost(sales, records), transferred(records))
    assert sorted(each.id for part in parts for each in part) == [each.id for each in records]


@given(st.data())
def test_nothing_is_strict_that_was_not_reached(
    sales: Pipeline, journeys: Journeys, data: st.DataObject
) -> None:
    records = data.draw(journeys(unseen=False))
    strict, reached = counts(sales, records, Mode.STRICT), counts(sales, records, Mode.REACHED)
    assert all(strict[stage] <= reached[stage] for stage in strict)


@given(st.data())
def test_records_that_are_not_lost_reached_what_they_visited(
    sales: Pipeline, journeys: Journeys, data: st.DataObject
) -> None:
    records = data.draw(journeys(unseen=False))
    lost_ids = {each.id for each in lost(sales, records)}
    alive = [each for each in records if each.id not in lost_ids]
    visited, reached = counts(sales, alive, Mode.VISITED), counts(sales, alive, Mode.REACHED)
    assert all(visited[stage] <= reached[stage] for stage in visited)


@given(st.data())
def test_reached_never_grows_along_the_open_stages_for_records_that_are_not_lost(
    sales: Pipeline, journeys: Journeys, data: st.DataObject
) -> None:
    records = data.draw(journeys(unseen=False))
    lost_ids = {each.id for each in lost(sales, records)}
    reached = counts(sales, [each for each in records if each.id not in lost_ids], Mode.REACHED)
    along = [reached[stage] for stage in OPEN]
    assert along == sorted(along, reverse=True)


@given(st.data())
def test_of_one_won_stage_no_more_reached_it_than_any_open_one(
    sales: Pipeline, journeys: Journeys, data: st.DataObject
) -> None:
    records = data.draw(journeys(unseen=False, stages=(*OPEN, "won", "lost")))
    lost_ids = {each.id for each in lost(sales, records)}
    reached = counts(sales, [each for each in records if each.id not in lost_ids], Mode.REACHED)
    assert all(reached["won"] <= reached[stage] for stage in OPEN)


@given(st.data())
def test_entries_are_as_many_as_the_stays(sales: Pipeline, journeys: Journeys, data: st.DataObject) -> None:
    records = data.draw(journeys(unseen=False))
    stays = [
        stage for record in records for stage in record.stages if sales.outcome_of(stage) is not Outcome.LOST
    ]
    assert sum(counts(sales, records, Mode.ENTRIES).values()) == len(stays)


@given(st.data(), st.sampled_from(Mode))
def test_a_count_is_that_of_its_ids_but_for_repeated_entries(
    sales: Pipeline, journeys: Journeys, data: st.DataObject, mode: Mode
) -> None:
    records = data.draw(journeys(unseen=False))
    for row in (row for rows in funnel(sales, records, mode, ids=True) for row in rows):
        ids = row["ids"]
        assert isinstance(ids, list)
        assert len(ids) == len(set(ids))
        assert count_of(row) >= len(ids) if mode is Mode.ENTRIES else count_of(row) == len(ids)


@given(st.data(), st.sampled_from(Mode), st.randoms())
def test_the_order_of_records_changes_no_figure(
    sales: Pipeline, journeys: Journeys, data: st.DataObject, mode: Mode, chance: object
) -> None:
    records = data.draw(journeys(unseen=False))
    shuffled = list(records)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert figures(funnel(sales, shuffled, mode)[0]) == figures(funnel(sales, records, mode)[0])
    assert reasons(funnel(sales, shuffled, mode)[1]) == reasons(funnel(sales, records, mode)[1])
    assert totals([(sales, shuffled)], mode) == totals([(sales, records)], mode)


@given(st.data(), st.sampled_from(Event), st.integers(1, 28))
def test_a_period_and_what_is_outside_it_are_all_records(
    sales: Pipeline, journeys: Journeys, data: st.DataObject, event: Event, day: int
) -> None:
    records = data.draw(journeys(unseen=False))
    cut = f"2026-11-{day:02d}T00:00:00+00:00"
    stage = "call" if event is Event.ENTERED else ""
    whole, before, after = (
        {each.id for each in Cohort(event, stage, *ends).members(records)}
        for ends in (("", ""), ("", cut), (cut, ""))
    )
    assert before | after == whole
    # A record may enter a stage on either side of the cut, but is created, and is closed, once.
    assert event is Event.ENTERED or not before & after


def count_of(row: Row) -> int:
    return int(str(row["count"]))


def reasons(rows: list[Row]) -> list[tuple[object, int]]:
    return [(row["reason"], count_of(row)) for row in rows]


def figures(rows: list[Row]) -> dict[str, Mapping[str, object]]:
    return {str(row["stage"]): row for row in rows}
