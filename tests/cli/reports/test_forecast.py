import json
from pathlib import Path

import pytest

NOW = ("--now", "2026-11-20T12:00")
LOST = ("--reason", "price")


@pytest.fixture(autouse=True)
def deals(workspace: Path, crm) -> None:
    """Give the workspace a pipeline with three open deals and one won."""
    (workspace / "pipelines" / "simple.yaml").write_text(
        "version: 1\npipeline: simple\ntitle: Продажи\nrecord: deal\nstages:\n"
        "  - {stage: call, title: Звонок, probability: 10}\n"
        "  - {stage: offer, title: Предложение, probability: 50}\n"
        "  - {stage: won, title: Продано, outcome: won}\n"
        "  - {stage: lost, title: Отказ, outcome: lost}\n",
        "utf-8",
    )
    for day, owner in (("2026-12-05", "anna"), ("2026-10-01", "oleg"), ("", "anna"), ("2026-11-30", "anna")):
        dated = ("-s", f"close_date={day}") if day else ()
        made = crm(
            "create", "deal", f"Сделка {day}", "--pipeline", "simple", "-s", "amount=100", "--owner", owner,
            *dated, "--now", "2026-09-01",
        )  # fmt: skip
        assert made.code == 0, made.err
    crm("move", "D-1", "offer", "--now", "2026-10-02")
    crm("move", "D-4", "won", "--now", "2026-11-10")


def report(crm, *argv: str) -> dict:
    ran = crm("report", "forecast", "simple", *argv, "-o", "json", *NOW)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_rows_have_the_keys_of_the_contract(crm) -> None:
    told = report(crm)
    assert told["rows"] == [
        {"month": "overdue", "count": 1, "amount": {"UAH": "100.00"}, "weighted": {"UAH": "10.00"}, "actual": {}},
        {"month": "2026-11", "count": 0, "amount": {}, "weighted": {}, "actual": {"UAH": "100.00"}},
        {"month": "2026-12", "count": 1, "amount": {"UAH": "100.00"}, "weighted": {"UAH": "50.00"}, "actual": {}},
        {"month": None, "count": 1, "amount": {"UAH": "100.00"}, "weighted": {"UAH": "10.00"}, "actual": {}},
    ]  # fmt: skip
    assert told["totals"]["count"] == 3
    assert told["totals"]["weighted"] == {"UAH": "70.00"}


def test_the_ids_of_a_figure_are_those_that_the_same_filter_lists(crm) -> None:
    rows = report(crm, "--ids")["rows"]
    ids = [name for row in rows for name in row["count_ids"]]
    assert sorted(ids) == crm("filter", "deals", "open", "-o", "ids").out.split()
    overdue = crm("filter", "deals", "overdue", "-o", "ids", *NOW).out.split()
    assert rows[0]["count_ids"] == overdue == ["D-2"]


def test_a_probability_is_fixed_at_the_entry_and_live_is_the_configured_one(workspace: Path, crm) -> None:
    file = workspace / "pipelines" / "simple.yaml"
    file.write_text(file.read_text("utf-8").replace("probability: 50", "probability: 80"), "utf-8")
    assert report(crm)["rows"][2]["weighted"] == {"UAH": "50.00"}
    assert report(crm, "--live")["rows"][2]["weighted"] == {"UAH": "80.00"}


def test_history_is_that_of_all_records_whatever_the_filter(crm) -> None:
    for number in range(20):
        crm("create", "deal", f"x{number}", "--pipeline", "simple", "--owner", "oleg", "--now", "2026-09-01")
        crm("move", f"D-{5 + number}", "won" if number < 5 else "lost", *LOST * (number >= 5), *NOW)
    told = report(crm, "--where", "owner = anna", "--from-history", "--explain")
    # 5 won of these, and the one that was won before.
    assert told["explain"]["details"]["Probability, Продажи, Звонок"].startswith("6 won of 21 closed")
    assert "20 closed from Предложение" in told["notes"][0]
    assert told["rows"][1]["weighted"] == {"UAH": "50.00"}
    assert told["rows"][2]["weighted"] == {"UAH": "28.57"}


def test_as_of_a_day_later_events_have_not_happened(crm) -> None:
    asked = ("report", "forecast", "simple", "-o", "json", "--as-of", "2026-10-20T12:00")
    before = crm(*asked, *NOW).out
    crm("move", "D-1", "won", *NOW)
    crm("update", "D-3", "-s", "close_date=2027-01-01", *NOW)
    assert crm(*asked, *NOW).out == before
    assert [row["month"] for row in json.loads(before)["rows"]] == ["overdue", "2026-11", "2026-12", None]


def test_an_exchange_at_par_changes_nothing(crm) -> None:
    assert report(crm, "--in", "UAH")["rows"] == report(crm)["rows"]


def test_people_read_what_is_overdue_and_what_has_no_date(crm) -> None:
    out = crm("report", "forecast", "simple", *NOW).out
    assert out.splitlines()[0] == "Продажи, forecast"
    assert "Overdue       1" in out
    assert "(no date)     1" in out
    assert "All           3  300.00 UAH" in out


def test_groups_stand_beside_the_months(crm) -> None:
    rows = report(crm, "--by", "owner", "--period", "2026-12")["rows"]
    assert [(row["owner"], row["month"], row["count"]) for row in rows] == [
        ("anna", "2026-12", 1),
        ("oleg", "2026-12", 0),
    ]
