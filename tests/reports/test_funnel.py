"""What each mode of the funnel counts, on a pipeline of call, offer, order, won and lost."""

import msgspec
import pytest

from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType
from crmctl.reports.counting import Mode
from crmctl.reports.funnel import Look, blocks, funnel, heading_of, notes, totals
from crmctl.reports.journey import Journey

SALES = Pipeline(
    "sales",
    "Sales",
    RecordType.DEAL,
    (
        Stage("call", "Call"),
        Stage("offer", "Offer"),
        Stage("order", "Order"),
        Stage("won", "Won", Outcome.WON),
        Stage("lost", "Lost", Outcome.LOST),
    ),
)


def journey(number: int, *stages: str, reason: str | None = None) -> Journey:
    return Journey(f"D-{number}", "sales", stages[-1], "100.00", "EUR", reason, stages=stages)


DEALS = [
    journey(1, "call", "offer", "order", "won"),
    journey(2, "call", "order", "call"),
    journey(3, "call", "offer", "lost", reason="price"),
    journey(4, "call"),
]


def counts(mode: Mode, deals: list[Journey] = DEALS) -> dict[str, int]:
    rows, _ = funnel(SALES, deals, mode)
    return {str(row["stage"]): int(str(row["count"])) for row in rows}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (Mode.SNAPSHOT, {"call": 2, "offer": 0, "order": 0, "won": 1}),
        (Mode.VISITED, {"call": 4, "offer": 2, "order": 2, "won": 1}),
        (Mode.REACHED, {"call": 4, "offer": 3, "order": 2, "won": 1}),
        (Mode.STRICT, {"call": 4, "offer": 2, "order": 1, "won": 1}),
        (Mode.ENTRIES, {"call": 5, "offer": 2, "order": 2, "won": 1}),
    ],
)
def test_a_mode_counts_as_it_is_defined(mode: Mode, expected: dict[str, int]) -> None:
    assert counts(mode) == expected


def test_a_lost_record_counts_as_reached_only_where_it_was() -> None:
    assert counts(Mode.REACHED, [journey(1, "call", "order", "lost")])["offer"] == 0


def test_a_stage_that_only_records_know_is_archived_and_comes_last() -> None:
    rows, _ = funnel(SALES, [journey(1, "trial")], Mode.SNAPSHOT)
    assert (rows[-1]["stage"], rows[-1]["title"], rows[-1]["count"]) == ("trial", "trial (archived)", 1)


def test_conversion_is_of_the_stage_and_cumulative_of_the_first() -> None:
    rows, _ = funnel(SALES, DEALS, Mode.VISITED)
    assert [row["conversion"] for row in rows] == [0.5, 1.0, 0.5, None]
    assert [row["cumulative"] for row in rows] == [1.0, 0.5, 0.5, 0.25]
    assert [row["open"] for row in rows] == [2, 0, 1, 0]


def test_lost_records_are_counted_by_reason_with_a_row_for_none() -> None:
    deals = [*DEALS, journey(5, "call", "lost"), journey(6, "call", "lost", reason="Price")]
    _, lost = funnel(SALES, deals, Mode.SNAPSHOT)
    assert [(row["reason"], row["count"]) for row in lost] == [("price", 2), (None, 1)]


def test_programs_get_the_ids_of_reasons_and_people_their_titles() -> None:
    rows, lost = funnel(SALES, DEALS, Mode.SNAPSHOT)
    _, by_reason = blocks(SALES, rows, lost, Look(Mode.SNAPSHOT, "Sales", lambda reason: f"<{reason}>"))
    assert (by_reason.key, by_reason.rows[0]["reason"]) == ("lost", "price")
    assert by_reason.read[0]["reason"] == "<price>"


def test_notes_tell_of_records_that_moved_back_but_not_in_a_snapshot() -> None:
    assert notes(SALES, DEALS, Mode.VISITED) == ["Sales: 1 record moved back, counted once in each stage"]
    assert notes(SALES, DEALS, Mode.SNAPSHOT) == []


def test_the_heading_names_mode_and_cohort_and_how_many_moved_back() -> None:
    assert heading_of(SALES, DEALS, Mode.REACHED, "created in 2026-11") == (
        "Sales, reached, created in 2026-11, 1 moved back"
    )
    assert heading_of(SALES, DEALS, Mode.SNAPSHOT, "") == "Sales, snapshot"


def test_a_record_that_went_on_to_another_pipeline_is_neither_open_nor_lost_here() -> None:
    gone = msgspec.structs.replace(journey(5, "call"), transferred=True)
    deals = [journey(4, "call"), gone]
    rows, _ = funnel(SALES, deals, Mode.VISITED)
    assert (rows[0]["count"], rows[0]["open"]) == (2, 1)
    assert counts(Mode.SNAPSHOT, deals)["call"] == 1
    assert notes(SALES, deals, Mode.VISITED) == ["Sales: 1 record transferred to other pipelines"]


def test_every_row_has_the_ids_of_its_records_once_each_where_they_are_wanted() -> None:
    rows, lost = funnel(SALES, DEALS, Mode.ENTRIES, ids=True)
    assert [row["ids"] for row in rows] == [
        ["D-1", "D-2", "D-3", "D-4"],
        ["D-1", "D-3"],
        ["D-1", "D-2"],
        ["D-1"],
    ]
    assert [row["ids"] for row in lost] == [["D-3"]]
    assert all("ids" not in row for row in funnel(SALES, DEALS, Mode.ENTRIES)[0])


def test_totals_have_the_keys_of_rows() -> None:
    for mode in Mode:
        rows, _ = funnel(SALES, DEALS, mode)
        assert totals([(SALES, DEALS)], mode).keys() == rows[0].keys()
    assert totals([(SALES, DEALS), (SALES, DEALS)], Mode.REACHED)["open"] == 4


def test_a_record_that_came_closed_counts_where_it_is_but_entered_nothing_we_know_of() -> None:
    came = msgspec.structs.replace(journey(1, "won"), stages=())
    assert [counts(mode, [came])["won"] for mode in Mode] == [1, 0, 1, 0, 0]
    assert counts(Mode.REACHED, [came])["call"] == 1
    left_out = ["Sales: 1 record closed without a history left out"]
    assert [notes(SALES, [came], mode) for mode in Mode] == [[], left_out, [], left_out, left_out]


def test_a_stage_that_is_gone_is_no_way_back() -> None:
    assert notes(SALES, [journey(1, "offer", "trial", "order")], Mode.VISITED) == []


def test_a_snapshot_has_no_archived_stage_that_no_record_is_on() -> None:
    deals = [journey(1, "trial", "order")]
    assert "trial" not in counts(Mode.SNAPSHOT, deals)
    assert counts(Mode.VISITED, deals)["trial"] == 1


def test_a_record_that_went_from_one_pipeline_of_a_report_to_another_is_one_in_its_totals() -> None:
    here = journey(1, "call")
    gone = msgspec.structs.replace(here, stage="offer", transferred=True)
    found = totals([(SALES, [gone]), (SALES, [here])], Mode.VISITED)
    assert (found["count"], found["amount"], found["open"]) == (1, {"EUR": "100.00"}, 1)


def test_shares_of_nothing_are_none() -> None:
    assert totals([(SALES, [])], Mode.SNAPSHOT)["share"] is None
    rows, _ = funnel(SALES, [], Mode.SNAPSHOT)
    assert {row["share"] for row in rows} == {None}
