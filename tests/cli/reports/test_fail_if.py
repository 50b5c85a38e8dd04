"""`--fail-if`: a report as an alarm for cron."""

import json

import pytest


@pytest.fixture(autouse=True)
def deals(workspace, crm) -> None:
    for title in ("Ash", "Elm"):
        crm("create", "deal", title, "--pipeline", "retail", "-s", "amount=100", "--owner", "anna")
    crm("move", "D-2", "lost", "--reason", "price")


def test_a_report_is_printed_whole_and_the_rows_are_named(crm) -> None:
    plain = crm("report", "winloss", "retail", "--by", "owner", "-o", "json")
    ran = crm("report", "winloss", "retail", "--by", "owner", "-o", "json", "--fail-if", "win_rate < 20%")
    assert (ran.code, ran.out) == (1, plain.out)
    assert ran.err == "warning: win_rate < 20%: true of 1 row: anna\n"


def test_where_it_is_true_of_no_row_nothing_is_said(crm) -> None:
    for command in (("report", "winloss"), ("funnel",), ("diff", "--since", "-7d")):
        ran = crm(*command, "retail", "--fail-if", "rows > 99")
        assert (ran.code, ran.err) == (0, "")


def test_it_is_never_silenced_and_knows_columns_that_are_not_shown(crm) -> None:
    ran = crm("funnel", "retail", "-q", "--fields", "title", "--fail-if", "stage = new and count >= 1")
    assert (ran.code, ran.err) == (1, "warning: stage = new and count >= 1: true of 1 row: Новая\n")
    lost = crm("funnel", "retail", "--fail-if", "reason = price and share > 40%")
    assert (lost.code, lost.err) == (1, "warning: reason = price and share > 40%: true of 1 row: price\n")


def test_of_funnels_side_by_side_the_lost_can_be_named_as_well(crm) -> None:
    ran = crm("funnel", "retail", "--by", "owner", "--fail-if", "reason = price and count >= 1")
    assert (ran.code, ran.err.count("true of 1 row")) == (1, 1), ran.err


def test_an_unknown_column_stops_the_report(crm) -> None:
    ran = crm("report", "winloss", "retail", "--fail-if", "win_rat < 1")
    assert (ran.code, ran.out) == (2, "")
    assert "  win_rat < 1\n  ^^^^^^^\n" in ran.err
    assert crm("report", "winloss", "--fail-if", "").code == 2


def test_amounts_are_in_the_currency_of_the_report(crm) -> None:
    for currency, code in (("USD", 1), ("UAH", 0)):
        ran = crm("report", "winloss", "retail", "--in", currency, "--fail-if", "lost_amount < 3")
        assert ran.code == code, ran.err


def test_a_pipeline_can_be_named_whether_there_are_rows_or_one_pipeline_or_none(crm) -> None:
    assert crm("report", "aging", "--fail-if", "pipeline = retail and days > 99").code == 0
    for argv in (("retail",), ("retail", "wholesale")):
        assert crm("report", "winloss", *argv, "--fail-if", "pipeline = retail and lost = 1").code == 1
        assert crm("report", "winloss", *argv, "--fail-if", "pipeline = leads").code == 0


def test_a_stage_is_named_by_its_title_as_well(crm) -> None:
    assert crm("diff", "retail", "--since", "-7d", "--fail-if", 'to = "Сделка провалена"').code == 1
    assert crm("diff", "retail", "--since", "-7d", "--fail-if", "to = lost and change = lost").code == 1


def test_many_rows_are_named_in_part(crm) -> None:
    for number in range(12):
        crm("create", "deal", f"N{number}", "--pipeline", "retail", "--allow-duplicate")
    ran = crm(
        "diff", "retail", "--since", "-7d", "-o", "json", "--fail-if", "change = new and id is not empty"
    )
    assert len(json.loads(ran.out)["rows"]) > 10
    assert ran.err.endswith("D-9; D-10; 4 more\n")
