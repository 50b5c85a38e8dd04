"""What holds of every standard report, whatever was done to records: each goes through it by being there."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmctl.cli.main import run
from crmctl.reports.standard import report_names, standard_report

STAGES = ("new", "awaiting_payment", "shipping", "won", "lost")
READY = ("-s", "payment_details=cash", "-s", "waybill=20450123456789", "-s", "address=Kyiv")
WORK = (
    *("create", "create", "move", "move", "move", "amount", "transfer", "owner", "delete"),
    *("undo", "lead", "convert", "complete"),
)
Report = Callable[..., dict[str, Any]]
Workspace = Callable[[], AbstractContextManager[Path]]
Step = tuple[str, int, str, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(WORK), st.integers(1, 5), st.sampled_from(STAGES), st.integers(1, 9)),
    min_size=2,
    max_size=14,
)
GENTLY = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def day(number: int) -> tuple[str, str]:
    return "--now", f"2026-{9 + number // 28:02d}-{1 + number % 28:02d}T12:00"


def do(step: Step, at: int) -> None:
    """Do a step; what the rules refuse, or has nothing to work on, is part of the game."""
    what, number, stage, amount = step
    deal = f"D-{number}"
    calls: dict[str, tuple[str, ...]] = {
        "create": ("create", "deal", f"Deal {at}", "--pipeline", "retail", "-s", f"amount={amount}", *READY),
        "move": ("move", deal, stage, *(("--reason", "price") if stage == "lost" else ())),
        "amount": ("update", deal, "-s", f"amount={amount}"),
        "transfer": ("move", deal, "new", "--pipeline", "retail_repeat" if amount > 4 else "retail"),
        "owner": ("update", deal, "-s", f"owner={'anna' if amount > 4 else 'oleg'}"),
        "delete": ("delete", deal),
        "undo": ("undo",),
        "lead": ("create", "lead", f"Lead {at}", "-s", f"phone=+38050123456{number}"),
        "convert": (
            *("convert", f"L-{number}", "--to", "contact,deal", "--pipeline", "retail"),
            *("-s", "contact.contact_type=client"),
        ),
        "complete": ("complete", f"T-{number}", "--result", "on_its_way"),
    }
    run((*calls[what], "-y", "--no-input", "-q", *day(at)))


@pytest.fixture(scope="session")
def workspace(trading: Workspace) -> Workspace:
    """A new workspace with a first deal."""

    @contextmanager
    def standing() -> Iterator[Path]:
        with trading() as folder:
            run(("create", "deal", "First", "--pipeline", "retail", *READY, "-q", *day(0)))
            yield folder

    return standing


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str], asked: Callable[[str], tuple[str, ...]]) -> Report:
    """Make a report of deals of one pipeline, what changed from the first of them on."""

    def make(name: str, *argv: str) -> dict[str, Any]:
        capsys.readouterr()
        definition = standard_report(name).REPORT
        over = () if definition.of_type or not definition.kinds else ("retail",)
        since = ("--since", day(0)[1]) if any(each.name == "since" for each in definition.options) else ()
        code = run(("report", name, *over, *asked(name), *since, *argv, "-o", "json"))
        told = capsys.readouterr()
        assert code == 0, told.err
        found: dict[str, Any] = json.loads(told.out)
        return found

    return make


@GENTLY
@given(STEPS)
def test_a_report_as_of_a_moment_is_unchanged_by_what_happens_after_it(
    report: Report, workspace: Workspace, steps: list[Step]
) -> None:
    with workspace():
        half = len(steps) // 2
        for at, step in enumerate(steps[:half], start=1):
            do(step, at * 3)
        moment = ("--as-of", day(half * 3 + 1)[1], "--ids")
        then = {name: report(name, *moment) for name in report_names()}
        for at, step in enumerate(steps[half:], start=half + 1):
            do(step, at * 3)
        assert then == {name: report(name, *moment) for name in report_names()}


@GENTLY
@given(STEPS)
def test_one_currency_at_a_rate_of_one_changes_nothing(
    report: Report, workspace: Workspace, steps: list[Step]
) -> None:
    with workspace():
        for at, step in enumerate(steps, start=1):
            do(step, at * 3)
        late = ("--ids", *day(70))
        for name in report_names():
            plain, told = report(name, *late), report(name, "--in", "UAH", *late)
            told["filters"].pop("in")
            assert told == plain


ROWS = st.lists(
    st.tuples(st.sampled_from(STAGES), st.integers(1, 9), st.integers(1, 12), st.integers(0, 12)),
    min_size=1,
    max_size=8,
)


@GENTLY
@given(ROWS, st.integers())
def test_the_order_of_imported_rows_changes_nothing_but_ids(
    report: Report, workspace: Workspace, drawn: list[tuple[str, int, int, int]], chance: int
) -> None:
    head = "title,stage,amount,owner,source,lost_reason,payment_details,waybill,address,created_at,closed_at"
    rows = [imported_row(at, *each) for at, each in enumerate(drawn)]
    seen: list[dict[str, Any]] = []
    for order in (rows, Random(chance).sample(rows, len(rows))):
        with workspace() as folder:
            (folder / "deals.csv").write_text("\n".join([head, *order]) + "\n", "utf-8")
            assert run(("import", "deals", "deals.csv", "--pipeline", "retail", "-q", *day(30))) == 0
            seen.append({name: without_ids(report(name, *day(40))) for name in report_names()})
    assert seen[0] == seen[1]


def imported_row(at: int, stage: str, amount: int, since: int, after: int) -> str:
    closed = f"2026-09-{since + after:02d}" if stage in {"won", "lost"} else ""
    owner, source = ("anna", "oleg", "")[amount % 3], ("website", "Website", "", "instagram")[since % 4]
    reason = "price" if stage == "lost" else ""
    values = (f"Deal {at}", stage, f"{amount}.10", owner, source, reason, "cash", "20450123456789", "Kyiv")
    return ",".join((*values, f"2026-09-{since:02d}", closed))


def without_ids(told: dict[str, Any]) -> dict[str, Any]:
    rows = [{name: value for name, value in row.items() if name != "id"} for row in told["rows"]]
    if rows != told["rows"]:
        # Of records that are alike the one with the lower id comes first.
        rows.sort(key=json.dumps)
    return {**told, "rows": rows}
