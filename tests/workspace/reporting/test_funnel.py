"""The funnel over whatever was done to records: what it counts is what lists find, and the past stays as it was."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmctl.cli.main import run

STAGES = ("new", "in_work", "no_answer", "qualified", "junk")
Trading = Callable[[], AbstractContextManager[object]]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["create", "move", "amount", "delete", "undo"]),
        st.integers(1, 6),
        st.sampled_from(STAGES),
        st.integers(1, 9),
    ),
    min_size=1,
    max_size=10,
)


def day(number: int) -> tuple[str, str]:
    return "--now", f"2026-11-{number:02d}T12:00"


def do(step: tuple[str, int, str, int], at: int) -> None:
    """Do a step; what the rules refuse, or has nothing to work on, is part of the game."""
    what, number, stage, amount = step
    calls = {
        "create": ("create", "lead", f"Lead {at}", "--stage", stage, "-s", f"amount={amount}"),
        "move": ("move", f"L-{number}", stage, "--reason", "spam"),
        "amount": ("update", f"L-{number}", "-s", f"amount={amount}"),
        "delete": ("delete", f"L-{number}"),
        "undo": ("undo",),
    }
    run((*calls[what], "-y", "--no-input", "-q", *day(at)))


def funnel(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    capsys.readouterr()
    assert run(("funnel", "leads", "--ids", "-o", "json", *argv)) == 0
    return capsys.readouterr().out


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STEPS)
def test_figures_are_what_filters_list_and_later_events_leave_the_past_alone(
    capsys: pytest.CaptureFixture[str], trading: Trading, steps: list[tuple[str, int, str, int]]
) -> None:
    with trading():
        run(("create", "lead", "First", "-q", *day(1)))
        half = len(steps) // 2
        for at, step in enumerate(steps[:half], start=2):
            do(step, at)
        modes = ("snapshot", "visited", "reached", "strict", "entries")
        then = [funnel(capsys, "--mode", mode, "--as-of", "2026-11-15") for mode in modes]
        for at, step in enumerate(steps[half:], start=16):
            do(step, at)
        assert then == [funnel(capsys, "--mode", mode, "--as-of", "2026-11-15") for mode in modes]
        check_cells(capsys)


def check_cells(capsys: pytest.CaptureFixture[str]) -> None:
    report = json.loads(funnel(capsys, *day(28)))
    cells = {f"stage = {row['stage']}": row["ids"] for row in report["rows"]}
    cells |= {
        f"lost and reject_reason = {row['reason']}"
        if row["reason"]
        else "lost and reject_reason is empty": row["ids"]
        for row in report["lost"]
    }
    for expression, ids in cells.items():
        capsys.readouterr()
        assert run(("filter", "leads", expression, "-o", "ids", *day(28))) == 0
        assert capsys.readouterr().out.split() == ids
    assert sum(len(ids) for ids in cells.values()) == report["totals"]["count"]
