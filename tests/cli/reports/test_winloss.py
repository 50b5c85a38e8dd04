import json

import pytest


@pytest.fixture(autouse=True)
def closed(workspace, crm) -> None:
    """Give the workspace one deal won, one lost, one open."""
    for title, owner in (("Acme", "anna"), ("Beta", "oleg"), ("Gamma", "anna")):
        crm("create", "deal", title, "--pipeline", "retail", "-s", "amount=100", "--owner", owner)
    crm("move", "D-2", "lost", "--reason", "price", "--now", "2026-11-10")


def rows(crm, *argv: str) -> list[dict]:
    ran = crm("report", "winloss", *argv, "-o", "json", "--now", "2026-11-20")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)["rows"]


def test_each_row_names_its_pipeline_where_there_are_several(crm) -> None:
    assert {row["pipeline"] for row in rows(crm)} >= {"retail", "wholesale"}
    assert "pipeline" not in rows(crm, "retail")[0]


def test_the_ids_of_a_figure_are_those_that_the_same_filter_lists(crm) -> None:
    (row,) = rows(crm, "retail", "--ids")
    listed = crm("filter", "deals", "pipeline = retail and lost", "-o", "ids").out.split()
    assert row["lost_ids"] == listed == ["D-2"]


def test_a_period_is_that_of_the_closing(crm) -> None:
    assert [row["lost"] for row in rows(crm, "retail", "--period", "2026-11-10")] == [1]
    assert [row["lost"] for row in rows(crm, "retail", "--period", "2026-11-11..")] == [0]


def test_groups_stand_under_the_name_of_their_field(crm) -> None:
    assert [(row["owner"], row["lost"]) for row in rows(crm, "retail", "--by", "owner")] == [("oleg", 1)]


def test_reasons_are_rows_under_the_same_name_for_leads_and_deals(crm) -> None:
    crm("create", "lead", "Ирина")
    crm("reject", "L-1", "--reason", "spam")
    assert [(row["reason"], row["count"]) for row in rows(crm, "retail", "--by", "reason")] == [("price", 1)]
    assert [(row["reason"], row["count"]) for row in rows(crm, "leads", "--by", "reason")] == [("spam", 1)]
    assert rows(crm, "retail", "--by", "lost_reason") == rows(crm, "retail", "--by", "reason")


@pytest.mark.parametrize("option", ["--period", "--cohort", "--where", "--by", "--in"])
def test_an_option_without_a_value_is_no_question_about_everything(crm, option: str) -> None:
    ran = crm("report", "winloss", option, "")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: {option} is empty")
