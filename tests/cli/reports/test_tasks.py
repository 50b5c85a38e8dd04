import json
from pathlib import Path

import pytest

NOW = ("--now", "2026-11-20T12:00")


@pytest.fixture(autouse=True)
def work(tmp_path: Path, crm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a workspace from the template `club`, with calls done, dropped and to be done."""
    monkeypatch.chdir(tmp_path)
    crm("init", "--template", "club", "-q")
    for name in ("Ирина", "Олег"):
        crm("create", "lead", name, "--owner", "anna", *NOW)
    created = ("--now", "2026-11-01T09:00")
    for argv in (
        ("--template", "cold_call", "--for", "L-1", "--due", "2026-11-10T12:00"),
        ("--template", "cold_call", "--for", "L-2", "--due", "2026-11-10"),
        ("--template", "cold_call", "--for", "L-2", "--due", "2026-11-15"),
        ("Полотенца", "-s", "type=internal", "--assignee", "oleg"),
    ):
        assert crm("create", "task", *argv, *created).code == 0
    for task, day in (("T-1", "2026-11-11T12:00"), ("T-2", "2026-11-10T18:00")):
        ran = crm("complete", task, "--result", "thinking", "--no-next", "--now", day)
        assert ran.code == 0, ran.err
    crm("cancel", "T-4", "--now", "2026-11-12")


def report(crm, *argv: str) -> dict:
    ran = crm("report", "tasks", *argv, "-o", "json", *NOW)
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_rows_have_the_keys_of_the_contract(crm) -> None:
    told = report(crm)
    assert told["rows"][0] == {
        "template": "cold_call",
        "category": "Звонки клиентам",
        "result": "thinking",
        "status": "done",
        "count": 2,
        "overdue": 0,
        "median_delay": 0.5,
    }
    assert list(told["totals"]) == list(told["rows"][0])
    assert told["totals"]["overdue"] == 1


def test_how_many_and_which_calls_were_done_in_a_period_is_told(crm) -> None:
    asked = ("--where", "template = cold_call and done", "--period", "2026-11-11..2026-11-30", "--ids")
    (row,) = report(crm, *asked)["rows"]
    assert (row["result"], row["count"], row["ids"]) == ("thinking", 1, ["T-1"])


def test_the_ids_of_a_figure_are_those_that_the_same_filter_lists(crm) -> None:
    rows = report(crm, "--ids")["rows"]
    for flag, status in (("done", "done"), ("cancelled", "cancelled"), ("open", "new")):
        listed = crm("filter", "tasks", flag, "-o", "ids", *NOW).out.split()
        assert sorted(name for row in rows if row["status"] == status for name in row["count_ids"]) == listed
    late = [name for row in rows for name in row["overdue_ids"]]
    assert late == crm("filter", "tasks", "overdue", "-o", "ids", *NOW).out.split() == ["T-3"]


def test_people_read_titles_in_the_language_of_the_workspace(crm) -> None:
    out = crm("report", "tasks", "--period", "2026-11", *NOW).out
    assert out.splitlines()[0] == "tasks, done, or if open due, 2026-11"
    assert "Звонки холодным клиентам  Звонки клиентам  Думает  done" in out


def test_a_template_that_the_configuration_dropped_is_shown_by_its_id(tmp_path: Path, crm) -> None:
    file = tmp_path / "tasks.yaml"
    file.write_text(file.read_text("utf-8").replace("cold_call", "first_call"), "utf-8")
    told = report(crm)
    assert told["rows"][0]["template"] == "cold_call"
    assert "cold_call" in crm("report", "tasks", *NOW).out


def test_tasks_are_grouped_by_whom_they_are_assigned_to(crm) -> None:
    rows = report(crm, "--by", "assignee", "--group", "category")["rows"]
    assert {(row["assignee"], row["category"], row["count"]) for row in rows} == {
        ("anna", "Звонки клиентам", 2),
        ("anna", "Звонки клиентам", 1),
        ("oleg", None, 1),
    }


def test_as_of_a_day_later_events_have_not_happened(crm) -> None:
    asked = ("report", "tasks", "-o", "json", "--as-of", "2026-11-11T00:00")
    before = crm(*asked, *NOW).out
    crm("complete", "T-3", "--result", "thinking", "--no-next", *NOW)
    assert crm(*asked, *NOW).out == before
    assert json.loads(before)["rows"][0]["status"] == "new"


def test_what_is_left_out_is_explained(crm) -> None:
    told = report(crm, "--period", "2026-11-11", "--explain", "--where", "assignee = anna")["explain"]
    assert told["records"] == [{"record": "task", "counted": 3, "left_out": {"filter": 1}}]
    assert told["left_out"] == {"period": 2}


@pytest.mark.parametrize("asked", [("leads",), ("--cohort", "entered:new")])
def test_what_tasks_have_not_is_refused(crm, asked: tuple[str, ...]) -> None:
    ran = crm("report", "tasks", *asked)
    assert ran.code == 2
    assert "tasks" in ran.err


def test_a_task_due_where_the_calendar_begins_is_late(tmp_path: Path, crm) -> None:
    (tmp_path / "tasks.csv").write_text("title,type,due,status\nx,internal,0001-01-02,new\n", "utf-8")
    ran = crm("import", "tasks", "tasks.csv", *NOW)
    assert ran.code == 0, ran.err
    assert report(crm, "--where", "type = internal and open")["totals"]["overdue"] == 1
