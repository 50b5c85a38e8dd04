"""`crmctl diff`: what moved between two moments, as lists of those moments show it."""

import json
import random
from typing import Any

import pytest

KEYS = ["id", "title", "change", "from", "to", "at", "by"]


@pytest.fixture
def deals(workspace, crm) -> None:
    for title in ("Ash", "Elm", "Oak", "Yew"):
        crm("create", "deal", title, "--pipeline", "retail", "-s", "amount=100", "--now", "2026-11-02")


def report(crm, *argv: str, now: str = "2026-11-20") -> dict[str, Any]:
    ran = crm("diff", *argv, "-o", "json", "--now", now)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def rows(crm, *argv: str, now: str = "2026-11-20") -> list[tuple[str, str]]:
    return [(row["id"], row["change"]) for row in report(crm, *argv, now=now)["rows"]]


def test_a_row_says_what_changed_from_what_to_what_when_and_by_whom(deals, crm) -> None:
    crm("move", "D-1", "lost", "--reason", "price", "--now", "2026-11-10", "--user", "anna")
    found = report(crm, "retail", "--since", "2026-11-09")
    (row,) = found["rows"]
    assert list(row) == KEYS
    assert {key: row[key] for key in KEYS[:5]} == {
        "id": "D-1",
        "title": "Ash",
        "change": "lost",
        "from": "new",
        "to": "lost",
    }
    assert (row["at"][:10], row["by"]) == ("2026-11-10", "anna")
    assert {each["change"]: each["count"] for each in found["changes"]}["lost"] == 1
    assert found["totals"]["lost_amount"] == {"UAH": "100.00"}


def test_a_change_is_dated_by_what_stands_and_not_by_an_undo_of_what_came_later(deals, crm) -> None:
    crm("move", "D-1", "lost", "--reason", "price", "--now", "2026-11-10", "--user", "anna")
    crm(
        "move",
        "D-1",
        "awaiting_payment",
        "-s",
        "payment_details=card",
        "--now",
        "2026-11-12",
        "--user",
        "oleg",
    )
    assert crm("undo", "--now", "2026-11-13", "--user", "oleg").code == 0
    (row,) = report(crm, "retail", "--since", "2026-11-09")["rows"]
    assert (row["change"], row["at"][:10], row["by"]) == ("lost", "2026-11-10", "anna")


def test_there_and_back_is_no_move(deals, crm) -> None:
    crm("move", "D-1", "lost", "--reason", "price", "--now", "2026-11-10")
    crm("move", "D-1", "new", "--now", "2026-11-11")
    crm("delete", "D-2", "--yes", "--now", "2026-11-10")
    crm("restore", "D-2", "--now", "2026-11-11")
    assert rows(crm, "--since", "2026-11-09") == []
    assert rows(crm, "--since", "2026-11-11") == [("D-1", "reopened"), ("D-2", "restored")]


def test_what_was_undone_did_not_happen(deals, crm) -> None:
    crm("move", "D-1", "lost", "--reason", "price", "--now", "2026-11-10")
    crm("undo", "--now", "2026-11-11")
    crm("update", "D-2", "-s", "amount=5", "--now", "2026-11-10")
    crm("undo", "--now", "2026-11-11")
    assert rows(crm, "--since", "2026-11-09") == []


def test_a_merged_record_went_into_another(deals, crm) -> None:
    ran = crm("merge", "D-1", "D-2", "--into", "D-1", "--yes", "--now", "2026-11-10")
    assert ran.code == 0, ran.err
    found = [row for row in report(crm, "--since", "2026-11-09")["rows"] if row["change"] == "merged"]
    assert [(row["id"], row["from"], row["to"]) for row in found] == [("D-2", "new", "D-1")]
    crm("undo", "--yes", "--now", "2026-11-11")
    assert rows(crm, "--since", "2026-11-09") == []


def test_a_record_that_changed_its_pipeline_is_told_of_once(deals, crm) -> None:
    crm("move", "D-1", "new", "--pipeline", "wholesale", "--now", "2026-11-10")
    for asked in ((), ("retail",), ("wholesale",), ("retail", "wholesale")):
        assert rows(crm, *asked, "--since", "2026-11-09") == [("D-1", "transferred")]


