import json
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def worked(workspace, crm) -> None:
    """Give the workspace a deal lost and reopened, one lost, one that was never touched."""
    for title, owner in (("Acme", "anna"), ("Beta", "oleg"), ("Gamma", "anna")):
        asked = ("--pipeline", "retail", "-s", "amount=100", "--owner", owner)
        assert crm("create", "deal", title, *asked, "--now", "2026-10-05T12:00").code == 0
    for number, day in ((1, "2026-10-10"), (2, "2026-11-10")):
        assert crm("move", f"D-{number}", "lost", "--reason", "price", "--now", f"{day}T12:00").code == 0
    assert crm("move", "D-1", "new", "--now", "2026-11-15T12:00").code == 0


def report(crm, *argv: str) -> Any:
    ran = crm("report", "in-work", *argv, "-o", "json", "--now", "2026-12-20T12:00")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_there_is_a_row_for_each_pipeline_which_it_always_names(crm) -> None:
    (row,) = report(crm, "retail", "--period", "2026-11")["rows"]
    assert row == {
        "pipeline": "retail",
        "in_work": 3,
        "opened": 1,
        "closed": 1,
        "amount": {"UAH": "300.00"},
    }
    every = report(crm)
    assert {row["pipeline"] for row in every["rows"]} >= {"retail", "wholesale"}
    assert every["totals"] == {**row, "pipeline": None, "opened": 3}


def test_the_ids_are_those_that_filters_list(crm) -> None:
    (row,) = report(crm, "retail", "--period", "2026-12", "--ids")["rows"]
    assert row["in_work_ids"] == crm("filter", "deals", "open", "-o", "ids").out.split()
    (row,) = report(crm, "retail", "--period", "2026-11", "--ids")["rows"]
    listed = crm("filter", "deals", "closed_at = 2026-11", "-o", "ids").out.split()
    assert row["closed_ids"] == listed == ["D-2"]
    assert row["opened_ids"] == ["D-1"]


def test_between_a_loss_and_its_reopening_a_deal_is_not_in_work(crm) -> None:
    (row,) = report(crm, "retail", "--period", "2026-10-11..2026-11-09", "--ids")["rows"]
    assert row["in_work_ids"] == ["D-2", "D-3"]


def test_later_events_leave_the_past_alone(crm) -> None:
    (row,) = report(crm, "retail", "--period", "2026-10", "--as-of", "2026-10-31", "--ids")["rows"]
    assert (row["in_work"], row["closed_ids"]) == (3, ["D-1"])


def test_a_deal_that_changed_pipelines_is_one_in_all(crm) -> None:
    assert crm("move", "D-3", "new", "--pipeline", "wholesale", "--now", "2026-12-02").code == 0
    told = report(crm, "retail", "wholesale", "--period", "2026-12")
    assert {row["pipeline"]: row["in_work"] for row in told["rows"]} == {"retail": 2, "wholesale": 1}
    assert told["totals"]["in_work"] == 2


def test_deals_that_came_with_their_dates_were_in_work_between_them(workspace, crm) -> None:
    text = "title,stage,lost_reason,created_at,closed_at\nOld,lost,price,2026-02-03,2026-04-05\n"
    text += "New,lost,price,2026-04-06,2026-06-01\n"
    (workspace / "deals.csv").write_text(text, "utf-8")
    assert crm("import", "deals", "deals.csv", "--pipeline", "retail").code == 0
    found = [report(crm, "retail", "--period", f"2026-{month:02d}")["totals"] for month in range(1, 7)]
    assert [each["in_work"] for each in found] == [0, 1, 1, 2, 1, 1]
    assert [each["closed"] for each in found] == [0, 0, 0, 1, 0, 1]


def test_groups_and_definitions_can_be_asked_for(crm) -> None:
    rows = report(crm, "retail", "--by", "owner")["rows"]
    assert {row["owner"]: row["in_work"] for row in rows} == {"anna": 2, "oleg": 1}
    out = crm("report", "in-work", "retail", "--period", "2026-11", "--explain", "--now", "2026-12-20").out
    assert "Розница" in out
    assert "open at any time from 2026-11-01" in out


def test_a_deal_that_closed_in_another_pipeline_has_one_rate_wherever_it_counts(workspace, crm) -> None:
    path = workspace / "crmctl.yaml"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("rates:")]
    path.write_text("\n".join([*lines, "rates: rates.csv"]) + "\n", "utf-8")
    (workspace / "rates.csv").write_text(
        "date,currency,rate\n2026-01-01,USD,20\n2026-12-10,USD,50\n", "utf-8"
    )
    for name in ("D-1", "D-3"):
        assert crm("update", name, "-s", "amount=100 USD", "--now", "2026-10-06").code == 0
        assert crm("move", name, "new", "--pipeline", "wholesale", "--now", "2026-12-02").code == 0
    assert crm("move", "D-3", "lost", "--reason", "price", "--now", "2026-12-03").code == 0
    told = report(crm, "retail", "wholesale", "--period", "2026-12", "--in", "UAH", "--where", "id = D-3")
    assert [row["amount"] for row in told["rows"]] == [{"UAH": "2000.00"}] * 2
    assert told["totals"]["amount"] == {"UAH": "2000.00"}
    still = report(crm, "retail", "wholesale", "--period", "2026-12", "--in", "UAH", "--where", "id = D-1")
    assert [row["amount"] for row in still["rows"]] == [{"UAH": "5000.00"}] * 2
