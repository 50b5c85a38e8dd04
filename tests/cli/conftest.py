"""What the tests of the command line share: deals, and changing the configuration of the workspace they stand in."""

from collections.abc import Callable
from pathlib import Path

import pytest

Edit = Callable[[str, str, str], None]
LayOut = Callable[..., None]
WHOLESALE = "pipelines/wholesale.yaml"
PLACED = "  - {stage: placed, title: Заказ внесен, probability: 60, max_age: 2d}\n"
ORDERED = ("-s", "visit_date=2026-10-01", "-s", "amount=100", "-s", "payment_details=card")


@pytest.fixture
def edit() -> Edit:
    """Replace text in a file of the present folder: a file, what is there, what is to stand there."""

    def replace(name: str, old: str, new: str) -> None:
        path = Path(name)
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return replace


@pytest.fixture
def laid_out(tmp_path: Path, crm, monkeypatch: pytest.MonkeyPatch) -> LayOut:
    """Make a workspace of the files given, by name, with a new database, and stand in it at a known moment."""

    def lay_out(**files: str) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("CRMCTL_NOW", "2026-11-21T10:00:00+00:00")
        (tmp_path / "pipelines").mkdir()
        for name, text in files.items():
            folder = "" if name in ("crmctl", "tasks") else "pipelines"
            (tmp_path / folder / f"{name}.yaml").write_text(text, "utf-8")
        assert crm("init", "-q").code == 0

    return lay_out


@pytest.fixture
def deals(workspace: Path, crm) -> None:
    """D-1 and D-2 at visit, D-3 at placed, with a value of a list and of an own field."""
    for name in ("Acme", "Beta"):
        crm(
            "create",
            "deal",
            name,
            "--pipeline",
            "wholesale",
            "--stage",
            "visit",
            "-s",
            "visit_date=2026-10-01",
        )
    more = ("-s", "delivery=pickup", "-s", "invoice_no=17")
    crm("create", "deal", "Coda", "--pipeline", "wholesale", "--stage", "placed", *ORDERED, *more)


@pytest.fixture
def renamed(deals: None, edit: Edit) -> None:
    """Give the stage of D-1 and D-2 another id."""
    edit(
        WHOLESALE,
        "stage: visit, title: Выезд на магазин",
        "stage: meeting, moved_from: [visit], title: Встреча",
    )


@pytest.fixture
def removed(deals: None, edit: Edit) -> None:
    """Take the stage of D-3 away."""
    edit(WHOLESALE, PLACED, "")


@pytest.fixture
def trusting(workspace: Path, crm, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Write a hook, a shell script, and trust it; returns its path. `$OUT` is the folder above it all."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(workspace / "conf"))

    def write(name: str, script: str) -> Path:
        path = workspace / ".crmctl" / "hooks" / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\nOUT='{workspace}'\n{script}\n", "utf-8")
        path.chmod(0o700)
        ran = crm("hooks", "trust", name)
        assert ran.code == 0, ran.err
        return path

    return write


@pytest.fixture
def outer(program: Path) -> str:
    """A shell command that calls crmctl as somebody else would, from within a program that crmctl started."""
    root = Path(__file__).parent.parent.parent
    return f"env -u CRMCTL_HOOK PYTHONPATH='{root}' '{program}/crmctl' --user oleg"


@pytest.fixture
def inner(program: Path) -> str:
    """A shell command that calls crmctl from within a program that crmctl started."""
    return f"env PYTHONPATH='{Path(__file__).parent.parent.parent}' '{program}/crmctl'"
