from hypothesis import given
from hypothesis import strategies as st

from crmctl.model.records import RecordType
from crmctl.reports.division import Division
from crmctl.reports.facts import Population, Records, Window
from crmctl.reports.journey import Journey
from crmctl.reports.standard.owners import make

NOW = "2026-11-20T12:00:00+00:00"
OCTOBER = Window("2026-10-01T00:00:00+00:00", "2026-11-01T00:00:00+00:00")


def deal(
    number: int, owner: str | None, created: str, ended: str = "", outcome: str = "won", **more
) -> Journey:
    at, end = (f"2026-{day}T10:00:00+00:00" if day else "" for day in (created, ended))
    return Journey(
        f"D-{number}",
        "sales",
        outcome if ended else "call",
        "100",
        "EUR",
        stages=("call", outcome) if ended else ("call",),
        entered=(at, end) if ended else (at,),
        left=(end, "") if ended else ("",),
        created=at,
        closed=end or None,
        values={"owner": owner},
        group=more.get("group"),
    )


def task(number: int, assignee: str | None, status: str, day: str) -> Journey:
    at = f"2026-{day}T10:00:00+00:00"
    over = status in ("done", "cancelled")
    values = {"type": "call", "status": status, "due": at, "assignee": assignee}
    return Journey(f"T-{number}", "", "", created=at, closed=at if over else None, values=values)


def rows(facts, deals=(), tasks=(), **more) -> dict:
    made = make(facts(facts.sales(deals), Records(RecordType.TASK, tasks), now=NOW, **more))
    return {line.row["owner"]: line.row for line in made.sections[0].lines}


def test_the_work_of_each_owner_is_told_by_deals_and_tasks(facts) -> None:
    deals = [
        deal(1, "anna", "10-02", "10-05"),
        deal(2, "anna", "10-03", "10-06", "lost"),
        deal(3, "anna", "10-04"),
        deal(4, None, "10-05"),
    ]
    tasks = [
        task(1, "anna", "done", "10-09"),
        task(2, "anna", "new", "10-10"),
        task(3, "oleg", "done", "10-11"),
    ]
    found = rows(facts, deals, tasks)
    assert found["anna"] == {
        "owner": "anna",
        "new": 3,
        "open": 1,
        "won": 1,
        "lost": 1,
        "amount": {"EUR": "100.00"},
        "win_rate": 0.5,
        "tasks_done": 1,
        "overdue": 1,
    }
    assert found[None]["open"] == 1
    assert (found["oleg"]["tasks_done"], found["oleg"]["new"], found["oleg"]["win_rate"]) == (1, 0, None)


def test_a_period_cuts_each_figure_by_its_own_event_and_open_is_at_its_end(facts) -> None:
    deals = [
        deal(1, "anna", "09-20"),
        deal(2, "anna", "09-21", "11-05"),
        deal(3, "anna", "10-01", "10-31"),
        deal(4, "anna", "11-01"),
        deal(5, "anna", "09-01", "09-30"),
    ]
    tasks = [
        task(1, "anna", "done", "09-30"),
        task(2, "anna", "done", "10-02"),
        task(3, "anna", "new", "11-10"),
    ]
    found = rows(facts, deals, tasks, window=OCTOBER)["anna"]
    assert {name: found[name] for name in ("new", "open", "won", "tasks_done", "overdue")} == {
        "new": 1,
        "open": 2,
        "won": 1,
        "tasks_done": 1,
        "overdue": 1,
    }


def test_names_that_differ_only_in_case_are_one_owner_of_deals_and_tasks(facts) -> None:
    found = rows(
        facts, [deal(1, "Anna", "10-02"), deal(2, "Anna", "10-02")], [task(1, "anna", "done", "10-03")]
    )
    assert list(found) == ["Anna"]
    assert found["Anna"]["tasks_done"] == 1


def test_a_cancelled_task_is_not_done_and_a_notice_is_no_task(facts) -> None:
    notice = task(2, "anna", "done", "10-02")
    notice.values["type"] = "notice"
    assert rows(facts, [], [task(1, "anna", "cancelled", "10-02"), notice])["anna"]["tasks_done"] == 0


def test_groups_have_deals_and_say_nothing_of_tasks(facts) -> None:
    by = Division("source", lambda value: value or "(none)")
    deals = facts.sales([deal(1, "anna", "10-02", group="fair"), deal(2, "anna", "10-02")], by)
    made = make(facts(deals, Records(RecordType.TASK, [task(1, "anna", "done", "10-02")]), now=NOW))
    assert {(line.row["source"], line.row["owner"], line.row["new"]) for line in made.sections[0].lines} == {
        ("fair", "anna", 1),
        (None, "anna", 1),
    }
    assert made.totals["tasks_done"] is None
    assert list(made.notes) == ["tasks are not divided by source"]


def test_divided_by_owner_it_is_what_it_always_is(facts) -> None:
    by = Division("owner", lambda value: value or "(none)")
    told = [deal(1, "anna", "10-02", group="anna")]
    plain, divided = (make(facts(facts.sales(told, each), now=NOW)) for each in (None, by))
    assert plain == divided


OWNERS = st.sampled_from([None, "anna", "ANNA", "oleg"])


@given(st.data())
def test_rows_sum_to_the_totals_and_all_records_are_open_won_or_lost(facts, journeys, sales, data) -> None:
    records = data.draw(journeys(st.fixed_dictionaries({"owner": OWNERS})))
    window = data.draw(st.sampled_from([Window(), OCTOBER]))
    made = make(facts(Population(sales, records), now="2026-12-01T00:00:00+00:00", window=window))
    lines = made.sections[0].lines
    for name in ("new", "open", "won", "lost"):
        assert sum(line.row[name] for line in lines) == made.totals[name]
        assert [len(line.behind[name]) for line in lines] == [line.row[name] for line in lines]
    if window == Window():
        here = [each for each in records if not each.transferred]
        assert made.totals["new"] == len(here)
        assert sum(made.totals[name] for name in ("open", "won", "lost")) == len(here)
