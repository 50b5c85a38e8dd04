"""What clients were when they enquired, over whatever was done to their records: the past stays as it was."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmctl.cli.main import run

Trading = Callable[[], AbstractContextManager[object]]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["create", "create", "convert", "win", "reopen", "delete", "merge", "undo", "phone"]),
        st.integers(1, 5),
        st.integers(1, 3),
    ),
    min_size=2,
    max_size=12,
)
CONVERT = ("--to", "contact,company,deal", "--pipeline", "retail", "-s", "contact.contact_type=client")
WON = ("-s", "waybill=12345678901", "-s", "payment_details=cash", "-s", "delivery=pickup")
REPORTS = ("customers", "conversion", "acquisition")


def day(number: int) -> tuple[str, str]:
    return "--now", f"2026-11-{number:02d}T12:00"


def do(step: tuple[str, int, int], at: int) -> None:
    """Do a step; what the rules refuse, or has nothing to work on, is part of the game."""
    what, number, person = step
    phone = f"phone=+38050123456{person}"
    calls = {
        "create": ("create", "lead", f"Lead {at}", "-s", phone, "-s", f"company_name=Firm {person}"),
        "convert": ("convert", f"L-{number}", *CONVERT, "-s", f"deal.amount={at}"),
        "win": ("move", f"D-{number}", "won", *WON),
        "reopen": ("move", f"D-{number}", "new"),
        "delete": ("delete", f"{'LDC'[person - 1]}-{number}"),
        "merge": ("merge", f"L-{number}", f"L-{person}"),
        "undo": ("undo",),
        "phone": ("update", f"L-{number}", "-s", phone),
    }
    run((*calls[what], "-y", "--no-input", "-q", *day(at)))


def told(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    capsys.readouterr()
    assert run((*argv, "-o", "json")) == 0
    return capsys.readouterr().out


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STEPS)
def test_figures_are_of_all_that_lists_find_and_later_events_leave_the_past_alone(
    capsys: pytest.CaptureFixture[str], trading: Trading, steps: list[tuple[str, int, int]]
) -> None:
    with trading():
        do(("create", 1, 1), 1)
        do(("convert", 1, 1), 2)
        half = len(steps) // 2
        for at, step in enumerate(steps[:half], start=3):
            do(step, at)
        past = [told(capsys, "report", name, "--ids", "--as-of", "2026-11-15") for name in REPORTS]
        for at, step in enumerate(steps[half:], start=16):
            do(step, at)
        assert past == [told(capsys, "report", name, "--ids", "--as-of", "2026-11-15") for name in REPORTS]
        check_sums(capsys)


def check_sums(capsys: pytest.CaptureFixture[str]) -> None:
    leads, deals = (json.loads(told(capsys, "list", kind, *day(28))) for kind in ("leads", "deals"))
    for name in REPORTS:
        report = json.loads(told(capsys, "report", name, "--ids", *day(28)))
        behind = [one for row in report["rows"] for one in row["leads_ids"]]
        assert sorted(behind) == sorted(each["id"] for each in leads)
        assert report["totals"]["leads"] == len(leads)
    came = {each["origin_lead"] for each in deals if "origin_lead" in each}
    converted = [
        one
        for row in json.loads(told(capsys, "report", "conversion", "--ids", *day(28)))["rows"]
        for one in row["converted_ids"]
    ]
    assert came & {each["id"] for each in leads} <= set(converted)
