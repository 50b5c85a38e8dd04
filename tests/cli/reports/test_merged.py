"""Merged records in reports: one record, dated by the first of them, with the histories of both."""

import json
from typing import Any

import pytest

from crmctl.workspace.reporting.journeys import gather
from crmctl.workspace.reporting.scope import ReportScope
from crmctl.workspace.workspace import Settings, open_workspace

PAY = ("-s", "payment_details=card")


@pytest.fixture
def two(workspace, crm) -> None:
    """One deal of the first of November, which went on and was lost, and one of the tenth."""
    crm("create", "deal", "Ash", "--pipeline", "retail", "--now", "2026-11-01")
    crm("move", "D-1", "awaiting_payment", *PAY, "--now", "2026-11-05")
    crm("create", "deal", "Ash", "--pipeline", "retail", "--allow-duplicate", "--now", "2026-11-10")
    crm("move", "D-1", "lost", "--reason", "price", "--now", "2026-11-12")
    crm("move", "D-2", "awaiting_payment", *PAY, "--now", "2026-11-14")


def merged(crm) -> None:
    ran = crm("merge", "D-2", "D-1", "--yes", "--now", "2026-11-16")
    assert ran.code == 0, ran.err


def stages(crm, *argv: str) -> dict[str, dict[str, Any]]:
    ran = crm("report", "stage-time", "retail", "-o", "json", "--now", "2026-11-20", *argv)
    assert ran.code == 0, ran.err
    return {row["stage"]: row for row in json.loads(ran.out)["rows"] if row["n"] or row["open"]}


def entered(crm, *argv: str) -> dict[str, int]:
    ran = crm("funnel", "retail", "--mode", "entries", "-o", "json", "--now", "2026-11-20", *argv)
    return {row["stage"]: row["count"] for row in json.loads(ran.out)["rows"] if row["count"]}


def test_until_the_one_that_stays_was_there_it_was_where_the_other_was(two, crm) -> None:
    merged(crm)
    found = stages(crm)
    assert (found["new"]["n"], found["new"]["mean"]) == (1, 4.0)
    assert (found["awaiting_payment"]["n"], found["awaiting_payment"]["open_median"]) == (0, 15.0)
    assert "lost" not in found


def test_a_merge_alone_takes_no_record_back(two, crm) -> None:
    merged(crm)
    assert entered(crm) == {"new": 1, "awaiting_payment": 1}
    told = crm("funnel", "retail", "--mode", "visited", "-o", "json", "--now", "2026-11-20").out
    assert not any("moved back" in note for note in json.loads(told)["notes"])


def test_where_it_caught_up_elsewhere_it_went_there_from_where_the_other_was(workspace, crm) -> None:
    crm("create", "deal", "Ash", "--pipeline", "retail", "--now", "2026-11-01")
    crm("move", "D-1", "awaiting_payment", *PAY, "--now", "2026-11-05")
    crm("create", "deal", "Ash", "--pipeline", "retail", "--allow-duplicate", "--now", "2026-11-10")
    crm("move", "D-2", "lost", "--reason", "price", "--now", "2026-11-14")
    merged(crm)
    assert stages(crm)["awaiting_payment"]["mean"] == 9.0
    assert entered(crm) == {"new": 1, "awaiting_payment": 1}


def test_one_that_is_still_further_back_is_where_it_is_from_the_merge_on(workspace, crm) -> None:
    crm("create", "deal", "Ash", "--pipeline", "retail", "--now", "2026-11-01")
    crm("move", "D-1", "awaiting_payment", *PAY, "--now", "2026-11-05")
    crm("create", "deal", "Ash", "--pipeline", "retail", "--allow-duplicate", "--now", "2026-11-10")
    merged(crm)
    assert stages(crm)["new"]["open_median"] == 4.0
    assert entered(crm) == {"new": 2, "awaiting_payment": 1}


def test_what_a_record_does_after_its_merge_was_undone_leaves_the_time_before_alone(workspace, crm) -> None:
    crm("create", "deal", "Ash", "--pipeline", "retail", "--now", "2026-11-01")
    crm("create", "deal", "Ash", "--pipeline", "retail", "--allow-duplicate", "--now", "2026-11-10")
    merged(crm)
    assert crm("undo", "--yes", "--now", "2026-11-17").code == 0
    before = entered(crm, "--as-of", "2026-11-16T23:00")
    assert crm("move", "D-1", "awaiting_payment", *PAY, "--now", "2026-11-18").code == 0
    assert entered(crm, "--as-of", "2026-11-16T23:00") == before == {"new": 1}


