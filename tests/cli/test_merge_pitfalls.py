"""Merging beside everything else: who may, what waits, what hangs on the records, what was gone already."""

import json
from pathlib import Path
from typing import Any

import pytest

from crmctl.errors import Refused
from crmctl.workspace.merge import Group, merge_groups
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.workspace import Settings, open_workspace

CLIENT = ("-s", "contact_type=client")
ACCESS = """access:
  - {role: head, actions: [view, create, update, move, delete, export]}
  - {role: manager, actions: [view, create, update, move, export]}
  - {role: guest, actions: [update, delete], stages: [new]}
"""
USERS = "users: [{id: anna, role: head}, {id: oleg, role: manager}, {id: pavel, role: guest}]\n"


def shown(crm, record: str) -> dict[str, Any]:
    return json.loads(crm("show", record, "-o", "json").out)


@pytest.fixture
def limited(workspace: Path, crm, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two deals, which oleg may not delete and pavel not see."""
    for _ in range(2):
        crm("create", "deal", "Сделка", "--pipeline", "wholesale", "-s", "external_id=7", "--allow-duplicate")
    path = workspace / "pipelines" / "wholesale.yaml"
    path.write_text(path.read_text("utf-8") + ACCESS, "utf-8")
    path = workspace / "crmctl.yaml"
    path.write_text(path.read_text("utf-8") + USERS, "utf-8")
    assert crm("validate").code == 0


def test_who_may_not_delete_may_not_merge(limited: None, crm, workspace: Path) -> None:
    before = (workspace / "crm.json").read_bytes()
    refused = crm("merge", "D-1", "D-2", "--yes", "--user", "oleg")
    assert (refused.code, "cannot be deleted" in refused.err) == (1, True)
    crm("duplicates", "deals", "--plan", "merge.yaml")
    partly = crm("merge", "--plan", "merge.yaml", "--yes", "--partial", "--user", "oleg")
    assert partly.code == 1
    assert (workspace / "crm.json").read_bytes() == before
    assert crm("merge", "D-1", "D-2", "--yes", "--user", "anna").code == 0


def test_who_may_not_see_records_hears_nothing_of_them(limited: None, crm) -> None:
    assert json.loads(crm("duplicates", "deals", "-o", "json", "--user", "pavel").out) == []
    refused = crm("merge", "D-1", "D-2", "--yes", "--user", "pavel")
    assert refused.code == 1
    assert "Сделка" not in refused.err


def test_open_work_for_a_lead_goes_to_what_the_converted_one_became(workspace: Path, crm) -> None:
    for _ in range(2):
        crm("create", "lead", "Ирина", "-s", "phone=0501234567", "--allow-duplicate")
    crm("create", "task", "Позвонить", "--for", "L-2")
    crm("convert", "L-1", "--to", "contact", "-s", "contact.contact_type=client", "-s", "source=call")
    assert crm("merge", "L-1", "L-2", "--yes").code == 0
    assert shown(crm, "T-1")["for"] == ["C-1"]
    assert crm("undo", "R-1", "--yes").code == 0
    assert shown(crm, "T-1")["for"] == ["L-2"]


def test_two_converted_leads_are_doubtful(workspace: Path, crm) -> None:
    for _ in range(2):
        crm("create", "lead", "Ирина", "-s", "phone=0501234567", "--allow-duplicate")
        crm(
            "convert",
            "L-1" if _ == 0 else "L-2",
            "--to",
            "contact",
            "-s",
            "contact.contact_type=client",
            "-s",
            "source=call",
        )
    (group,) = json.loads(crm("duplicates", "leads", "-o", "json").out)
    assert group["doubts"] == ["L-1 and L-2 were both converted"]


@pytest.fixture
def two(workspace: Path, crm) -> None:
    """C-1 and C-2, who are one."""
    for position in ("Менеджер", "Директор"):
        crm(
            "create",
            "contact",
            "Олег",
            "--allow-duplicate",
            *CLIENT,
            "-s",
            "email=o@b.example",
            "-s",
            f"position={position}",
        )


def test_a_reference_that_leads_nowhere_is_not_handed_on(two: None, crm) -> None:
    crm("create", "company", "Ромашка")
    crm("create", "company", "Василёк")
    crm("link", "C-2", "O-1")
    crm("link", "C-2", "O-2")
    crm("delete", "O-1", "--yes")
    assert crm("merge", "C-1", "C-2", "--yes").code == 0
    assert shown(crm, "C-1")["companies"] == ["O-2"]
    assert crm("undo", "--yes").code == 0
    assert shown(crm, "C-2")["companies"] == ["O-1", "O-2"]


def test_a_note_that_came_along_can_be_removed(two: None, crm) -> None:
    ran = crm("note", "C-2", "секрет")
    note = ran.out.strip()
    crm("merge", "C-1", "C-2", "--yes")
    assert crm("note", "--remove", note).code == 0
    assert "секрет" not in crm("show", "C-1", "--with", "history").out
    assert "note_count" not in shown(crm, "C-1")
    assert crm("search", "секрет").out == ""


def test_a_letter_that_waits_about_the_other_is_told(two: None, crm, edit, workspace: Path) -> None:
    (workspace / "hello.txt").write_text("Subject: Привет\n\n{{ deal.title }}\n", "utf-8")
    edit("pipelines/retail.yaml", "stage: new,", "stage: new, on_enter: [{mail: hello.txt}],")
    for _ in range(2):
        crm("create", "deal", "Сделка", "--pipeline", "retail", "-s", "contact=C-1")
    told = crm("merge", "D-1", "D-2", "--yes").err
    assert "letters in the outbox about D-2" in told
    assert crm("undo", "R-1", "--yes").code == 0
    assert len(json.loads(crm("mail", "--outbox", "-o", "json").out)) == 2


def test_what_is_on_the_blacklist_stays_there(two: None, crm) -> None:
    crm("blacklist", "add", "email", "o@b.example")
    assert crm("merge", "C-1", "C-2", "--yes").code == 0
    assert [each["value"] for each in json.loads(crm("blacklist", "list", "-o", "json").out)] == [
        "o@b.example"
    ]


def test_undo_of_the_import_that_made_both_names_the_merge(workspace: Path, crm) -> None:
    (workspace / "in.csv").write_text(
        "title,email,contact_type\nОлег,a@b.example,client\nОлег,c@b.example,client\n", "utf-8"
    )
    crm("import", "contacts", "in.csv")
    crm("merge", "C-1", "C-2", "--yes")
    refused = crm("undo", "R-1", "--yes")
    assert refused.code == 1
    assert "C-2 is merged into C-1: undo that first" in refused.err
    assert crm("undo", "R-2", "--yes").code == 0
    assert crm("undo", "R-1", "--yes").code == 0
    assert crm("list", "contacts", "--count").out.strip() == "0"


def test_purging_what_was_merged_away_leaves_the_winner_in_order(two: None, crm) -> None:
    crm("merge", "C-1", "C-2", "--yes")
    assert crm("delete", "C-2", "--purge", "--yes").code == 0
    assert crm("db", "check").code == 0
    assert crm("show", "C-1", "--with", "history,related").code == 0
    ran = crm("undo", "R-1", "--yes")
    assert (ran.code, "removed for good" in ran.err) == (7, True)


def test_a_stage_in_a_plan_is_moved_to_through_the_gate(workspace: Path, crm) -> None:
    for _ in range(2):
        crm("create", "deal", "Сделка", "--pipeline", "wholesale", "-s", "external_id=7", "--allow-duplicate")
    crm("update", "D-1", "-s", "comment=x", "-s", "amount=5")
    crm("move", "D-2", "visit", "-s", "visit_date=2026-10-01")
    crm("duplicates", "deals", "--plan", "merge.yaml")
    plan = workspace / "merge.yaml"
    text = plan.read_text("utf-8")
    assert 'stage: {take: D-2, values: {D-2: "visit", D-1: "new"}}' in text
    plan.write_text(text.replace("stage: {take: D-2", "stage: {take: order"), "utf-8")
    refused = crm("merge", "--plan", "merge.yaml", "--yes")
    assert refused.code == 1
    assert "payment_details: {take: VALUE}" in refused.err
    plan.write_text(text.replace("stage: {take: D-2", "stage: {take: D-1"), "utf-8")
    assert crm("merge", "--plan", "merge.yaml", "--yes").code == 0
    assert shown(crm, "D-2")["stage"] == "new"


def test_the_title_of_a_company_is_the_reviewers_choice(workspace: Path, crm) -> None:
    for title in ("Ромашка", "ООО Ромашка"):
        crm("create", "company", title, "--allow-duplicate", "-s", "email=r@b.example")
    crm("duplicates", "companies", "--plan", "merge.yaml")
    plan = workspace / "merge.yaml"
    plan.write_text(plan.read_text("utf-8").replace("title: {take: O-1", "title: {take: O-2"), "utf-8")
    assert crm("merge", "--plan", "merge.yaml", "--yes").code == 0
    assert shown(crm, "O-1")["title"] == "ООО Ромашка"


def test_a_plan_of_nothing_merges_nothing(workspace: Path, crm) -> None:
    crm("duplicates", "contacts", "--plan", "merge.yaml")
    ran = crm("merge", "--plan", "merge.yaml")
    assert (ran.code, "nothing to merge" in ran.err) == (0, True)


def test_a_configuration_with_errors_in_its_tasks_does_not_stop_a_merge(
    two: None, crm, workspace: Path
) -> None:
    crm("create", "task", "Позвонить", "--for", "C-2")
    (workspace / "tasks.yaml").write_text("version: 1\nnonsense: 1\n", "utf-8")
    assert crm("merge", "C-1", "C-2", "--yes").code == 0
    assert json.loads((workspace / "crm.json").read_text("utf-8"))["tasks"]["1"]["for"] == ["C-1"]


def test_what_was_restored_and_merged_again_is_undone_and_done_again(two: None, crm) -> None:
    crm("merge", "C-1", "C-2", "--yes")
    crm("restore", "C-2")
    assert crm("merge", "C-1", "C-2", "--yes").code == 0
    assert crm("undo", "R-2", "--yes").code == 0
    assert crm("show", "C-2").code == 0
    assert crm("undo", "--yes", "6").code == 0
    assert "C-2 was merged into C-1" in crm("show", "C-2").err


def test_duplicates_of_a_former_day_are_those_there_were(two: None, crm) -> None:
    crm("merge", "C-1", "C-2", "--yes", "--now", "2030-01-10")
    assert json.loads(crm("duplicates", "contacts", "-o", "json", "--now", "2030-01-11").out) == []
    former = crm("duplicates", "contacts", "-o", "json", "--now", "2030-01-11", "--as-of", "2030-01-05")
    assert [record["id"] for record in json.loads(former.out)[0]["records"]] == ["C-1", "C-2"]
    assert crm("duplicates", "contacts", "--as-of", "yesterday", "--plan", "x.yaml").code == 2


def test_an_undo_says_why_it_keeps_what_goes_with_a_record_that_was_merged_on(two: None, crm) -> None:
    crm("create", "contact", "Олег", "--allow-duplicate", *CLIENT)
    crm("merge", "C-1", "C-2", "--yes")
    crm("merge", "C-3", "C-1", "--yes")
    told = crm("undo", "R-1", "--yes").err
    assert "1 kept (with what cannot be taken back: C-2), 1 failed (C-1)" in told


def test_what_moved_on_while_somebody_was_asked_is_refused_without_a_word_of_plans(two: None, crm) -> None:
    workspace = open_workspace(Settings(user="anna"))
    asked = Group("C-1", ("C-2",), revisions={"C-1": 1, "C-2": 1})
    crm("update", "C-2", "-s", "position=Владелец")
    with pytest.raises(Refused) as refused:
        merge_groups(workspace, [asked], WriteOptions())
    told = f"{refused.value} {refused.value.hint}"
    assert "position changed since" in told
    assert "plan" not in told
