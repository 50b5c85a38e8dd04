"""What the tests of reports share: a pipeline, and records that went any way through it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import strategies as st

from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType, Value
from crmctl.reports.journey import Journey

SALES = Pipeline(
    "sales",
    "Sales",
    RecordType.DEAL,
    (
        Stage("call", "Call", max_age=timedelta(days=2), probability=10),
        Stage("offer", "Offer", max_age=timedelta(days=30), probability=50, moved_from=("proposal",)),
        Stage("order", "Order"),
        Stage("won", "Won", Outcome.WON),
        Stage("paid", "Paid", Outcome.WON),
        Stage("lost", "Lost", Outcome.LOST),
    ),
)
_KNOWN = (*(stage.id for stage in SALES.stages), "trial")


@pytest.fixture(scope="session")
def sales() -> Pipeline:
    """The pipeline whose records `journeys` draws."""
    return SALES


@pytest.fixture(scope="session")
def journeys() -> Callable[..., st.SearchStrategy[list[Journey]]]:
    """Return a strategy of records that went any way through `sales`, from March to November 2026.

    Forward, back, reopened, on an archived stage, to another pipeline and back, won or lost at any point; moments
    agree with one another and may coincide. `values` draws further fields, `unseen` adds records that came closed;
    `stages` are those they may have been on.
    """

    def make(
        values: Any = None, *, unseen: bool = True, stages: Sequence[str] = _KNOWN
    ) -> st.SearchStrategy[list[Journey]]:
        drawn = _journey(st.just({}) if values is None else values, stages, unseen=unseen)
        return st.lists(drawn, max_size=8).map(_numbered)

    return make


_START = datetime(2026, 3, 1, tzinfo=UTC)
_MINUTES = 270 * 24 * 60


@st.composite
def _journey(
    draw: st.DrawFn,
    values: st.SearchStrategy[dict[str, Value | None]],
    stages: Sequence[str],
    *,
    unseen: bool,
) -> Journey:
    way = draw(st.lists(st.sampled_from(stages), min_size=1, max_size=6))
    minutes = sorted(draw(st.lists(st.integers(0, _MINUTES), min_size=len(way) + 1, max_size=len(way) + 1)))
    moments = [(_START + timedelta(minutes=each)).isoformat() for each in minutes]
    left = moments[1:]
    # Now and then it was in another pipeline until its next stay here began.
    entered = [moments[0], *(draw(st.sampled_from([each, each, after])) for each, after in pairwise(left))]
    gone = draw(st.sampled_from([False, False, False, True]))
    closed = entered[-1] if not gone and SALES.outcome_of(way[-1]) is not Outcome.OPEN else None
    known = not unseen or closed is None or draw(st.booleans())
    return Journey(
        "",
        "sales",
        way[-1],
        draw(st.none() | st.decimals(0, 9999, places=2).map(str)),
        draw(st.sampled_from(["EUR", "UAH"])),
        draw(st.sampled_from([None, "price", "Price", "silent"])),
        draw(st.sampled_from([None, "anna", "Anna", "oleg"])),
        tuple(way) if known else (),
        tuple(entered) if known else (),
        moments[0],
        closed if known else draw(st.sampled_from([closed, None])),
        transferred=gone,
        left=(*left[:-1], left[-1] if gone else "") if known else (),
        values=draw(values),
    )


def _numbered(drawn: list[Journey]) -> list[Journey]:
    return [msgspec.structs.replace(each, id=f"D-{at}") for at, each in enumerate(drawn, start=1)]