def test_days_are_whole_and_a_period_says_both(deals, crm) -> None:
    crm("move", "D-1", "lost", "--reason", "price", "--now", "2026-11-10T12:00")
    crm("move", "D-2", "lost", "--reason", "price", "--now", "2026-11-11T12:00")
    assert rows(crm, "--since", "2026-11-10", "--until", "2026-11-10") == [("D-1", "lost")]
    assert rows(crm, "--period", "2026-11-10") == [("D-1", "lost")]
    assert ("D-1", "lost") in rows(crm, "--period", "..2026-11-10")
    assert ("D-2", "lost") not in rows(crm, "--period", "..2026-11-10")
    assert rows(crm, "--since", "2026-11-11") == [("D-2", "lost")]
    assert rows(crm, "--since", "2026-11-10", "--as-of", "2026-11-10") == [("D-1", "lost")]


def test_the_amount_that_a_deal_closed_with_is_not_changed_afterwards(deals, crm) -> None:
    crm("move", "D-1", "lost", "--reason", "price", "--now", "2026-11-10")
    crm("update", "D-1", "-s", "amount=70", "--now", "2026-11-12")
    assert rows(crm, "--since", "2026-11-11") == []
    assert rows(crm, "--since", "2026-11-11", "--amount", "current") == [("D-1", "amount")]


def test_an_import_counts_at_its_dates(workspace, crm) -> None:
    text = "title,pipeline,stage,created_at,closed_at,lost_reason\nOld,wholesale,lost,2025-01-10,2025-03-01,price\n"
    (workspace / "deals.csv").write_text(text, "utf-8")
    crm("import", "deals", "deals.csv", "--now", "2026-11-10")
    assert rows(crm, "--since", "2026-11-01") == []
    assert rows(crm, "--since", "2025-01-01", "--until", "2025-01-31") == [("D-1", "new")]
    assert rows(crm, "--since", "2025-02-01") == [("D-1", "lost")]


def test_filters_and_groups_are_by_what_a_record_holds_or_last_held(deals, crm) -> None:
    crm("update", "D-1", "--set", "owner=anna", "--now", "2026-11-03")
    crm("delete", "D-1", "D-2", "--yes", "--now", "2026-11-10")
    assert rows(crm, "--since", "2026-11-09", "--where", "owner = anna") == [("D-1", "deleted")]
    grouped = report(crm, "retail", "--since", "2026-11-09", "--by", "owner")
    deleted = [(row["owner"], row["count"]) for row in grouped["changes"] if row["change"] == "deleted"]
    assert sorted(deleted, key=str) == [("anna", 1), (None, 1)]


def test_what_was_restored_and_lost_since_is_told_as_both(deals, crm) -> None:
    crm("delete", "D-1", "D-2", "--yes", "--now", "2026-11-05")
    crm("restore", "D-1", "--now", "2026-11-10")
    crm("update", "D-1", "-s", "amount=70", "--now", "2026-11-11")
    crm("move", "D-1", "lost", "--reason", "price", "--now", "2026-11-12")
    found = report(crm, "retail", "--since", "2026-11-09")
    told = [(row["id"], row["change"], row["from"], row["to"]) for row in found["rows"]]
    assert told == [
        ("D-1", "lost", "new", "lost"),
        ("D-1", "amount", "100.00 UAH", "70.00 UAH"),
        ("D-1", "restored", None, "lost"),
    ]
    totals = found["totals"]
    assert (totals["lost"], totals["lost_amount"]) == (1, {"UAH": "70.00"})
    assert (totals["restored_amount"], totals["amount_amount"]) == ({"UAH": "100.00"}, {"UAH": "-30.00"})


def test_what_is_gone_passes_by_what_it_held_when_it_went(deals, crm) -> None:
    crm("move", "D-1", "lost", "--reason", "price", "--now", "2026-11-10")
    crm("update", "D-3", "-s", "owner=anna", "--now", "2026-11-10")
    crm("delete", "D-1", "--yes", "--now", "2026-11-11")
    crm("merge", "D-4", "D-3", "--yes", "--now", "2026-11-12")
    since = ("--since", "2026-11-09")
    assert rows(crm, *since, "--where", "lost") == [("D-1", "deleted")]
    assert ("D-1", "deleted") not in rows(crm, *since, "--where", "open")
    assert ("D-3", "merged") in rows(crm, *since, "--where", "owner = anna")
    (merged,) = (row for row in report(crm, *since, "--by", "owner")["changes"] if row["change"] == "merged")
    assert merged["owner"] == "anna"


