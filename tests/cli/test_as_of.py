"""`--as-of`: lists, cards, filters and funnels as they were on any day."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def deal(workspace: Path, crm) -> str:
    crm("create", "deal", "Acme", "--pipeline", "wholesale", "-s", "amount=100", "--now", "2026-01-10")
    crm("update", "D-1", "-s", "amount=250", "--now", "2026-02-10")
    crm("move", "D-1", "visit", "-s", "visit_date=2026-03-01", "--now", "2026-03-10")
    crm("delete", "D-1", "--yes", "--now", "2026-04-10")
    return "D-1"


def shown(crm, when: str) -> dict[str, object]:
    return json.loads(crm("show", "D-1", "-o", "json", "--as-of", when).out)


def test_a_record_is_what_it_was(deal: str, crm) -> None:
    assert shown(crm, "2026-01-31")["amount"] == "100.00"
    assert shown(crm, "2026-02")["amount"] == "250.00"
    assert (shown(crm, "2026-02-28")["stage"], shown(crm, "2026-03-10")["stage"]) == ("new", "visit")
    assert "visit_date" not in shown(crm, "2026-02-28")


def test_before_its_creation_and_after_its_deletion_there_is_none(deal: str, crm) -> None:
    assert crm("show", deal, "--as-of", "2026-01-09").code == 4
    assert crm("show", deal, "--as-of", "2026-04-11").code == 4
    assert crm("show", deal, "--as-of", "2026-04-09").code == 0


def test_lists_filters_and_funnels_follow(deal: str, crm) -> None:
    assert crm("list", "deals", "--count", "--as-of", "2026-01-09").out == "0\n"
    assert crm("filter", "deals", "amount = 100", "--count", "--as-of", "2026-01-15").out == "1\n"
    report = json.loads(crm("funnel", "wholesale", "-o", "json", "--as-of", "2026-03-15").out)
    assert {row["stage"]: row["count"] for row in report["rows"]}["visit"] == 1
    assert report["as_of"].startswith("2026-03-15T23:59:59")


def test_an_undone_deletion_is_seen_at_its_own_time(deal: str, crm) -> None:
    crm("undo", "--now", "2026-05-01")
    assert crm("show", deal, "--as-of", "2026-04-20").code == 4
    assert crm("show", deal, "--as-of", "2026-05-02").code == 0


def test_imported_dates_make_a_past(workspace: Path, crm) -> None:
    text = "title,pipeline,stage,created_at,closed_at,lost_reason\nСтарая,wholesale,lost,2025-01-10,2025-03-01,price\n"
    (workspace / "deals.csv").write_text(text, "utf-8")
    crm("import", "deals", "deals.csv")
    then = shown(crm, "2025-02-01")
    assert (then["stage"], then["outcome"]) == ("new", "open")
    assert "closed_at" not in then
    assert "lost_reason" not in then


def test_a_moment_that_is_no_date_is_wrong_use(deal: str, crm) -> None:
    assert crm("list", "deals", "--as-of", "whenever").code == 2
