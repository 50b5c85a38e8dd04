from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.records import RecordType
from crmctl.reports.division import Division
from crmctl.reports.facts import Records, Window
from crmctl.reports.journey import Journey
from crmctl.reports.standard.tasks import make

NOW = "2026-11-20T12:00:00+00:00"
NOVEMBER = Window("2026-11-01T00:00:00+00:00", "2026-12-01T00:00:00+00:00")


def task(
    number: int, status: str = "new", due: str | None = None, closed: str | None = None, **more
) -> Journey:
    return Journey(
        f"T-{number}",
        "",
        "",
        created="2026-10-01T10:00:00+00:00",
        closed=closed,
        group=more.get("group"),
        values={
            "type": more.get("type", "call"),
            "status": status,
            "due": due,
            "template": more.get("template", "cold_call"),
            "category": more.get("category", "Calls"),
            "result": more.get("result"),
        },
    )


def at(text: str) -> str:
    return f"2026-11-{text}:00+00:00"


def made_of(facts, tasks: Sequence[Journey], **more):
    return make(facts(Records(RecordType.TASK, tasks, more.pop("by", None)), now=NOW, **more))


def rows(facts, *tasks: Journey, **more) -> list[dict]:
    return [dict(line.row) for line in made_of(facts, tasks, **more).sections[0].lines]


def test_tasks_are_counted_by_template_result_and_status(facts) -> None:
    found = rows(
        facts,
        task(1, "done", result="sold", closed=at("10T10:00")),
        task(2, "done", result="sold", closed=at("11T10:00")),
        task(3, "done", result="refused", closed=at("11T10:00")),
        task(4),
        task(5, template=None, category=None),
    )
    told = [(row["template"], row["category"], row["result"], row["status"], row["count"]) for row in found]
    assert told == [
        ("cold_call", "Calls", "sold", "done", 2),
        ("cold_call", "Calls", None, "new", 1),
        ("cold_call", "Calls", "refused", "done", 1),
        (None, None, None, "new", 1),
    ]


def test_by_category_templates_are_not_told_apart(facts) -> None:
    found = rows(facts, task(1), task(2, template="warm_call"), group="category")
    assert [(row["template"], row["category"], row["count"]) for row in found] == [(None, "Calls", 2)]


def test_what_is_over_counts_in_the_period_of_its_end_and_what_is_open_in_that_of_its_due_time(facts) -> None:
    tasks = [
        task(1, "done", due="2026-10-02T10:00:00+00:00", closed=at("02T10:00")),
        task(2, "done", due=at("02T10:00"), closed="2026-12-01T00:00:00+00:00"),
        task(3, "cancelled", closed=at("30T23:59")),
        task(4, due=at("30T10:00")),
        task(5, due="2026-12-01T00:00:00+00:00"),
        task(6),
    ]
    made = made_of(facts, tasks, window=NOVEMBER)
    behind = [name for line in made.sections[0].lines for name in line.behind["count"]]
    assert sorted(behind) == ["T-1", "T-3", "T-4"]
    assert sorted(made.left_out.values()) == [0, 1, 2]
    assert made.totals["count"] == 3


@pytest.mark.parametrize(
    ("status", "due", "late"),
    [
        ("new", at("20T11:59"), 1),
        ("waiting", at("19T00:00"), 1),
        ("new", at("20T12:00"), 0),
        ("new", at("20T00:00"), 0),
        ("done", at("01T10:00"), 0),
        ("cancelled", at("01T10:00"), 0),
        ("new", None, 0),
    ],
)
def test_overdue_is_open_with_its_time_over_and_a_day_is_over_when_it_has_passed(
    facts, status: str, due: str | None, late: int
) -> None:
    assert made_of(facts, [task(1, status, due)]).totals["overdue"] == late


@pytest.mark.parametrize(
    ("due", "closed", "days"),
    [
        (at("10T12:00"), at("12T00:00"), 1.5),
        (at("10T12:00"), at("10T06:00"), -0.25),
        (at("10T00:00"), at("10T23:00"), 0.0),
        (at("10T00:00"), at("12T09:00"), 2.0),
        (at("10T00:00"), at("09T23:00"), -1.0),
        (None, at("10T12:00"), None),
    ],
)
def test_a_delay_counts_from_the_due_time_or_in_days_from_a_due_day(
    facts, due: str | None, closed: str, days: float | None
) -> None:
    assert made_of(facts, [task(1, "done", due, closed)]).totals["median_delay"] == days


def test_only_tasks_that_were_done_have_a_delay(facts) -> None:
    done = [task(n, "done", at("10T12:00"), at(f"{day}T12:00")) for n, day in enumerate((10, 11, 20))]
    dropped = task(9, "cancelled", at("01T12:00"), at("30T12:00"))
    assert made_of(facts, [*done, dropped]).totals["median_delay"] == 1.0


def test_notices_are_nothing_to_be_done(facts) -> None:
    made = made_of(facts, [task(1, type="notice"), task(2)])
    assert made.totals["count"] == 1
    assert 1 in made.left_out.values()


def test_groups_of_a_field_are_beside_the_rows(facts) -> None:
    by = Division("assignee", lambda value: value or "(none)", title="Assignee")
    found = rows(facts, task(1, group="anna"), task(2, group=None), task(3, group="anna"), by=by)
    assert [(row["assignee"], row["count"]) for row in found] == [("anna", 2), (None, 1)]


DRAWN = st.lists(
    st.builds(
        task,
        st.integers(1, 999),
        st.sampled_from(["new", "done", "cancelled", "waiting"]),
        st.sampled_from([None, at("01T00:00"), at("05T10:00"), at("25T10:00")]),
        st.sampled_from([at("03T10:00"), at("06T00:00")]),
        template=st.sampled_from([None, "a", "A", "b"]),
        category=st.sampled_from([None, "x"]),
    ),
    max_size=12,
    unique_by=lambda each: each.id,
)


@given(DRAWN, st.sampled_from(["template", "category"]))
def test_rows_count_every_task_once(facts, tasks: list[Journey], group: str) -> None:
    made = made_of(facts, tasks, group=group)
    lines = made.sections[0].lines
    assert sorted(name for line in lines for name in line.behind["count"]) == sorted(
        each.id for each in tasks
    )
    for name in ("count", "overdue"):
        assert [len(line.behind[name]) for line in lines] == [line.row[name] for line in lines]
        assert sum(line.row[name] for line in lines) == made.totals[name]
