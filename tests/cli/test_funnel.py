"""`crmctl funnel`, as it is called."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def deals(workspace: Path, crm) -> None:
    crm("create", "contact", "-s", "last_name=Коваль", "-s", "contact_type=client")
    for source in ("instagram", "instagram", "call"):
        crm("create", "lead", "Ирина", "-s", f"source={source}")
    crm("create", "deal", "Опт", "--pipeline", "wholesale", "-s", "contact=C-1", "-s", "amount=100")
    crm("move", "L-1", "in_work")


@pytest.mark.usefixtures("deals")
def test_a_report_over_several_pipelines_names_the_pipeline_in_every_row(crm) -> None:
    report = json.loads(crm("funnel", "leads", "wholesale", "-o", "json").out)
    assert report["filters"] == {"pipeline": "leads,wholesale", "mode": "snapshot"}
    assert {row["pipeline"] for row in report["rows"]} == {"leads", "wholesale"}
    assert report["totals"]["count"] == 4


@pytest.mark.usefixtures("deals")
def test_one_pipeline_alone_is_not_named_in_its_rows(crm) -> None:
    report = json.loads(crm("funnel", "leads", "-o", "json").out)
    assert "pipeline" not in report["rows"][0]
    assert {row["stage"]: row["count"] for row in report["rows"]}["in_work"] == 1


@pytest.mark.usefixtures("deals")
def test_a_filter_narrows_what_is_counted(crm) -> None:
    report = json.loads(crm("funnel", "leads", "--where", "source = call", "-o", "json").out)
    assert report["totals"]["count"] == 1


@pytest.mark.usefixtures("deals")
def test_the_field_of_by_may_be_named_by_its_title_and_must_be_one(crm) -> None:
    report = json.loads(crm("funnel", "leads", "--by", "Source", "-o", "json").out)
    assert {row["source"] for row in report["rows"]} == {"instagram", "call"}
    refused = crm("funnel", "leads", "--by", "sourse")
    assert refused.code == 2
    assert 'error: --by: unknown field "sourse"' in refused.err


@pytest.mark.usefixtures("deals")
def test_an_undone_move_did_not_happen(crm) -> None:
    crm("undo")
    report = json.loads(crm("funnel", "leads", "--mode", "visited", "-o", "json").out)
    assert {row["stage"]: row["count"] for row in report["rows"]}["in_work"] == 0


def test_a_deal_that_changed_its_pipeline_counts_in_both_for_its_time_there(workspace: Path, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale", "-s", "visit_date=today")
    crm("move", "D-1", "visit")
    crm("move", "D-1", "--pipeline", "retail")
    old = json.loads(crm("funnel", "wholesale", "--mode", "visited", "-o", "json").out)
    new = json.loads(crm("funnel", "retail", "--mode", "visited", "-o", "json").out)
    counts = [{row["stage"]: row["count"] for row in report["rows"]} for report in (old, new)]
    assert (counts[0]["new"], counts[0]["visit"], counts[1]["new"]) == (1, 1, 1)
    assert sum(row["open"] for row in old["rows"]) == 0
    assert any("transferred" in note for note in old["notes"])
    assert json.loads(crm("funnel", "wholesale", "-o", "json").out)["totals"]["count"] == 0


def test_by_stage_names_the_stages_that_there_are(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина")
    crm("create", "lead", "Пётр", "--stage", "in_work")
    shown = crm("funnel", "leads", "--by", "stage").out
    assert "archived" not in shown
    rows = json.loads(crm("funnel", "leads", "--by", "stage", "-o", "json").out)["rows"]
    assert {row["by_stage"] for row in rows} == {"new", "in_work"}


def test_equal_amounts_of_two_currencies_are_two_groups(workspace: Path, crm) -> None:
    for amount in ("5 UAH", "5 USD"):
        crm("create", "deal", amount, "--pipeline", "retail", "-s", f"amount={amount}")
    shown = crm("funnel", "retail", "--by", "amount").out
    assert "5.00 UAH  5.00 USD" in shown
