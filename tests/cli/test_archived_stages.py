"""Until a changed configuration is applied: what is said of records on stages and in pipelines that are gone."""

import json
from pathlib import Path

import pytest

STAGE = (
    'note: D-1 is on stage "placed", which wholesale no longer has: crmctl plan shows what becomes of it, '
)
PIPELINE = 'note: D-1 is in pipeline "courses", which is gone: crmctl plan shows what becomes of it, '
NOTES = {"stage": f"{STAGE}crmctl move D-1 STAGE moves it\n"}
NOTES["pipeline"] = f"{PIPELINE}crmctl move D-1 --pipeline PIPELINE moves it\n"
ORDERED = ("-s", "visit_date=2026-10-01", "-s", "amount=100", "-s", "payment_details=card")


@pytest.fixture(params=["stage", "pipeline"])
def gone(request: pytest.FixtureRequest, workspace: Path, crm, edit) -> str:
    """D-1 is on a stage that is removed, or in a pipeline that is; C-1 is a contact."""
    place = {"stage": ("wholesale", "placed"), "pipeline": ("courses", "new")}[request.param]
    assert crm("create", "deal", "Acme", "--pipeline", place[0], "--stage", place[1], *ORDERED).code == 0
    crm("create", "contact", "Ann", "-s", "contact_type=client")
    if request.param == "stage":
        edit(
            "pipelines/wholesale.yaml",
            "  - {stage: placed, title: Заказ внесен, probability: 60, max_age: 2d}\n",
            "",
        )
    else:
        (workspace / "pipelines" / "courses.yaml").unlink()
    assert crm("validate").code == 0
    return request.param


@pytest.mark.parametrize(
    "call",
    [
        ("update", "D-1", "-s", "comment=x"),
        ("update", "D-1", "-s", "tags+=vip"),
        ("assign", "D-1", "--to", "anna"),
        ("link", "D-1", "C-1"),
    ],
)
def test_what_changes_such_a_record_is_done_and_says_so(crm, gone: str, call: tuple[str, ...]) -> None:
    ran = crm(*call)
    assert ran.code == 0
    assert NOTES[gone] in ran.err


def test_its_card_says_so(crm, gone: str) -> None:
    ran = crm("show", "D-1")
    assert "(archived)" in ran.out
    assert ran.err == NOTES[gone]


def test_lists_mark_it(crm, gone: str) -> None:
    assert "(archived)" in crm("list", "deals").out


def test_an_editor_opens_it_and_says_so_after(
    crm, gone: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "comment: hello" >> "$1"\n', "utf-8")
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    ran = crm("edit", "D-1")
    assert ran.code == 0
    assert NOTES[gone] in ran.err


def test_an_import_that_updates_it_says_so(workspace: Path, crm, gone: str) -> None:
    (workspace / "more.csv").write_text("id,comment\nD-1,hello\n", "utf-8")
    ran = crm("import", "deals", "more.csv", "--on-duplicate", "update")
    assert ran.code == 0
    assert NOTES[gone] in ran.err


def test_what_is_restored_there_says_so(crm, gone: str) -> None:
    assert NOTES[gone] not in crm("delete", "D-1", "-y").err
    assert NOTES[gone] in crm("restore", "D-1").err


def test_an_undo_that_brings_it_back_there_says_so(crm, gone: str) -> None:
    crm("update", "D-1", "-s", "comment=x")
    assert NOTES[gone] in crm("undo").err


def test_a_move_by_hand_takes_it_away_and_says_nothing(crm, gone: str) -> None:
    away = {"stage": ("order",), "pipeline": ("--pipeline", "wholesale")}[gone]
    ran = crm("move", "D-1", *away)
    assert ran.code == 0
    assert "gone" not in ran.err
    assert crm("plan", "-o", "ids").out == ""


def test_a_move_back_is_refused_with_the_stages_there_are(crm, gone: str) -> None:
    ran = crm("move", "D-1", "placed")
    assert ran.code == 2
    assert "wholesale" in ran.err


def test_the_gates_of_the_target_hold_for_it_too(crm, gone: str) -> None:
    ran = crm("move", "D-1", "shipping", "--pipeline", "wholesale")
    assert (ran.code, "waybill (ТТН)   required" in ran.err) == (1, True)
    where = {
        "stage": 'on stage "placed", which wholesale no longer has',
        "pipeline": 'in pipeline "courses", which is gone',
    }
    assert f"  it is {where[gone]}: crmctl plan\n" in ran.err


def test_many_are_told_of_together(workspace: Path, crm, edit) -> None:
    for name in "ABCD":
        crm("create", "lead", name, "--stage", "in_work")
    edit("pipelines/leads.yaml", "stage: in_work,", "stage: working,")
    ran = crm("update", "L-1", "L-2", "L-3", "L-4", "-s", "comment=x")
    assert "note: 4 records are on stages that are gone: crmctl plan shows what becomes of them\n" in ran.err


def test_a_board_tells_of_those_that_it_has_no_column_for(workspace: Path, crm, edit) -> None:
    crm("create", "lead", "A", "--stage", "in_work")
    edit("pipelines/leads.yaml", "stage: in_work,", "stage: working,")
    ran = crm("board", "leads")
    assert "note: 1 record is on stages that are gone, and not shown: crmctl plan\n" in ran.err


def test_leads_are_converted_and_rejected_from_a_stage_that_is_gone(workspace: Path, crm, edit) -> None:
    for name in "AB":
        crm("create", "lead", name, "--stage", "in_work")
    edit("pipelines/leads.yaml", "stage: in_work,", "stage: working,")
    assert crm("convert", "L-1", "--to", "contact", "-s", "contact.contact_type=client").code == 0
    assert crm("reject", "L-2", "--reason", "spam").code == 0
    assert crm("plan", "-o", "ids").out == ""


@pytest.mark.parametrize(
    "call", [("convert", "L-1", "--to", "company", "-s", "title=x"), ("reject", "L-1", "--reason", "spam")]
)
def test_leads_of_a_pipeline_that_is_gone_are_moved_first(
    workspace: Path, crm, edit, call: tuple[str, ...]
) -> None:
    crm("create", "lead", "A")
    edit("pipelines/leads.yaml", "pipeline: leads", "pipeline: enquiries")
    edit("crmctl.yaml", "lead: leads,", "lead: enquiries,")
    ran = crm(*call)
    assert ran.code in (1, 2)
    assert 'is in pipeline "leads", which is gone' in ran.err
    assert "hint: crmctl plan, or crmctl move L-1 --pipeline" in ran.err
    assert crm("apply", "--map", "leads=enquiries", "-y").code == 0
    assert json.loads(crm("show", "L-1", "-o", "json").out)["pipeline"] == "enquiries"
