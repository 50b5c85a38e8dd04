"""Notes: written into a record's history, found by search, removed without a gap being hidden."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def lead(workspace: Path, crm) -> str:
    crm("create", "lead", "Ирина")
    return "L-1"


def history(crm, record: str) -> list[dict[str, object]]:
    found = json.loads(crm("show", record, "--with", "history", "-o", "json").out)["history"]
    assert isinstance(found, list)
    return found


def count(crm, record: str) -> object:
    return json.loads(crm("show", record, "-o", "json").out).get("note_count")


def test_a_note_is_part_of_the_history_under_an_id(lead: str, crm) -> None:
    ran = crm("note", lead, "просит", "счёт до пятницы")
    assert (ran.code, ran.out) == (0, "L-1:2\n")
    assert ran.err == 'L-1 "Ирина": noted (remove: crmctl note --remove L-1:2)\n'
    noted = history(crm, lead)[-1]
    assert (noted["op"], noted["by"], noted["note"]) == ("note", "anna", "просит счёт до пятницы")
    assert noted["note_id"] == "L-1:2"
    assert "anna  note  просит счёт до пятницы  (L-1:2)" in crm("show", lead, "--with", "history").out
    assert "просит счёт до пятницы  (L-1:2)" in crm("log", lead).out


def test_a_note_of_several_lines_comes_from_standard_input_to_the_letter(lead: str, crm) -> None:
    crm("note", lead, "-", stdin="Встреча:\n\n  - счёт\n  - договор\n\n")
    assert history(crm, lead)[-1]["note"] == "Встреча:\n\n  - счёт\n  - договор"


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
def test_a_note_says_something(lead: str, crm, text: str) -> None:
    assert crm("note", lead, text).code == 2
    assert crm("note", lead, "-", stdin=text).code == 2
    assert crm("note").code == 2


def test_what_no_text_may_be_no_note_is(lead: str, crm) -> None:
    assert crm("note", lead, "-", stdin="a\0b").code == 2
    assert crm("note", lead, "x" * 70_000).code == 2
    assert crm("note", "L-9", "x").code == 4


def test_a_note_counts_as_work_on_the_record(lead: str, crm) -> None:
    crm("create", "lead", "Олег")
    crm("note", lead, "a", "--user", "oleg")
    crm("note", lead, "b", "--user", "oleg")
    assert crm("list", "leads", "--where", "untouched", "-o", "ids").out == "L-2\n"
    assert crm("list", "leads", "--where", "note_count > 1 and updated_by = oleg", "-o", "ids").out == "L-1\n"


def test_a_removed_note_is_told_no_more_but_that_there_was_one(lead: str, crm) -> None:
    crm("note", lead, "секрет")
    ran = crm("note", "--remove", "l-1:2", "--user", "oleg")
    assert (ran.code, ran.out, ran.err) == (0, "", 'L-1 "Ирина": note L-1:2 removed\n')
    entries = history(crm, lead)
    assert [(entry["op"], entry["by"], entry.get("note")) for entry in entries[1:]] == [
        ("note", "anna", None),
        ("remove-note", "oleg", "L-1:2"),
    ]
    for command in (("log",), ("show", lead, "--with", "history"), ("log", "--operation", "note")):
        shown = crm(*command).out
        assert ("секрет" in shown, "(removed)  (L-1:2)" in shown) == (False, True)
    assert count(crm, lead) is None
    assert crm("search", "секрет").out == ""


def test_a_removed_note_is_not_told_of_the_past_either(lead: str, crm) -> None:
    crm("note", lead, "секрет", "--now", "2026-11-01T10:00:00Z")
    crm("note", "--remove", "L-1:2", "--now", "2026-11-05T10:00:00Z")
    for command in (("show", lead, "--with", "history"), ("search", "секрет")):
        assert "секрет" not in crm(*command, "--as-of", "2026-11-02", "--now", "2026-11-09").out


def test_a_note_that_is_not_there_is_not_removed(lead: str, crm) -> None:
    crm("note", lead, "x")
    crm("note", "--remove", "L-1:2")
    again = crm("note", "--remove", "L-1:2")
    assert (again.code, "removed before" in again.err) == (1, True)
    assert crm("note", "--remove", "L-1:1").code == 4
    assert crm("note", "--remove", "L-9:1").code == 4
    assert crm("note", "--remove", "17").code == 2
    assert crm("note", lead, "x", "--remove", "L-1:2").code == 2


def test_notes_are_undone_one_by_one_whatever_came_since(lead: str, crm) -> None:
    crm("note", lead, "раз")
    crm("note", lead, "два", "--user", "oleg")
    assert crm("undo").code == 0
    assert [entry.get("note") for entry in history(crm, lead) if entry["op"] == "note"] == [None, "два"]
    assert count(crm, lead) == 1
    assert crm("note", "--remove", "L-1:2").code == 1
    assert crm("undo", "4").code == 0
    assert (count(crm, lead), history(crm, lead)[1].get("note")) == (2, "раз")


def test_a_removal_is_undone_and_a_removed_note_is_kept_removed(lead: str, crm) -> None:
    crm("note", lead, "раз", "--user", "oleg")
    crm("note", "--remove", "L-1:2")
    kept = crm("undo", "2")
    assert (kept.code, "changed since: L-1" in kept.err) == (1, True)
    assert crm("undo").code == 0
    assert (count(crm, lead), history(crm, lead)[1]["note"]) == (1, "раз")


def test_an_undone_note_leaves_the_record_where_it_was(lead: str, crm) -> None:
    crm("note", lead, "x", "--now", "2026-11-02")
    crm("undo", "--now", "2026-11-03")
    assert crm("list", "leads", "--as-of", "2026-11-04", "--now", "2026-11-09", "-o", "ids").out == ""
    assert crm("show", lead).code == 0


def test_search_finds_notes_and_says_so(lead: str, crm) -> None:
    crm("create", "contact", "Олег", "-s", "contact_type=client")
    crm("note", lead, "ждёт Прайс-лист")
    crm("note", "C-1", "живёт во Львове")
    found = crm("search", "прайс-лист").out
    assert ("Note: ждёт Прайс-лист" in found, "C-1" in found) == (True, False)
    assert crm("search", "Ирина ждет", "-o", "ids").out == "L-1\n"
    assert crm("search", "львове", "--type", "lead").out == ""


def test_a_purge_takes_the_notes_with_it(lead: str, crm, workspace: Path) -> None:
    crm("note", lead, "секрет")
    crm("note", "--remove", "L-1:2")
    assert "секрет" in (workspace / "crm.json").read_text("utf-8")
    crm("delete", lead, "--purge", "--yes")
    assert "секрет" not in (workspace / "crm.json").read_text("utf-8")
    assert "(removed)" in crm("log", lead).out


def test_a_note_stays_with_a_record_that_comes_back(lead: str, crm) -> None:
    crm("note", lead, "x")
    crm("delete", lead, "--yes")
    assert crm("note", lead, "y").code == 4
    crm("restore", lead)
    assert crm("search", "x", "-o", "ids").out == "L-1\n"


def test_a_dry_run_notes_nothing(lead: str, crm) -> None:
    assert "~ note_count: (empty) -> 1" in crm("note", lead, "x", "-n").out
    assert count(crm, lead) is None


def test_a_note_asks_no_gate(lead: str, crm, edit) -> None:
    edit("pipelines/leads.yaml", "stage: new,", "stage: new, require: [email],")
    assert crm("note", lead, "x").code == 0


def test_notes_are_no_values_of_records(lead: str, crm, workspace: Path) -> None:
    crm("note", lead, "x")
    crm("export", "leads", "leads.csv")
    assert crm("import", "leads", "leads.csv").err == "nothing to do: 1 row: 1 unchanged\n"
    (workspace / "more.csv").write_text("Название,Notes,Number of notes\nОлег,комментарий,7\n", "utf-8")
    crm("import", "leads", "more.csv")
    assert json.loads(crm("show", "L-2", "-o", "json").out)["comment"] == "комментарий"
    assert count(crm, "L-2") is None
