"""Records on stages that were renamed are what they were, also before the change is applied."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def renamed(workspace: Path, crm) -> None:
    """A won and a lost deal, whose stages have other ids by now."""
    sold = ("-s", "visit_date=2026-11-01", "-s", "amount=5", "-s", "payment_details=card")
    sent = ("-s", "waybill=20450123456789", "-s", "delivery=pickup")
    crm("create", "deal", "Won", "--pipeline", "wholesale", "--stage", "won", *sold, *sent)
    crm("create", "deal", "Lost", "--pipeline", "wholesale", "--stage", "lost", "-s", "lost_reason=price")
    path = workspace / "pipelines" / "wholesale.yaml"
    text = path.read_text("utf-8").replace("stage: won,", "stage: paid, moved_from: [won],")
    path.write_text(text.replace("stage: lost,", "stage: failed, moved_from: [lost],"), "utf-8")


@pytest.mark.parametrize(("flag", "ids"), [("won", ["D-1"]), ("lost", ["D-2"]), ("open", [])])
def test_filters_go_by_what_the_stage_became(renamed: None, crm, flag: str, ids: list[str]) -> None:
    assert crm("filter", "deals", flag, "-o", "ids").out.split() == ids


@pytest.mark.parametrize("mode", ["snapshot", "visited", "reached", "strict", "entries"])
def test_the_funnel_counts_the_lost_among_the_lost(renamed: None, crm, mode: str) -> None:
    report = json.loads(crm("funnel", "wholesale", "--mode", mode, "-o", "json").out)
    assert [(row["reason"], row["count"]) for row in report["lost"]] == [("price", 1)]
    assert "lost" not in {row["stage"] for row in report["rows"]}
    archived = {row["stage"]: row for row in report["rows"]}["won"]
    assert (archived["title"], archived["outcome"]) == ("won (archived)", "won")
    assert archived.get("open", 0) == 0