def test_the_stays_of_the_one_record_sum_to_its_age(two, crm) -> None:
    merged(crm)
    finished = sum(row["n"] * (row["mean"] or 0) for row in stages(crm).values())
    assert finished + 15 == 19


def test_before_the_merge_there_were_two(two, crm) -> None:
    before = entered(crm, "--as-of", "2026-11-15")
    merged(crm)
    assert before == entered(crm, "--as-of", "2026-11-15") == {"new": 2, "awaiting_payment": 2}
    assert stages(crm, "--as-of", "2026-11-13")["new"]["open"] == 1
    assert entered(crm, "--as-of", "2026-11-17") == {"new": 1, "awaiting_payment": 1}


def test_an_undone_merge_leaves_two_again(two, crm) -> None:
    before = stages(crm)
    merged(crm)
    crm("undo", "--yes", "--now", "2026-11-17")
    assert stages(crm) == before
    crm("move", "D-1", "new", "--now", "2026-11-18")
    assert entered(crm, "--as-of", "2026-11-16") == {"new": 1, "awaiting_payment": 1}


def test_where_both_were_on_one_stage_it_is_one_stay(workspace, crm) -> None:
    for day in ("2026-11-01", "2026-11-10"):
        crm("create", "deal", "Ash", "--pipeline", "retail", "--allow-duplicate", "--now", day)
    merged(crm)
    assert entered(crm) == {"new": 1}
    assert stages(crm)["new"]["open_median"] == 19.0


def test_one_that_came_later_tells_nothing_of_the_time_before(two, crm) -> None:
    crm("merge", "D-1", "D-2", "--yes", "--now", "2026-11-16")
    found = stages(crm)
    assert (found["new"]["mean"], found["awaiting_payment"]["mean"]) == (4.0, 7.0)


def test_the_first_of_several_goes_before(two, crm) -> None:
    crm("create", "deal", "Ash", "--pipeline", "wholesale", "--allow-duplicate", "--now", "2026-10-22")
    ran = crm("merge", "D-1", "D-2", "D-3", "--into", "D-2", "--yes", "--now", "2026-11-15")
    assert ran.code == 0, ran.err
    assert entered(crm) == {"new": 1, "awaiting_payment": 1}
    ran = crm("funnel", "wholesale", "--mode", "visited", "-o", "json", "--now", "2026-11-20")
    assert next(row["count"] for row in json.loads(ran.out)["rows"]) == 1
    assert "1 record transferred" in ran.out


def test_of_one_that_was_merged_into_before_the_way_that_reports_saw_goes_before(two, crm) -> None:
    """D-2 came before D-1 was lost, so that it never was; what it goes into does not bring that back."""
    merged(crm)
    crm("create", "deal", "Ash", "--pipeline", "retail", "--allow-duplicate", "--now", "2026-11-18")
    visited = entered(crm)
    ran = crm("merge", "D-3", "D-2", "--yes", "--now", "2026-11-19")
    assert ran.code == 0, ran.err
    found = entered(crm)
    assert "lost" not in found
    assert found == visited == {"new": 2, "awaiting_payment": 1}
    assert stages(crm)["new"]["open"] == 1


def test_a_record_that_is_gone_for_good_leaves_the_other_as_it_is(two, crm) -> None:
    merged(crm)
    crm("delete", "D-1", "--purge", "--yes", "--now", "2026-11-17")
    assert entered(crm) == {"new": 1, "awaiting_payment": 1}


@pytest.mark.parametrize("seed", range(8))
def test_stays_follow_one_another_from_the_creation_on_whatever_happened(crm, meddled, seed: int) -> None:
    meddled(seed)
    for day in ("", "2026-11-12", "2026-11-20"):
        workspace = open_workspace(Settings(as_of=day, now="2026-11-29"))
        every = gather(workspace, workspace.read(), ReportScope(), history=True)
        ways: dict[str, list[tuple[str, str]]] = {}
        created = {journey.id: journey.created for each in every for journey in each.journeys}
        for journey in (one for each in every for one in each.journeys):
            ways.setdefault(journey.id, []).extend(zip(journey.entered, journey.left, strict=True))
        for record, stays in ways.items():
            ordered = sorted(stays)
            assert ordered[0][0] == created[record]
            assert [left for _, left in ordered[:-1]] == [entered for entered, _ in ordered[1:]]
            assert ordered[-1][1] == ""
