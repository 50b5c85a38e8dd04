"""What the tests of the command line share: deals, and changing the configuration of the workspace they stand in."""

from collections.abc import Callable
from pathlib import Path

import pytest

Edit = Callable[[str, str, str], None]
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
