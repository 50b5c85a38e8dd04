"""Which part of an agenda a task is in."""

from datetime import UTC, datetime

import pytest

from crmctl.activities.agenda import Part, agenda_of
from crmctl.model.field import Conventions
from crmctl.model.records import Record

KYIV = Conventions(datetime(2026, 11, 21, 8, tzinfo=UTC), "Europe/Kyiv")
"""Ten o'clock of a Saturday in Kyiv, two hours before UTC."""


def task(due: str = "", number: int = 1) -> Record:
    return Record({"id": f"T-{number}", "record": "task"}).having({"due": due})


@pytest.mark.parametrize(
    ("due", "part"),
    [
        ("", Part.UNDATED),
        ("2026-11-20T22:00:00+00:00", Part.TODAY),
        ("2026-11-19T22:00:00+00:00", Part.OVERDUE),
        ("2026-11-21T07:59:00+00:00", Part.OVERDUE),
        ("2026-11-21T08:30:00+00:00", Part.TODAY),
        ("2026-11-21T21:59:00+00:00", Part.TODAY),
        ("2026-11-21T22:00:00+00:00", Part.NEXT),
        ("2026-11-28T21:59:00+00:00", Part.NEXT),
    ],
)
def test_days_are_those_of_the_workspace_and_a_whole_day_is_late_when_it_is_over(
    due: str, part: Part
) -> None:
    found = agenda_of([task(due)], 7, KYIV)
    assert [name for name, tasks in found.parts.items() if tasks] == [part]


def test_what_is_due_after_the_days_is_counted() -> None:
    found = agenda_of([task("2026-11-28T22:00:00+00:00")], 7, KYIV)
    assert (found.tasks, found.later) == ([], 1)


def test_tasks_due_at_one_time_stand_by_their_numbers() -> None:
    found = agenda_of([task(number=10), task(number=9)], 7, KYIV)
    assert [each.id for each in found.tasks] == ["T-9", "T-10"]
