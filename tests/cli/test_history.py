"""`log`, `undo`, `runs`, `delete`, `restore`: nothing is lost, everything can be taken back."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def lead(workspace: Path, crm) -> str:
    crm("create", "lead", "Ирина")
    return "L-1"


def shown(crm, record: str) -> dict[str, object]:
    return json.loads(crm("show", record, "-o", "json").out)


def test_the_log_tells_who_did_what_the_latest_first(lead: str, crm) -> None:
    crm("update", lead, "-s", "comment=перезвонить", "--user", "oleg", "--message", "после звонка")
    entries = json.loads(crm("log", lead, "-o", "json").out)
    assert [(entry["op"], entry["by"]) for entry in entries] == [("update", "oleg"), ("create", "anna")]
    assert entries[0]["changes"] == {"comment": [None, "перезвонить"]}
    assert entries[0]["message"] == "после звонка"


def test_the_log_is_narrowed_by_user_operation_and_time(lead: str, crm) -> None:
    crm("update", lead, "-s", "comment=x", "--user", "oleg")
    assert len(json.loads(crm("log", "--by", "oleg", "-o", "json").out)) == 1
    assert len(json.loads(crm("log", "--operation", "create", "-o", "json").out)) == 1
    assert json.loads(crm("log", "--until", "yesterday", "-o", "json").out) == []


@pytest.mark.parametrize("name", ["MOVE", "r-1", "R-1"])
def test_operations_and_runs_are_named_in_any_case(lead: str, crm, workspace: Path, name: str) -> None:
    (workspace / "more.csv").write_text("title\nОлег\n", "utf-8")
    crm("import", "leads", "more.csv")
    crm("move", lead, "in_work")
    assert len(json.loads(crm("log", "--operation", name, "-o", "json").out)) == 1


def test_an_operation_that_there_is_not_is_wrong_use(lead: str, crm) -> None:
    refused = crm("log", "--operation", "crate")
    assert (refused.code, 'did you mean "create"?' in refused.err) == (2, True)
    for name in ("purge", "take", "complete", "cancel", "reschedule"):
        assert crm("log", "--operation", name).code == 0


def test_undo_takes_back_your_own_last_change(lead: str, crm) -> None:
    crm("update", lead, "-s", "comment=моё")
    crm("create", "lead", "чужой", "--user", "oleg")
    ran = crm("undo")
    assert ran.code == 0
    assert "L-1" in ran.err
    assert "comment" not in shown(crm, lead)
    assert crm("show", "L-2").code == 0


def test_undo_goes_further_back_each_time(lead: str, crm) -> None:
    crm("update", lead, "-s", "comment=раз")
    crm("update", lead, "-s", "comment=два")
    crm("undo")
    assert shown(crm, lead)["comment"] == "раз"
    crm("undo")
    assert "comment" not in shown(crm, lead)
    crm("undo")
    assert crm("show", lead).code == 4


def test_an_undo_can_be_undone_by_its_number(lead: str, crm) -> None:
    crm("update", lead, "-s", "comment=раз")
    crm("undo")
    assert crm("undo", "3").code == 0
    assert shown(crm, lead)["comment"] == "раз"


def test_a_change_made_since_is_kept_and_named(lead: str, crm) -> None:
    crm("update", lead, "-s", "comment=раз")
    crm("update", lead, "-s", "comment=два")
    ran = crm("undo", "2")
    assert ran.code == 1
    assert "kept" in ran.err
    assert shown(crm, lead)["comment"] == "два"


def test_nothing_to_undo_is_refused(workspace: Path, crm) -> None:
    assert crm("undo").code == 1
    assert crm("undo", "77").code == 4
    assert crm("undo", "R-7").code == 4


def test_a_bulk_change_is_a_run_that_is_undone_as_one(lead: str, crm) -> None:
    crm("create", "lead", "Второй")
    crm("assign", "L-1", "L-2", "--to", "oleg")
    runs = json.loads(crm("runs", "-o", "json").out)
    assert [(run["id"], run["op"]) for run in runs] == [("R-1", "assign")]
    assert crm("undo", "R-1").code == 2
    assert crm("undo", "R-1", "--yes").code == 0
    assert "owner" not in shown(crm, "L-1")


def test_a_run_is_undone_until_its_undo_is_undone(lead: str, crm) -> None:
    crm("create", "lead", "Второй")
    crm("assign", "L-1", "L-2", "--to", "oleg")
    for target, undone in (("R-1", "#4"), ("4", None), ("5", "#6")):
        assert crm("undo", target, "-y").code == 0
        assert json.loads(crm("runs", "-o", "json").out)[0]["undone"] == undone


def test_delete_asks_and_restore_brings_back(lead: str, crm) -> None:
    assert crm("delete", lead).code == 2
    assert crm("delete", lead, "--yes").code == 0
    gone = crm("show", lead)
    assert gone.code == 4
    assert "crmctl restore L-1" in gone.err
    assert crm("restore", lead).code == 0
    assert shown(crm, lead)["title"] == "Ирина"


def test_an_id_is_never_given_twice(lead: str, crm) -> None:
    crm("delete", lead, "--yes", "--purge")
    assert crm("create", "lead", "Второй").out == "L-2\n"


def test_several_records_are_purged_at_once_and_a_dry_run_purges_none(crm, lead: str) -> None:
    crm("create", "lead", "Олег")
    assert crm("delete", "L-1", "L-2", "--purge", "--yes", "-n").code == 0
    assert crm("show", "L-2").code == 0
    told = crm("delete", "L-1", "L-2", "--purge", "--yes")
    assert told.err.count("removed for good") == 2
    assert crm("show", "L-2").code == 4


def test_purge_removes_the_values_from_the_history_too(lead: str, crm, workspace: Path) -> None:
    crm("update", lead, "-s", "comment=секрет")
    crm("delete", lead, "--yes", "--purge")
    assert "секрет" not in (workspace / "crm.json").read_text("utf-8")
    assert crm("restore", lead).code == 4


def test_purge_names_the_backups_that_still_hold_the_record(lead: str, crm, workspace: Path) -> None:
    told = crm("delete", lead, "--yes", "--purge").err
    kept = [path for path in (workspace / ".crmctl" / "backups").iterdir() if lead in path.read_text("utf-8")]
    assert kept
    assert all(f"{path} still holds {lead}" in told for path in kept)


def test_links_are_made_both_ways_and_taken_away(workspace: Path, crm) -> None:
    crm("create", "contact", "Анна", "-s", "contact_type=client")
    crm("create", "company", "Ромашка")
    assert crm("link", "O-1", "C-1").code == 0
    assert shown(crm, "C-1")["companies"] == ["O-1"]
    assert shown(crm, "O-1")["contacts"] == ["C-1"]
    assert crm("unlink", "C-1", "O-1").code == 0
    assert "companies" not in shown(crm, "C-1")


def test_what_cannot_be_linked_is_wrong_use(lead: str, crm) -> None:
    crm("create", "company", "Ромашка")
    assert crm("link", lead, "O-1").code == 2


def test_a_document_is_attached_by_its_address(lead: str, crm) -> None:
    crm("link", lead, "https://example.com/offer.pdf")
    assert shown(crm, lead)["documents"] == ["https://example.com/offer.pdf"]


def test_round_robin_goes_round(workspace: Path, crm) -> None:
    crm("create", "lead", "--from", "-", stdin=json.dumps([{"title": f"{n}"} for n in range(4)]))
    crm("assign", "L-1", "L-2", "L-3", "L-4", "--round-robin", "anna,oleg")
    assert [shown(crm, f"L-{n}")["owner"] for n in range(1, 5)] == ["anna", "oleg", "anna", "oleg"]


@pytest.fixture
def partly_undone(workspace: Path, crm) -> str:
    """A run of three leads of which the second was changed since, and so kept by the undo."""
    (workspace / "leads.csv").write_text("title\nПервый\nВторой\nТретий\n", "utf-8")
    crm("import", "leads", "leads.csv")
    crm("update", "L-2", "-s", "comment=важно")
    assert crm("undo", "R-1", "--yes").code == 7
    return "R-1"


def test_rows_whose_records_an_undo_kept_are_known_when_they_come_again(partly_undone: str, crm) -> None:
    assert "2 created, 1 unchanged" in crm("import", "leads", "leads.csv").err


def test_what_an_undo_kept_can_be_undone_once_nothing_is_in_the_way(partly_undone: str, crm) -> None:
    crm("undo", "2")
    ran = crm("undo", partly_undone, "--yes")
    assert (ran.code, "1 reversed" in ran.err) == (0, True)
    assert crm("show", "L-2").code == 4
    assert crm("undo", partly_undone, "--yes").code == 1


def test_a_kept_change_still_stands_in_the_way_of_undoing_those_before_it(lead: str, crm) -> None:
    crm("create", "lead", "Олег")
    crm("update", lead, "-s", "comment=раз")
    crm("update", lead, "L-2", "-s", "comment=два", "--yes")
    crm("update", lead, "-s", "comment=три")
    assert crm("undo", "4", "--yes").code == 7
    assert crm("undo", "5").code == 0
    assert crm("undo", "3").code == 1
    assert shown(crm, lead)["comment"] == "два"


def test_an_undo_that_reversed_nothing_answers_no(lead: str, crm) -> None:
    crm("update", lead, "-s", "comment=раз")
    crm("update", lead, "-s", "comment=два")
    ran = crm("undo", "2")
    assert (ran.code, "0 reversed, 1 kept (changed since: L-1)" in ran.err) == (1, True)


def test_a_dry_undo_says_what_would_be_reversed(lead: str, crm) -> None:
    assert "1 would be reversed" in crm("undo", "--dry-run").err


def test_an_undo_names_apart_what_it_keeps_with_what_changed_since(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина", "-s", "phone=+380671112233")
    ran = crm(
        "convert",
        "L-1",
        "--to",
        "contact",
        "--to",
        "deal",
        "--pipeline",
        "retail",
        "-s",
        "contact.contact_type=client",
    )
    assert ran.code == 0, ran.err
    crm("update", "D-1", "-s", "comment=важно")
    assert "(changed since: D-1; kept with it: " in crm("undo", "2", "--yes").err


def test_a_partial_command_that_did_nothing_answers_no(lead: str, crm) -> None:
    assert crm("move", lead, "junk", "--partial").code == 1


def test_a_dry_purge_reads_as_a_removal_for_good(lead: str, crm) -> None:
    ran = crm("delete", lead, "--purge", "-n")
    assert ran.out.splitlines() == [f'- remove {lead} "Ирина" for good', "1 to remove for good"]


def test_an_undo_says_of_records_in_the_trash_how_to_go_on_and_then_goes_on(workspace: Path, crm) -> None:
    (workspace / "leads.csv").write_text("title\nПервый\nВторой\n", "utf-8")
    crm("import", "leads", "leads.csv")
    crm("delete", "L-1", "--yes")
    told = "L-1 is in the trash: crmctl restore L-1, then crmctl undo R-1"
    assert json.loads(crm("undo", "R-1", "-n", "-o", "json").out)["notes"] == [told]
    ran = crm("undo", "R-1", "--yes")
    assert (ran.code, told in ran.err) == (7, True)
    assert crm("restore", "L-1").code == 0
    assert crm("undo", "R-1", "--yes").code == 0
    assert crm("list", "leads", "--count").out == "0\n"
    assert "2 created" in crm("import", "leads", "leads.csv").err


def test_an_undo_says_what_is_removed_for_good(lead: str, crm) -> None:
    crm("update", lead, "-s", "comment=раз")
    crm("delete", lead, "--yes")
    crm("restore", lead)
    ran = crm("undo", "3")
    assert (ran.code, "L-1 is back already" in ran.err) == (1, True)
    crm("delete", lead, "--yes", "--purge")
    ran = crm("undo", "2")
    assert ran.code == 1
    assert "L-1 is removed for good" in ran.err


def test_an_undo_of_an_import_is_told_as_one_in_json_too(workspace: Path, crm) -> None:
    (workspace / "leads.csv").write_text("title\nПервый\n", "utf-8")
    crm("import", "leads", "leads.csv")
    assert json.loads(crm("undo", "R-1", "--yes", "-o", "json").out)["operation"] == "import"


def test_runs_list_their_files_one_by_one_for_programs_and_in_one_cell_for_people(
    workspace: Path, crm
) -> None:
    for name in ("a.csv", "b.csv"):
        (workspace / name).write_text(f"title\n{name}\n", "utf-8")
    crm("import", "leads", "a.csv", "b.csv")
    assert json.loads(crm("runs", "-o", "json").out)[0]["files"] == ["a.csv", "b.csv"]
    assert "a.csv, b.csv" in crm("runs").out
    assert '"a.csv, b.csv"' in crm("runs", "-o", "csv").out


def test_a_text_that_looks_like_an_id_holds_no_record(workspace: Path, crm) -> None:
    head = "title,position,contact_type"
    (workspace / "in.csv").write_text(f"{head}\nАнна,C-2,client\nОлег,,client\n", "utf-8")
    crm("import", "contacts", "in.csv")
    crm("update", "C-1", "-s", "title=Анна Белая")
    told = crm("undo", "R-1", "--yes").err
    assert "1 reversed, 1 kept (changed since: C-1)" in told
