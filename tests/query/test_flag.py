from typing import Any

import pytest

from crmctl.model.records import Value
from crmctl.query.error import QueryError

Ask = Any
Row = dict[str, Value]

DEALS: list[Row] = [
    {"id": "D-1", "pipeline": "wholesale", "stage": "new", "owner": "anna", "revision": 1},
    {"id": "D-2", "pipeline": "wholesale", "stage": "won", "revision": 2, "close_date": "2026-11-01"},
    {"id": "D-3", "pipeline": "retail", "stage": "lost", "owner": "oleg", "revision": 5},
    {"id": "D-4", "pipeline": "wholesale", "stage": "removed", "close_date": "2026-11-20"},
    {"id": "D-5", "pipeline": "gone", "stage": "won", "close_date": "2026-11-21"},
    {"id": "D-6", "pipeline": "retail", "stage": "paid"},
]


@pytest.mark.parametrize(
    ("flag", "found"),
    [
        ("open", ["D-1", "D-4", "D-5"]),
        ("won", ["D-2", "D-6"]),
        ("lost", ["D-3"]),
        ("overdue", ["D-4"]),
        ("unassigned", ["D-2", "D-4", "D-5", "D-6"]),
        ("untouched", ["D-1", "D-4", "D-5", "D-6"]),
        ("not open and not won", ["D-3"]),
    ],
)
def test_deals_are_found_by_flag(deals: Ask, flag: str, found: list[str]) -> None:
    assert deals.found(flag, DEALS) == found


def test_a_deal_is_stale_once_it_is_longer_in_its_stage_than_the_stage_allows(
    deals: Ask, lookups: Any
) -> None:
    rows: list[Row] = [
        {"id": "D-1", "pipeline": "wholesale", "stage": "new"},
        {"id": "D-2", "pipeline": "wholesale", "stage": "new"},
        {"id": "D-3", "pipeline": "wholesale", "stage": "order"},
        {"id": "D-4", "pipeline": "retail", "stage": "new"},
        {"id": "D-5", "pipeline": "wholesale", "stage": "new"},
    ]
    entered = {
        "D-1": "2026-11-19T11:59:59+00:00",
        "D-2": "2026-11-19T12:00:00+00:00",
        "D-3": "2020-01-01T00:00:00+00:00",
        "D-4": "2020-01-01T00:00:00+00:00",
    }
    assert deals.found("stale", rows, lookups(entered=entered)) == ["D-1"]


def test_leads_have_the_flags_of_their_pipeline(leads: Ask) -> None:
    rows: list[Row] = [
        {"id": "L-1", "pipeline": "leads", "stage": "contact"},
        {"id": "L-2", "pipeline": "leads", "stage": "junk"},
    ]
    assert leads.found("open", rows) == ["L-1"]
    assert leads.found("lost", rows) == ["L-2"]


TASKS: list[Row] = [
    {"id": "T-1", "status": "new", "due": "2026-11-21T11:59:59+00:00", "assignee": "anna"},
    {"id": "T-2", "status": "in_progress", "due": "2026-11-21T12:00:01+00:00"},
    {"id": "T-3", "status": "waiting", "due": "2026-11-20T22:00:00+00:00"},
    {"id": "T-4", "status": "done", "due": "2026-11-01T10:00:00+00:00", "assignee": "oleg"},
    {"id": "T-5", "status": "cancelled", "assignee": "oleg"},
    {"id": "T-6", "assignee": "oleg", "due": "2026-11-19T22:00:00+00:00"},
]


@pytest.mark.parametrize(
    ("flag", "found"),
    [
        ("open", ["T-1", "T-2", "T-3", "T-6"]),
        ("done", ["T-4"]),
        ("cancelled", ["T-5"]),
        ("waiting", ["T-3"]),
        ("unassigned", ["T-2", "T-3"]),
    ],
)
def test_tasks_are_found_by_flag(tasks: Ask, flag: str, found: list[str]) -> None:
    assert tasks.found(flag, TASKS) == found


def test_a_task_is_overdue_from_its_moment_on_and_one_due_at_midnight_when_its_day_is_over(
    tasks: Ask,
) -> None:
    assert tasks.found("overdue", TASKS) == ["T-1", "T-6"]


@pytest.mark.parametrize(
    ("asked", "flag", "message", "hint"),
    [
        ("deals", "waiting", '"waiting" is for tasks', "flags of deals: open, won, lost, overdue, "),
        ("tasks", "won", '"won" is for leads and deals', "flags of tasks: open, overdue, unassigned, "),
        ("tasks", "stale", '"stale" is for leads and deals', "flags of tasks"),
        (
            "contacts",
            "open",
            '"open" is for leads, deals and tasks',
            "flags of contacts: unassigned, untouched",
        ),
        ("leads", "overdue", '"overdue" is for deals and tasks', "flags of leads: open, won, lost, stale"),
    ],
)
def test_a_flag_that_does_not_suit_the_records_is_refused(
    request: pytest.FixtureRequest, asked: str, flag: str, message: str, hint: str
) -> None:
    with pytest.raises(QueryError) as caught:
        request.getfixturevalue(asked).bound(f"not {flag}")
    assert caught.value.message == message
    assert (caught.value.hint or "").startswith(hint)
    assert caught.value.excerpt == f"  not {flag}\n      {'^' * len(flag)}"
