"""What holds of the funnel whatever ways records went."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType
from crmctl.model.table import Row
from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.counting import Mode, lost, still_open, transferred
from crmctl.reports.funnel import funnel, totals
from crmctl.reports.journey import Journey

OPEN = ("call", "offer", "order", "trial")
CLOSED = {"won": Outcome.WON, "paid": Outcome.WON, "lost": Outcome.LOST, "junk": Outcome.LOST}
SALES = Pipeline(
    "sales",
    "Sales",
    RecordType.DEAL,
    (*(Stage(name, name) for name in OPEN), *(Stage(name, name, CLOSED[name]) for name in CLOSED)),
)
KNOWN = (*OPEN, *CLOSED)
REASONS = st.sampled_from([None, "price", "Price", "silent"])


@st.composite
def journeys(draw: st.DrawFn, stages: tuple[str, ...] = (*KNOWN, "archived")) -> list[Journey]:
    """Draw records that went any way: forward, back, reopened, lost at any point, to another pipeline."""
    found = []
    for number in range(draw(st.integers(0, 8))):
        way = tuple(draw(st.lists(st.sampled_from(stages), min_size=1, max_size=6)))
        days = sorted(draw(st.lists(st.integers(1, 28), min_size=len(way), max_size=len(way))))
        entered = tuple(f"2026-11-{day:02d}T10:00:00+00:00" for day in days)
        gone = draw(st.booleans()) and draw(st.booleans())
        closed = entered[-1] if way[-1] in CLOSED and not gone else None
        amount = draw(st.none() | st.decimals(0, 9999, places=2).map(str))
        currency = draw(st.sampled_from(["EUR", "UAH"]))
        found.append(
            Journey(
                f"D-{number}",
                "sales",
                way[-1],
                amount,
                currency,
                draw(REASONS),
                None,
                way,
                entered,
                entered[0],
                closed,
                transferred=gone,
            )
        )
    return found


def counts(records: list[Journey], mode: Mode) -> dict[str, int]:
    return {str(row["stage"]): int(str(row["count"])) for row in funnel(SALES, records, mode)[0]}


@given(journeys())
def test_a_snapshot_counts_every_record_once(records: list[Journey]) -> None:
    rows, lost_rows = funnel(SALES, records, Mode.SNAPSHOT)
    assert sum(map(count_of, (*rows, *lost_rows))) == len(records) - len(transferred(records))


@given(journeys())
def test_open_won_lost_and_transferred_are_the_cohort(records: list[Journey]) -> None:
    won = [each for each in records if CLOSED.get(each.stage) is Outcome.WON and not each.transferred]
    parts = (still_open(SALES, records), won, lost(SALES, records), transferred(records))
    assert sorted(each.id for part in parts for each in part) == [each.id for each in records]


@given(journeys())
def test_nothing_is_strict_that_was_not_reached(records: list[Journey]) -> None:
    strict, reached = counts(records, Mode.STRICT), counts(records, Mode.REACHED)
    assert all(strict[stage] <= reached[stage] for stage in strict)


@given(journeys())
def test_records_that_are_not_lost_reached_what_they_visited(records: list[Journey]) -> None:
    lost_ids = {each.id for each in lost(SALES, records)}
    alive = [each for each in records if each.id not in lost_ids]
    visited, reached = counts(alive, Mode.VISITED), counts(alive, Mode.REACHED)
    assert all(visited[stage] <= reached[stage] for stage in visited)


@given(journeys())
def test_reached_never_grows_along_the_open_stages_for_records_that_are_not_lost(
    records: list[Journey],
) -> None:
    lost_ids = {each.id for each in lost(SALES, records)}
    reached = counts([each for each in records if each.id not in lost_ids], Mode.REACHED)
    along = [reached[stage] for stage in OPEN]
    assert along == sorted(along, reverse=True)


@given(journeys(stages=(*OPEN, "won", "lost")))
def test_of_one_won_stage_no_more_reached_it_than_any_open_one(records: list[Journey]) -> None:
    lost_ids = {each.id for each in lost(SALES, records)}
    reached = counts([each for each in records if each.id not in lost_ids], Mode.REACHED)
    assert all(reached["won"] <= reached[stage] for stage in OPEN)


@given(journeys())
def test_entries_are_as_many_as_the_stays(records: list[Journey]) -> None:
    stays = [stage for record in records for stage in record.stages if CLOSED.get(stage) is not Outcome.LOST]
    assert sum(counts(records, Mode.ENTRIES).values()) == len(stays)


@given(journeys(), st.sampled_from(Mode))
def test_a_count_is_that_of_its_ids_but_for_repeated_entries(records: list[Journey], mode: Mode) -> None:
    for row in (row for rows in funnel(SALES, records, mode, ids=True) for row in rows):
        ids = row["ids"]
        assert isinstance(ids, list)
        assert len(ids) == len(set(ids))
        assert count_of(row) >= len(ids) if mode is Mode.ENTRIES else count_of(row) == len(ids)


@given(journeys(), st.sampled_from(Mode), st.randoms())
def test_the_order_of_records_changes_no_figure(records: list[Journey], mode: Mode, chance: object) -> None:
    shuffled = list(records)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert figures(funnel(SALES, shuffled, mode)[0]) == figures(funnel(SALES, records, mode)[0])
    assert reasons(funnel(SALES, shuffled, mode)[1]) == reasons(funnel(SALES, records, mode)[1])
    assert totals([(SALES, shuffled)], mode) == totals([(SALES, records)], mode)


@given(journeys(), st.sampled_from(Event), st.integers(1, 28))
def test_a_period_and_what_is_outside_it_are_all_records(
    records: list[Journey], event: Event, day: int
) -> None:
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
