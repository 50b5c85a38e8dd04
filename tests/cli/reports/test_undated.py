"""Records won at an unknown date: every report counts them alike, and says where a date is asked for."""

import json
from pathlib import Path

import pytest

WINS = """title,pipeline,stage,amount,closed_at,source,payment_details,waybill
Ash,retail,won,100,2026-11-10,website,card,20450123456789
Elm,retail,won,200,,website,card,20450123456789
"""
PERIOD = ("--period", "2026-11")
WON = [
    ("winloss", "won", "won_amount"),
    ("velocity", "won", None),
    ("sources", "won", "revenue"),
    ("romi", None, "revenue"),
    ("owners", "won", "amount"),
    ("forecast", None, "actual"),
    ("acquisition", "new_customers", None),
]


@pytest.fixture(autouse=True)
def imported(workspace, crm, tmp_path: Path) -> None:
    """Give the workspace two deals that came in won, one of them without the date of its closing."""
    (tmp_path / "wins.csv").write_text(WINS, "utf-8")
    ran = crm("import", "deals", "wins.csv", "--now", "2026-11-15")
    assert ran.code == 0, ran.err


def told(crm, report: str, *argv: str) -> dict:
    ran = crm("report", report, *argv, "-o", "json", "--now", "2026-11-20")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


@pytest.mark.parametrize(("report", "count", "amount"), WON)
@pytest.mark.parametrize("asked", [(), ("--cohort", "created")])
def test_in_all_time_they_count(
    crm, report: str, count: str | None, amount: str | None, asked: tuple
) -> None:
    totals = told(crm, report, *asked)["totals"]
    assert not count or totals[count] == 2
    assert not amount or list(totals[amount].values()) == ["300.00"]


@pytest.mark.parametrize(("report", "count", "amount"), WON)
@pytest.mark.parametrize("asked", [PERIOD, ("--cohort", "closed"), (*PERIOD, "--cohort", "closed")])
def test_where_a_period_or_a_cohort_asks_for_the_date_they_are_left_out_with_a_note(
    crm, report: str, count: str | None, amount: str | None, asked: tuple
) -> None:
    found = told(crm, report, *asked)
    totals = found["totals"]
    assert not count or totals[count] == 1
    assert not amount or list(totals[amount].values()) == ["100.00"]
    assert any("left out" in note and "date" in note for note in found["notes"])


@pytest.mark.parametrize(
    "argv", [("--ids",), ("--attribution", "first"), ("--by", "owner"), ("--where", "won")]
)
def test_sources_told_one_by_one_count_them_as_well(crm, argv: tuple[str, ...]) -> None:
    assert told(crm, "sources", *argv)["totals"]["won"] == 2
    assert told(crm, "sources", *argv, "--period", "2026-11")["totals"]["won"] == 1


def test_the_days_to_a_win_are_told_without_them(crm) -> None:
    notes = told(crm, "velocity", "retail")["notes"]
    assert any("1 record won at an unknown date, left out of the cycle" in note for note in notes)


def test_in_the_forecast_they_have_a_row(crm) -> None:
    rows = told(crm, "forecast", "retail")["rows"]
    assert [row["actual"] for row in rows if row["month"] is None] == [{"UAH": "200.00"}]
