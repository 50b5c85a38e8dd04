import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType
from crmctl.reports.division import Division
from crmctl.reports.facts import Population, Records
from crmctl.reports.journey import Journey
from crmctl.reports.standard.backlog import make

NOW = "2026-11-20T12:00:00+00:00"
LEADS = Pipeline(
    "leads",
    "Leads",
    RecordType.LEAD,
    (
        Stage("won", "Won", Outcome.WON),
        Stage("new", "New"),
        Stage("work", "Work"),
        Stage("lost", "Lost", Outcome.LOST),
    ),
)


def lead(number: int, day: int = 1, stage: str = "new", owner: str | None = "anna", **more) -> Journey:
    return Journey(
        f"L-{number}",
        "leads",
        stage,
        created=f"2026-11-{day:02d}T12:00:00+00:00",
        values={"title": f"Lead {number}", "owner": owner},
        group=more.get("group"),
    )


def task(number: int, status: str, *clients: str, kind: str = "call") -> Journey:
    return Journey(
        f"T-{number}",
        "",
        "",
        values={"type": kind, "status": status, "due": None, "for": list(clients) or None},
    )


def made_of(facts, leads, *tasks: Journey, by: Division | None = None):
    return make(facts(Population(LEADS, leads, by), Records(RecordType.TASK, tasks), now=NOW))


def ids(made) -> list[str]:
    return [line.row["id"] for line in made.sections[0].lines]


def test_records_on_the_first_open_stage_without_a_task_done_are_told_the_oldest_first(facts) -> None:
    made = made_of(
        facts, [lead(1, 5), lead(2, 3), lead(3, stage="work"), lead(4, stage="won")], task(1, "new")
    )
    assert [dict(line.row) for line in made.sections[0].lines] == [
        {"id": "L-2", "title": "Lead 2", "owner": "anna", "days": 17.0},
        {"id": "L-1", "title": "Lead 1", "owner": "anna", "days": 15.0},
    ]
    assert made.totals == {"id": None, "title": None, "owner": None, "days": 16.0}


@pytest.mark.parametrize(
    ("status", "kind", "waits"),
    [("done", "call", False), ("new", "call", True), ("cancelled", "call", True), ("done", "notice", True)],
)
def test_only_a_task_that_was_done_is_work(facts, status: str, kind: str, waits: bool) -> None:
    made = made_of(facts, [lead(1)], task(1, status, "L-1", "L-9", kind=kind))
    assert ids(made) == (["L-1"] if waits else [])


def test_without_any_task_all_on_a_first_stage_are_told_with_a_note(facts) -> None:
    made = made_of(facts, [lead(1)])
    assert ids(made) == ["L-1"]
    assert made.notes == ["no tasks are kept here: all records on a first stage count"]


def test_owners_are_told_with_how_many_they_have(facts) -> None:
    made = made_of(facts, [lead(1, 1), lead(2, 3), lead(3, 5, owner=None)])
    assert [dict(line.row) for line in made.sections[1].lines] == [
        {"owner": "anna", "count": 2, "median_days": 18.0, "oldest_days": 19.0},
        {"owner": None, "count": 1, "median_days": 15.0, "oldest_days": 15.0},
    ]


def test_groups_are_told_with_the_most_records_first_and_each_the_oldest_first(facts) -> None:
    by = Division("source", lambda value: value or "(none)", title="Source")
    made = made_of(facts, [lead(1, 1), lead(2, 3, group="fair"), lead(3, 2, group="fair")], by=by)
    assert [(line.row["source"], line.row["id"]) for line in made.sections[0].lines] == [
        ("fair", "L-3"),
        ("fair", "L-2"),
        (None, "L-1"),
    ]


@given(
    st.lists(st.tuples(st.integers(1, 28), st.sampled_from(["new", "work"]), st.sampled_from([None, "anna"])))
)
def test_rows_are_in_order_and_owners_sum_to_them(facts, told: list) -> None:
    leads = [lead(number, day, stage, owner) for number, (day, stage, owner) in enumerate(told, 1)]
    made = made_of(facts, leads)
    days = [line.row["days"] for line in made.sections[0].lines]
    assert days == sorted(days, reverse=True)
    owners = made.sections[1].lines if made.sections[1:] else []
    assert sum(line.row["count"] for line in owners) == len(days)
    assert len(days) == sum(each.stage == "new" for each in leads)
