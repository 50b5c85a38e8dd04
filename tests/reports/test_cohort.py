"""Which records are in a cohort."""

import pytest

from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType
from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.journey import Journey


def at(day: int) -> str:
    return f"2026-11-{day:02d}T10:00:00+00:00"


OPEN = Journey("D-1", "p", "offer", stages=("call", "offer"), entered=(at(1), at(5)), created=at(1))
WON = Journey("D-2", "p", "won", stages=("call", "won"), entered=(at(3), at(7)), created=at(3), closed=at(7))


@pytest.mark.parametrize(
    ("cohort", "members"),
    [
        (Cohort(Event.CREATED), ["D-1", "D-2"]),
        (Cohort(Event.CREATED, start=at(2)), ["D-2"]),
        (Cohort(Event.CREATED, start=at(1), end=at(3)), ["D-1"]),
        (Cohort(Event.ENTERED, "call"), ["D-1", "D-2"]),
        (Cohort(Event.ENTERED, "call", start=at(2)), ["D-2"]),
        (Cohort(Event.ENTERED, "offer"), ["D-1"]),
        (Cohort(Event.ENTERED, "offer", end=at(5)), []),
        (Cohort(Event.CLOSED), ["D-2"]),
        (Cohort(Event.CLOSED, start=at(7), end=at(8)), ["D-2"]),
        (Cohort(Event.CLOSED, end=at(7)), []),
    ],
)
def test_a_cohort_has_the_records_to_which_its_event_happened_in_the_period(
    cohort: Cohort, members: list[str]
) -> None:
    assert [journey.id for journey in cohort.members([OPEN, WON])] == members


def test_what_closed_at_an_unknown_date_belongs_to_a_cohort_that_takes_the_undated() -> None:
    stages = (Stage("call", "Call"), Stage("won", "Won", Outcome.WON))
    pipeline = Pipeline("p", "P", RecordType.DEAL, stages)
    undated = [Journey("D-3", "p", "won"), Journey("D-4", "p", "won", transferred=True), OPEN]
    assert [each.id for each in Cohort(Event.CLOSED, undated=True).members(undated, pipeline)] == ["D-3"]
    assert Cohort(Event.CLOSED).members(undated, pipeline) == []
