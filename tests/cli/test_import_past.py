"""`import` of what records went through: how they ended apart from their stage, and when they came to stages."""

import csv
import json
from datetime import datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CONFIGURATION = """
version: 1
name: Test
currency: UAH
mode: deals
pipelines: pipelines
users: [{id: anna}, {id: oleg}]
lists: {lost_reason: [price]}
default: {deal: sale}
"""
SALE = """
version: 1
pipeline: sale
title: Sales Pipeline
record: deal
stages:
  - {stage: new, title: Новая}
  - {stage: offer, title: Offer}
  - {stage: talks}
  - {stage: won, title: Closed (won), outcome: won}
  - {stage: paid, outcome: won}
  - {stage: lost, outcome: lost, require: [lost_reason]}
reasons: {list: lost_reason}
"""
OTHER = SALE.replace("sale", "other").replace("Sales", "Other")
STAGES = ("new", "offer", "talks", "won")
START = datetime(2026, 1, 1)
_numbers = count(1)


@pytest.fixture
def sale(laid_out, tmp_path: Path) -> Path:
    laid_out(crmctl=CONFIGURATION, sale=SALE, other=OTHER)
    return tmp_path


@pytest.fixture
def bring(crm, tmp_path: Path):
    """Import deals out of rows, each a dictionary."""

    def bring(*rows: dict[str, str], options: tuple[str, ...] = ()):
        header = dict.fromkeys(name for row in rows for name in row)
        with (tmp_path / "rows.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(header))
            writer.writeheader()
            writer.writerows(rows)
        return crm("import", "deals", "rows.csv", *options)

    return bring


def record(crm, record_id: str) -> dict[str, object]:
    return json.loads(crm("show", record_id, "-o", "json").out)


def way(crm, record_id: str) -> list[tuple[str, object]]:
    """Return when a deal came to which stage, the earliest first, as `log` tells it."""
    entries = json.loads(crm("log", record_id, "-o", "json").out)
    moves = [
        (entry["at"][:16], entry["changes"]["stage"]) for entry in entries if "stage" in entry["changes"]
    ]
    return [(at, stage) for at, stage in reversed(moves)]


@pytest.mark.parametrize(
    ("ended", "stage", "found"),
    [
        ("won", "offer", "won"),
        ("Won", "", "won"),
        ("won", "paid", "paid"),
        ("lost", "talks", "lost"),
        ("open", "talks", "talks"),
        ("open", "won", "won"),
        ("", "offer", "offer"),
    ],
)
def test_how_a_deal_ended_may_stand_apart_from_its_stage(
    sale: Path, crm, bring, ended: str, stage: str, found: str
) -> None:
    row = {
        "title": "A",
        "stage": stage,
        "closed_as": ended,
        "lost_reason": "price" if ended == "lost" else "",
    }
    assert bring(row).code == 0
    assert record(crm, "D-1")["stage"] == found


def test_the_stage_of_an_ended_deal_is_where_it_was_before(sale: Path, crm, bring) -> None:
    ran = bring(
        {
            "title": "A",
            "stage": "Offer",
            "closed_as": "won",
            "created_at": "2026-01-01",
            "closed_at": "2026-03-01",
        }
    )
    assert ran.code == 0
    assert way(crm, "D-1") == [("2026-03-01T00:00", ["offer", "won"])]
    assert record(crm, "D-1")["closed_at"] == "2026-03-01T00:00:00+00:00"
    visited = json.loads(crm("funnel", "sale", "--mode", "visited", "-o", "json").out)
    counts = {row["stage"]: row["count"] for row in visited["rows"]}
    assert (counts["offer"], counts["won"]) == (1, 1)


def test_a_deal_that_ended_nobody_knows_when_has_no_closing_date(sale: Path, crm, bring) -> None:
    ran = bring({"title": "A", "stage": "offer", "closed_as": "won"})
    assert ran.code == 0
    assert record(crm, "D-1").get("closed_at") is None
    assert [stage for _, stage in way(crm, "D-1")] == [["offer", "won"]]


@pytest.mark.parametrize("word", ["maybe", "yes", "1"])
def test_another_word_for_an_end_is_rejected(sale: Path, bring, word: str) -> None:
    ran = bring({"title": "A", "stage": "new", "closed_as": word})
    assert ran.code == 1
    assert f'"{word}" is none of: open, won, lost' in ran.err


def test_a_deal_that_is_lost_must_pass_the_gate_of_its_stage(sale: Path, bring) -> None:
    ran = bring({"title": "A", "stage": "new", "closed_as": "lost"})
    assert ran.code == 1
    assert "required and empty: lost_reason" in ran.err


def test_a_known_deal_is_closed_by_an_update(sale: Path, crm, bring) -> None:
    bring({"external_id": "1", "title": "A", "stage": "offer", "closed_as": "open"})
    row = {"external_id": "1", "title": "A", "stage": "offer", "closed_as": "won", "closed_at": "2026-11-20"}
    assert bring(row, options=("--on-duplicate", "update")).code == 0
    assert record(crm, "D-1")["stage"] == "won"
    assert record(crm, "D-1")["closed_at"] == "2026-11-20T00:00:00+00:00"
    again = bring(row, options=("--on-duplicate", "update"))
    assert again.err.splitlines()[-1] == "nothing to do: 1 row: 1 unchanged"


def test_the_stages_that_a_deal_came_to_are_its_history(sale: Path, crm, bring) -> None:
    ran = bring(
        {
            "title": "A",
            "stage": "talks",
            "created_at": "2026-01-01 09:00",
            "entered.Новая": "2026-01-01 09:00",
            "entered.Offer (Sales Pipeline)": "2026-01-05 10:00",
            "entered.talks": "2026-01-07 11:00",
            "entered.Closed (won)": "",
            "entered.Offer (Other Pipeline)": "2026-01-06 10:00",
        }
    )
    assert ran.code == 0
    assert ran.err.splitlines() == ["R-1: 1 row: 1 created (undo: crmctl undo R-1)"]
    assert way(crm, "D-1") == [
        ("2026-01-05T10:00", ["new", "offer"]),
        ("2026-01-07T11:00", ["offer", "talks"]),
    ]
    then = json.loads(crm("list", "deals", "--as-of", "2026-01-06", "-o", "json").out)
    assert [deal["stage"] for deal in then] == ["offer"]
    assert json.loads(crm("list", "deals", "--as-of", "2025-12-31", "-o", "json").out) == []


def test_the_moment_of_winning_closes_a_deal_that_has_no_other_date(sale: Path, crm, bring) -> None:
    bring({"title": "A", "stage": "won", "created_at": "2026-01-01", "entered.won": "2026-02-01 08:30"})
    assert record(crm, "D-1")["closed_at"] == "2026-02-01T08:30:00+00:00"
    assert way(crm, "D-1") == [("2026-02-01T08:30", ["new", "won"])]


def test_without_a_date_of_creation_a_deal_was_there_from_its_first_stage_on(sale: Path, crm, bring) -> None:
    bring({"title": "A", "stage": "talks", "entered.offer": "2026-01-05", "entered.talks": "2026-01-07"})
    assert record(crm, "D-1")["created_at"] == "2026-01-05T00:00:00+00:00"
    assert way(crm, "D-1") == [("2026-01-07T00:00", ["offer", "talks"])]


@pytest.mark.parametrize(
    ("row", "told", "moves"),
    [
        (
            {"stage": "talks", "entered.new": "2025-12-01", "entered.talks": "2026-02-01"},
            "1 record came to stages before the moment of creation",
            [("2026-02-01T00:00", ["new", "talks"])],
        ),
        (
            {"stage": "offer", "entered.offer": "2026-02-01", "entered.talks": "2026-03-01"},
            "1 record came to other stages after the one that it is on",
            [("2026-02-01T00:00", ["new", "offer"])],
        ),
        (
            {"stage": "offer", "entered.offer": "2027-02-01"},
            "1 record comes to stages in the future",
            [],
        ),
        (
            {"stage": "talks", "entered.offer": "2026-02-01"},
            "1 record is on a stage that no column dates",
            [("2026-02-01T00:00", ["new", "offer"]), ("2026-11-21T10:00", ["offer", "talks"])],
        ),
        (
            {"stage": "offer", "entered.new": "2026-01-20", "entered.offer": "2026-02-01"},
            "1 record came to the first stage after it was created",
            [("2026-02-01T00:00", ["new", "offer"])],
        ),
    ],
)
def test_moments_that_cannot_be_are_told_and_not_kept(
    sale: Path, crm, bring, row: dict[str, str], told: str, moves: list[object]
) -> None:
    ran = bring({"title": "A", "created_at": "2026-01-01", **row})
    assert ran.code == 0
    assert told in ran.err
    assert way(crm, "D-1") == moves


def test_a_column_of_a_stage_that_is_not_there_is_told(sale: Path, crm, bring) -> None:
    ran = bring({"title": "A", "stage": "new", "entered.Nowhere": "2026-01-01"})
    assert ran.code == 0
    assert '"Nowhere" is no stage here' in ran.err


def test_a_moment_that_is_none_rejects_its_row(sale: Path, bring) -> None:
    ran = bring({"title": "A", "stage": "new", "entered.new": "yesterday-ish"})
    assert ran.code == 1
    assert "entered.new" in ran.err


def test_an_update_moves_a_known_deal_when_it_moved_there(
    sale: Path, crm, bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring({"external_id": "1", "title": "A", "stage": "new", "entered.offer": ""})
    monkeypatch.setenv("CRMCTL_NOW", "2026-11-25T10:00:00+00:00")
    row = {"external_id": "1", "title": "A", "stage": "offer", "entered.offer": "2026-11-23 12:00"}
    assert bring(row, options=("--on-duplicate", "update")).code == 0
    assert way(crm, "D-1") == [("2026-11-23T12:00", ["new", "offer"])]


ways = st.lists(st.integers(1, 60 * 24 * 200), min_size=1, max_size=len(STAGES), unique=True)


@given(minutes=ways, undone=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_given_is_what_log_shows_and_undo_takes_it_back(
    sale: Path, crm, bring, minutes: list[int], undone: bool
) -> None:
    moments = [START + timedelta(minutes=each) for each in sorted(minutes)]
    steps = list(zip(STAGES, moments, strict=False))
    row = {
        "title": f"A {next(_numbers)}",
        "created_at": f"{moments[0]:%Y-%m-%d %H:%M}",
        "stage": steps[-1][0],
    }
    row |= {f"entered.{stage}": f"{moment:%Y-%m-%d %H:%M}" for stage, moment in steps}
    # The order of columns means nothing.
    ran = bring(dict(reversed(row.items())))
    assert ran.code == 0
    made = json.loads(crm("list", "deals", "--where", f'title = "{row["title"]}"', "-o", "json").out)[0]
    assert way(crm, made["id"]) == [
        (f"{moment:%Y-%m-%dT%H:%M}", [before, stage]) for (before, _), (stage, moment) in pairwise(steps)
    ]
    run = ran.err.split(":")[0]
    if undone:
        assert crm("undo", run, "--yes").code == 0
        assert (
            json.loads(crm("list", "deals", "--where", f'title = "{row["title"]}"', "-o", "json").out) == []
        )


EARLY = {
    "external_id": "1",
    "title": "A",
    "stage": "new",
    "created_at": "2026-01-02",
    "entered.new": "2026-01-02",
}
LATER = EARLY | {
    "stage": "won",
    "entered.offer": "2026-02-02",
    "entered.won": "2026-03-01",
    "closed_at": "2026-08-20",
}
UPDATE = ("--on-duplicate", "update")


def test_a_newer_export_brings_the_stages_since_with_their_moments(sale: Path, bring, crm) -> None:
    bring(EARLY | {"entered.offer": "", "entered.won": ""})
    assert bring(LATER, options=UPDATE).code == 0
    moves = [("2026-02-02T00:00", ["new", "offer"]), ("2026-03-01T00:00", ["offer", "won"])]
    assert [(at, stage) for at, stage in way(crm, "D-1") if stage] == moves
    assert str(record(crm, "D-1")["closed_at"]).startswith("2026-03-01")
    assert "Offer" in crm("list", "deals", "--as-of", "2026-02-15", "--fields", "stage").out
    assert "1 unchanged" in bring(LATER, options=UPDATE).err


def test_an_undo_takes_all_the_stages_back_that_an_update_brought(sale: Path, bring, crm) -> None:
    bring(EARLY)
    bring(LATER, options=UPDATE)
    assert crm("undo", "R-2", "--yes").code == 0
    assert (record(crm, "D-1")["stage"], record(crm, "D-1").get("closed_at")) == ("new", None)
    assert "1 updated" in bring(LATER, options=UPDATE).err
    assert record(crm, "D-1")["stage"] == "won"


def test_stages_from_before_the_last_move_known_stay_out_of_the_history(sale: Path, bring, crm) -> None:
    bring(EARLY)
    crm("move", "D-1", "talks")
    before = len(way(crm, "D-1"))
    assert bring(LATER | {"closed_at": ""}, options=UPDATE).code == 0
    assert [stage for _, stage in way(crm, "D-1")][before:] == [["talks", "won"]]


def test_the_moment_of_a_won_stage_is_that_of_the_end_whatever_else_the_row_says(
    sale: Path, bring, crm
) -> None:
    bring(LATER)
    assert str(record(crm, "D-1")["closed_at"]).startswith("2026-03-01")


def test_a_date_of_closing_on_an_open_stage_is_told(sale: Path, bring) -> None:
    ran = bring({"external_id": "1", "title": "A", "stage": "offer", "closed_at": "2026-03-01"})
    assert "1 record has a date of closing and an open stage: those dates are not kept" in ran.err
