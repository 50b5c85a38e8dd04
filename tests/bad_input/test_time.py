"""U09 to U11: dates with two readings or none, clocks that go back, numbers that must not come again."""

import json
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    "typed", ["01/02/03", "31.02.2024", "2024-02-30", "0000-01-01", "10000-01-01", "2023-02-29"]
)
def test_u09_a_date_without_one_reading_is_refused(put, refused, typed: str) -> None:
    assert typed in refused("create", "deal", "A", "-s", f"close_date={typed}", code=2)
    err = refused("import", "deals", put("d.csv", f"title,pipeline,close_date\nA,wholesale,{typed}\n"))
    assert f'line 2: close_date "{typed}"' in err


@pytest.mark.parametrize("typed", ["0001-01-01", "9999-12-31", "2024-02-29"])
def test_u09_the_ends_of_the_calendar_are_dates(workspace: Path, crm, records, typed: str) -> None:
    assert crm("create", "deal", "A", "-s", f"close_date={typed}").code == 0
    assert records("deals")[0]["close_date"] == typed


def test_u09_another_form_is_read_where_it_is_declared(put, crm, refused, records) -> None:
    name = put("d.csv", "title,pipeline,close_date\nA,wholesale,01/02/2024\n")
    refused("import", "deals", name)
    assert crm("import", "deals", name, "--date-format", "%d/%m/%Y").code == 0
    assert records("deals")[0]["close_date"] == "2024-02-01"
    bad = put("e.csv", "title,pipeline,close_date\nB,wholesale,31/02/2024\n")
    assert "line 2" in refused("import", "deals", bad, "--date-format", "%d/%m/%Y")


@pytest.mark.parametrize(
    ("typed", "utc", "shown"),
    [
        ("2024-07-01T12:00:00", "2024-07-01T09:00:00+00:00", "2024-07-01T12:00:00+03:00"),
        ("2024-07-01T12:00:00Z", "2024-07-01T12:00:00+00:00", "2024-07-01T15:00:00+03:00"),
        ("2024-07-01T12:00:00-08:00", "2024-07-01T20:00:00+00:00", "2024-07-01T23:00:00+03:00"),
    ],
)
def test_u09_a_moment_is_kept_in_utc_and_shown_in_the_time_of_the_workspace(
    workspace: Path, put, crm, records, typed: str, utc: str, shown: str
) -> None:
    assert crm("import", "leads", put("l.csv", f"title,created_at\nA,{typed}\n")).code == 0
    assert json.loads((workspace / "crm.json").read_text("utf-8"))["leads"]["1"]["created_at"] == utc
    assert records()[0]["created_at"] == shown


@pytest.mark.parametrize(
    "typed",
    ["2024-03-31T03:30:00", "0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59-02:00", "2024-01-01T25:00:00"],
)
def test_u09_a_moment_that_never_was_is_rejected(put, refused, typed: str) -> None:
    err = refused("import", "leads", put("l.csv", f"title,created_at\nA,{typed}\n"))
    assert f'line 2: created_at "{typed}"' in err


def test_u10_what_was_recorded_last_is_last_whatever_the_clock_says(
    workspace: Path, crm, records, monkeypatch
) -> None:
    crm("create", "lead", "A", "--now", "2030-01-01T12:00:00Z")
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    crm("update", "L-1", "-s", "title=B", "--now", "2020-01-01T12:00:00Z")
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    crm("update", "L-1", "-s", "title=C", "--now", "2025-01-01T12:00:00Z")
    entries = json.loads(crm("log", "L-1", "-o", "json").out)
    order = sorted(entries, key=lambda entry: entry["gen"])
    assert [entry["gen"] for entry in order] == [1, 2, 3]
    assert entries in (order, order[::-1])
    assert crm("undo", "--yes").code == 0
    assert records()[0]["title"] == "B"
    assert records()[0]["revision"] == 4


def test_u11_no_number_is_given_twice(workspace: Path, crm) -> None:
    assert crm("create", "lead", "A").out == "L-1\n"
    assert crm("create", "lead", "B").out == "L-2\n"
    assert crm("delete", "L-2", "--yes", "--purge").code == 0
    assert crm("create", "lead", "C").out == "L-3\n"
    assert crm("undo", "--yes").code == 0
    assert crm("create", "lead", "D").out == "L-4\n"
    assert crm("db", "restore", "--yes").code == 0
    assert crm("create", "lead", "E").out == "L-5\n"
