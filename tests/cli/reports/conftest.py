"""What the tests of reports share: deals to which all sorts of things happened."""

import random
from collections.abc import Callable

import pytest

Meddled = Callable[[int], None]
STAGES = ("new", "awaiting_payment", "lost", "new", "awaiting_payment", "won")
REACHED = ("--reason", "price", "-s", "payment_details=card")


def meddle(crm, chance: random.Random, day: int) -> None:
    """Do something to some deal."""
    one, other = chance.sample(["D-1", "D-2", "D-3", "D-4", "D-5"], 2)
    calls = [
        ("create", "deal", f"N{day}", "--pipeline", "retail", "-s", "amount=10"),
        ("move", one, chance.choice(STAGES), *REACHED),
        ("move", one, chance.choice(STAGES), *REACHED, "-s", "amount=30"),
        ("move", one, "new", "--pipeline", chance.choice(["wholesale", "retail"])),
        ("update", one, "-s", f"amount={chance.randint(1, 4)}00"),
        ("update", one, "-s", f"close_date=2026-12-{chance.randint(1, 3):02}"),
        ("delete", one, "--yes"),
        ("restore", one),
        ("merge", one, other, "--yes"),
        ("undo", "--yes"),
        ("note", one, "x"),
    ]
    crm(*chance.choice(calls), "--now", f"2026-11-{day:02}T12:00")


@pytest.fixture
def meddled(workspace, crm) -> Meddled:
    """Make deals on the second of November, and do something to some of them on each day up to the 25th."""

    def make(seed: int) -> None:
        for title in ("Ash", "Elm", "Oak", "Yew"):
            crm("create", "deal", title, "--pipeline", "retail", "-s", "amount=100", "--now", "2026-11-02")
        chance = random.Random(seed)
        for day in range(3, 26):
            meddle(crm, chance, day)

    return make