def test_the_ids_of_a_figure_are_those_of_its_rows(deals, crm) -> None:
    crm("move", "D-1", "D-3", "lost", "--reason", "price", "--now", "2026-11-10")
    found = report(crm, "retail", "--since", "2026-11-09", "--ids")
    (lost,) = (row for row in found["changes"] if row["change"] == "lost")
    assert lost["count_ids"] == lost["ids"] == [row["id"] for row in found["rows"]]
    listed = crm("diff", "retail", "--since", "2026-11-09", "--now", "2026-11-20", "-o", "ids").out
    assert listed == "D-1\nD-3\n"


def test_what_is_asked_for_must_have_been(deals, crm) -> None:
    assert crm("diff").code == 2
    for asked in (("--since", "tomorrow"), ("--since", "2026-11-05", "--until", "2026-11-04")):
        assert crm("diff", *asked, "--now", "2026-11-20").code == 2
    assert crm("diff", "--since", "whenever").code == 2
    assert crm("report", "diff", "--since", "-7d").code == 0


def held(crm, day: int) -> dict[str, dict[str, Any]]:
    ran = crm("list", "deals", "-o", "json", "--as-of", f"2026-11-{day:02}", "--now", "2026-11-29")
    return {row["id"]: row for row in json.loads(ran.out)}


CAME, WENT = {"new", "restored"}, {"deleted", "merged"}


def test_what_may_not_be_viewed_did_not_move(deals, workspace, crm, edit) -> None:
    edit("pipelines/retail.yaml", "stages:", "access: [{role: guest, actions: [update]}]\nstages:")
    path = workspace / "crmctl.yaml"
    users = "users: [{id: anna, role: head}, {id: pavel, role: guest}]\n"
    path.write_text(path.read_text("utf-8") + users, "utf-8")
    crm("move", "D-1", "lost", "--reason", "price", "--now", "2026-11-10")
    assert rows(crm, "retail", "--since", "2026-11-09", "--user", "anna") == [("D-1", "lost")]
    assert rows(crm, "retail", "--since", "2026-11-09", "--user", "pavel") == []


@pytest.mark.parametrize("seed", range(6))
def test_the_difference_is_that_of_what_lists_show_at_both_moments(crm, meddled, seed: int) -> None:
    meddled(seed)
    chance = random.Random(seed)
    for first, last in ((2, 25), (8, 16), (16, 17), *(sorted(chance.sample(range(2, 26), 2)) for _ in "ab")):
        before, after = held(crm, first), held(crm, last)
        moment = ("--since", f"2026-11-{first + 1:02}", "--until", f"2026-11-{last:02}")
        told: dict[str, set[str]] = {}
        for record, change in rows(crm, *moment, "--amount", "current", now="2026-11-29"):
            told.setdefault(record, set()).add(change)
        assert {each for each, kinds in told.items() if kinds & CAME} == after.keys() - before.keys()
        assert {each for each, kinds in told.items() if kinds & WENT} == before.keys() - after.keys()
        for each in before.keys() & after.keys():
            was, now, kinds = before[each], after[each], told.get(each, set())
            assert ("transferred" in kinds) == (was["pipeline"] != now["pipeline"])
            assert ("amount" in kinds) == (was.get("amount") != now.get("amount"))
            assert ("lost" in kinds) == (now["outcome"] == "lost" != was["outcome"])
            assert ("won" in kinds) == (now["outcome"] == "won" != was["outcome"])
            assert ("reopened" in kinds) == (now["outcome"] == "open" != was["outcome"])
            dates = was.get("close_date"), now.get("close_date")
            slipped = all(dates) and dates[0] < dates[1] and now["outcome"] == "open"
            assert ("slipped" in kinds) == bool(slipped)
