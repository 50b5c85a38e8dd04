import json
from typing import Any

import pytest

READY = ("-s", "payment_details=cash", "-s", "waybill=20450123456789")


@pytest.fixture(autouse=True)
def sold(workspace, crm) -> None:
    """Give the workspace two deals won, one lost, one open."""
    for number in range(1, 5):
        asked = ("--pipeline", "retail", "-s", f"amount={number}00", "--owner", "anna", *READY)
        assert crm("create", "deal", f"Deal {number}", *asked, "--now", "2026-11-01T12:00").code == 0
    for number, stage, day in ((1, "won", 5), (2, "won", 9), (3, "lost", 4)):
        reason = ("--reason", "price") if stage == "lost" else ()
        ran = crm("move", f"D-{number}", stage, *reason, "--now", f"2026-11-{day:02d}T12:00")
        assert ran.code == 0, ran.err


def report(crm, *argv: str) -> Any:
    ran = crm("report", "velocity", "retail", *argv, "-o", "json", "--now", "2026-11-20")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_the_keys_are_those_of_the_contract_and_the_check_is_told(crm) -> None:
    told = report(crm)
    assert told["rows"] == [told["totals"]]
    assert told["totals"] == {
        "closed": 3,
        "won": 2,
        "average_won": {"UAH": "150.00"},
        "win_rate": 2 / 3,
        "cycle_days": 6.0,
        "velocity": {"UAH": "50.00"},
    }
    assert told["notes"] == ["Розница: check: 300.00 UAH won / 6.0 days = 50.00 UAH a day"]


def test_the_ids_are_those_that_filters_list(crm) -> None:
    (row,) = report(crm, "--ids", "--period", "2026-11-05..")["rows"]
    assert row["closed_ids"] == crm("filter", "deals", "closed_at >= 2026-11-05", "-o", "ids").out.split()
    assert row["won_ids"] == ["D-1", "D-2"]


def test_a_reopened_win_counts_as_it_did_only_in_the_past(crm) -> None:
    crm("move", "D-2", "new", "--now", "2026-11-12T12:00")
    assert report(crm)["totals"]["won"] == 1
    assert report(crm, "--as-of", "2026-11-11")["totals"]["won"] == 2


def test_amounts_in_one_currency_make_one_velocity(crm) -> None:
    assert report(crm, "--in", "USD")["totals"]["velocity"] == {"USD": "1.20"}


def test_groups_and_definitions_can_be_asked_for(crm) -> None:
    assert [row["owner"] for row in report(crm, "--by", "owner")["rows"]] == ["anna"]
    out = crm("report", "velocity", "retail", "--explain", "--now", "2026-11-20").out
    assert "N * A * W / L" in out
    assert "note: Розница: check: 300.00 UAH won" in out
