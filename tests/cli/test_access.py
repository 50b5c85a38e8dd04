"""`access`: who may do what at which stage, however it is asked for."""

import json
from pathlib import Path

import pytest

USERS = """
users:
  - {id: anna, role: manager}
  - {id: ira, role: Store}
  - {id: oleg, role: head}
  - {id: petr}
"""
ACCESS = """
access:
  - {role: manager, actions: [view, create, update, move], stages: [new, visit, order, lost]}
  - {role: manager, actions: [move], stages: [placed]}
  - {role: manager, actions: [delete], stages: [new], where: owner = me}
  - {role: store, actions: [view, export], stages: [placed, to_warehouse]}
  - {role: store, actions: [update, move], stages: [placed, to_warehouse], where: 'amount < 1000'}
"""
GATES = ("-s", "visit_date=2026-10-01", "-s", "amount=100", "-s", "payment_details=card")


@pytest.fixture
def guarded(workspace: Path, crm, edit) -> Path:
    """D-1 and D-2 of anna at new and at order, D-3 at placed, D-4 dear at placed, D-5 in retail, L-1."""
    (workspace / "crmctl.yaml").write_text((workspace / "crmctl.yaml").read_text("utf-8") + USERS, "utf-8")
    (workspace / "tasks.yaml").write_text(
        (workspace / "tasks.yaml").read_text("utf-8").replace("ends: sale}", "ends: sale, move: won}"),
        "utf-8",
    )
    for title, stage in (("Acme", "new"), ("Beta", "order"), ("Coda", "placed"), ("Dear", "placed")):
        wanted = ("--pipeline", "wholesale", "--stage", stage, *GATES)
        crm("create", "deal", title, *wanted, "--owner", "anna", "--user", "oleg")
    crm("update", "D-4", "-s", "amount=5000", "--user", "oleg")
    crm("create", "deal", "Elsewhere", "--pipeline", "retail", "--user", "oleg")
    crm("create", "lead", "Lena", "--user", "oleg")
    file = workspace / "pipelines" / "wholesale.yaml"
    file.write_text(file.read_text("utf-8") + ACCESS, "utf-8")
    assert crm("validate", "--strict").code == 0
    return workspace


def ids(crm, *argv: str) -> list[str]:
    return crm(*argv, "-o", "ids").out.split()


def refused(ran, action: str, stage: str) -> bool:
    return ran.code == 1 and f'may not {action} deals at "{stage}"' in ran.err


def test_a_refusal_names_role_action_stage_and_who_may(guarded: Path, crm) -> None:
    ran = crm("update", "D-3", "-s", "comment=x")
    assert ran.code == 1
    assert ran.err.splitlines() == [
        'error: D-3 cannot be changed: role "manager" may not update deals at "placed" of pipeline "wholesale"',
        '  access of pipeline "wholesale", pipelines/wholesale.yaml:29',
        "hint: ira (Store), oleg (head), petr may",
    ]
    error = json.loads(crm("update", "D-3", "-s", "comment=x", "-o", "json").err)["error"]
    assert (error["code"], error["exit_code"], error["record"]) == ("no_access", 1, "D-3")
    assert error["details"][0] | {"message": ""} == {
        "message": "",
        "role": "manager",
        "action": "update",
        "stage": "placed",
    }


def test_what_a_role_may_do_it_does(guarded: Path, crm) -> None:
    assert crm("create", "deal", "New", "--pipeline", "wholesale").code == 0
    assert crm("update", "D-1", "-s", "comment=x").code == 0
    assert crm("move", "D-1", "order").code == 0
    assert crm("move", "D-1", "new").code == 0
    assert crm("delete", "D-1", "--yes").code == 0
    assert crm("restore", "D-1").code == 0


@pytest.mark.parametrize("user", ["oleg", "petr", "cron"])
def test_a_role_that_is_not_named_and_whoever_has_none_may_do_everything(
    guarded: Path, crm, user: str
) -> None:
    assert crm("update", "D-4", "-s", "comment=x", "--user", user).code == 0
    assert crm("delete", "D-4", "--yes", "--user", user).code == 0
    assert len(ids(crm, "list", "deals", "--user", user)) == 4


def test_other_pipelines_and_records_without_stages_are_not_limited(guarded: Path, crm) -> None:
    assert crm("delete", "D-5", "--yes").code == 0
    assert crm("update", "L-1", "-s", "comment=x").code == 0
    assert crm("create", "contact", "Ann", "-s", "contact_type=client").code == 0


def test_a_move_must_be_allowed_where_it_begins_and_where_it_ends(guarded: Path, crm) -> None:
    ran = crm("move", "D-1", "to_warehouse")
    assert refused(ran, "move", "to_warehouse")
    assert ran.err.startswith('error: D-1 "Acme" cannot move to "to_warehouse": ')
    assert refused(crm("move", "D-4", "order", "--user", "ira"), "move", "placed")
    assert crm("move", "D-1", "placed").code == 0
    # Who may is who may at both ends: of the store nobody may at the other.
    ran = crm("move", "D-3", "won", "-s", "waybill=20450123456789", "--user", "ira")
    assert "hint: oleg (head), petr may" in ran.err


@pytest.mark.parametrize("call", ["move D-3 won", "move D-3 visit", "reject D-3", "convert D-3 --to contact"])
@pytest.mark.parametrize("output", ["table", "json"])
def test_who_may_not_see_a_record_may_not_move_it_and_hears_nothing_of_it(
    guarded: Path, crm, call: str, output: str
) -> None:
    ran = crm(*call.split(), "-o", output)
    shown = crm("show", "D-3", "-o", output)
    assert (ran.code, ran.out, ran.err) == (1, "", shown.err)
    assert "Coda" not in ran.err


def test_who_may_not_move_is_refused_before_the_gate_is_told(guarded: Path, crm) -> None:
    crm("create", "deal", "Bare", "--pipeline", "wholesale", "--owner", "anna", "--user", "oleg")
    ran = crm("move", "D-6", "to_warehouse")
    assert refused(ran, "move", "to_warehouse")
    assert "required" not in ran.err
    assert "required" in crm("move", "D-6", "order").err
    assert refused(crm("move", "D-6", "visit", "--user", "ira"), "view", "new")


def test_a_condition_that_a_field_asked_for_may_meet_is_asked_of_it_once_it_is_there(
    guarded: Path, crm, edit
) -> None:
    edit(
        "pipelines/wholesale.yaml",
        "[move], stages: [placed]}",
        "[move], stages: [placed], where: amount < 500}",
    )
    crm("create", "deal", "Bare", "--pipeline", "wholesale", "--owner", "anna", "--user", "oleg")
    assert "required" in crm("move", "D-6", "placed").err
    wanted = ("-s", "visit_date=2026-10-01", "-s", "payment_details=card")
    assert refused(crm("move", "D-6", "placed", *wanted, "-s", "amount=900"), "move", "placed")
    assert crm("move", "D-6", "placed", *wanted, "-s", "amount=400").code == 0


def test_a_condition_narrows_an_entry_and_is_asked_of_the_record(guarded: Path, crm) -> None:
    assert crm("move", "D-3", "to_warehouse", "--user", "ira").code == 0
    ran = crm("move", "D-4", "to_warehouse", "--user", "ira")
    assert refused(ran, "move", "placed")
    assert "but where amount < 1000" in ran.err
    crm("assign", "D-1", "--to", "oleg", "--user", "oleg")
    ran = crm("delete", "D-1", "--yes")
    assert refused(ran, "delete", "new")
    # `me` is whoever would do it: of the managers only the owner may.
    assert "hint: oleg (head), petr may" in ran.err


@pytest.mark.parametrize(
    ("argv", "action", "stage"),
    [
        (("create", "deal", "X", "--pipeline", "wholesale", "--stage", "placed", *GATES), "create", "placed"),
        (("update", "D-3", "-s", "amount=1"), "update", "placed"),
        (("update", "D-1", "-s", "stage=to_warehouse"), "move", "to_warehouse"),
        (("update", "D-5", "-s", "pipeline=wholesale", "-s", "stage=picked", *GATES), "move", "picked"),
        (("move", "D-2", "won", "-s", "waybill=20450123456789"), "move", "won"),
        (("move", "D-5", "--pipeline", "wholesale", "to_warehouse", *GATES), "move", "to_warehouse"),
        (("assign", "D-3", "--to", "petr"), "update", "placed"),
        (("note", "D-3", "hello"), "update", "placed"),
        (("link", "D-3", "https://example.com"), "update", "placed"),
        (("item", "add", "D-3", "P-1", "--quantity", "2"), "update", "placed"),
        (("delete", "D-3", "--yes"), "delete", "placed"),
        (("delete", "D-3", "--purge", "--yes"), "delete", "placed"),
        (("restore", "D-6"), "delete", "placed"),
        (("undo", "3", "--yes"), "delete", "placed"),
        (("complete", "T-1", "--result", "ordered", "-s", "deal.waybill=20450123456789"), "move", "won"),
    ],
    ids=lambda each: " ".join(each[:3]) if isinstance(each, tuple) else each,
)
def test_no_command_is_a_way_around(
    guarded: Path, crm, argv: tuple[str, ...], action: str, stage: str
) -> None:
    crm("create", "product", "Tea", "-s", "price=5", "--user", "oleg")
    crm("create", "task", "--template", "call", "--for", "D-2", "--user", "oleg")
    wanted = ("--pipeline", "wholesale", "--stage", "placed", *GATES)
    crm("create", "deal", "Gone", *wanted, "--user", "oleg")
    crm("delete", "D-6", "--yes", "--user", "oleg")
    crm("assign", "D-1", "--to", "oleg", "--user", "oleg")
    before = (guarded / "crm.json").read_bytes()
    assert refused(crm(*argv), action, stage)
    assert (guarded / "crm.json").read_bytes() == before


def test_neither_a_conversion_nor_a_rejection_is_one(guarded: Path, crm, edit) -> None:
    file = guarded / "pipelines" / "leads.yaml"
    entry = "access: [{role: manager, actions: [view, update, move], stages: [new, in_work]}]\n"
    file.write_text(file.read_text("utf-8") + entry, "utf-8")
    assert 'may not move leads at "junk"' in crm("reject", "L-1", "--reason", "spam").err
    converted = crm("convert", "L-1", "--to", "deal", "--pipeline", "wholesale")
    assert 'may not move leads at "qualified"' in converted.err
    entry = entry.replace("in_work]", "qualified]")
    file.write_text(file.read_text("utf-8").rpartition("access:")[0] + entry, "utf-8")
    placed = ("convert", "L-1", "--to", "deal", "--pipeline", "wholesale", "--stage", "placed")
    given = [f"deal.{each}" if "=" in each else each for each in GATES]
    assert refused(crm(*placed, *given), "create", "placed")
    assert crm("convert", "L-1", "--to", "deal", "--pipeline", "wholesale").code == 0


def test_rows_of_an_import_are_rejected_one_by_one(guarded: Path, crm) -> None:
    rows = "id,title,stage,comment,pipeline\nD-1,Acme,,hello,\nD-3,Coda,,hello,\n,New,,,wholesale\n"
    (guarded / "deals.csv").write_text(rows, "utf-8")
    ran = crm("import", "deals", "deals.csv", "--partial")
    assert ran.code == 7
    assert 'line 3: D-3 cannot be changed: role "manager" may not update' in ran.err
    assert "1 created, 1 updated, 1 rejected" in ran.err


def test_what_the_stages_set_off_is_done_by_the_process(guarded: Path, crm, edit) -> None:
    edit("pipelines/wholesale.yaml", "stage: placed,", "stage: placed, on_enter: [{set: {stage: picked}}],")
    assert crm("move", "D-1", "placed").code == 0
    assert json.loads(crm("show", "D-1", "-o", "json", "--user", "oleg").out)["stage"] == "picked"


def test_one_may_take_back_what_one_did_as_long_as_nobody_went_on(guarded: Path, crm) -> None:
    crm(
        "create", "deal", "Slip", "--pipeline", "wholesale", "--stage", "visit", "-s", "visit_date=2026-10-01"
    )
    assert crm("undo").code == 0
    assert crm("show", "D-6", "--user", "oleg").code == 4
    crm("update", "D-1", "-s", "comment=mine")
    crm("move", "D-1", "placed", "--user", "oleg")
    ran = crm("undo")
    assert refused(ran, "update", "placed")


def test_apply_needs_leave_for_each_record_that_it_migrates(guarded: Path, crm, edit) -> None:
    edit("pipelines/wholesale.yaml", "stage: to_warehouse,", "stage: packing,")
    edit("pipelines/wholesale.yaml", "[placed, to_warehouse]", "[placed, packing]")
    crm("move", "D-3", "packing", "--user", "oleg")
    edit("pipelines/wholesale.yaml", "stage: packing,", "stage: packed, moved_from: [packing],")
    edit("pipelines/wholesale.yaml", "[placed, packing]", "[placed, packed]")
    assert crm("apply", "--yes").code == 1
    # A stage's former id is that stage: whoever may update there may do so before the migration.
    assert crm("update", "D-3", "-s", "comment=x", "--user", "ira").code == 0
    assert crm("apply", "--yes", "--user", "oleg").code == 0


def test_records_that_may_not_be_viewed_are_nowhere(guarded: Path, crm) -> None:
    crm("note", "D-3", "secretive", "--user", "oleg")
    assert ids(crm, "list", "deals") == ["D-1", "D-2", "D-5"]
    assert ids(crm, "filter", "deals", "amount >= 1") == ["D-1", "D-2"]
    assert ids(crm, "list", "deals", "--user", "ira") == ["D-3", "D-4", "D-5"]
    assert crm("list", "deals", "--count").out.strip() == "3"
    assert ids(crm, "search", "Coda") == []
    assert ids(crm, "search", "secretive") == []
    assert "Coda" not in crm("board", "wholesale").out
    assert json.loads(crm("status", "-o", "json").out)["records"]["deals"]["all"] == 3
    assert "D-3" not in crm("log").out
    assert ids(crm, "list", "deals", "--as-of", "today") == ["D-1", "D-2", "D-5"]


@pytest.mark.parametrize("argv", [("show", "D-3"), ("log", "D-3"), ("edit", "D-3")])
def test_one_that_is_asked_for_by_its_id_is_refused(
    guarded: Path, crm, argv: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    ran = crm(*argv)
    assert refused(ran, "view", "placed")
    assert "Coda" not in ran.err
    assert "hint: ira (Store), oleg (head), petr may" in ran.err


def test_a_funnel_counts_what_is_viewed_and_says_so(guarded: Path, crm) -> None:
    ran = crm("funnel", "wholesale", "-o", "json")
    assert json.loads(ran.out)["notes"] == ["records that access does not let you view are not counted"]
    counts = {row["stage"]: row["count"] for row in json.loads(ran.out)["rows"] if "stage" in row}
    assert (counts["new"], counts["placed"]) == (1, 0)
    assert json.loads(crm("funnel", "wholesale", "-o", "json", "--user", "oleg").out)["notes"] == []


def test_a_task_goes_on_naming_its_client_without_its_title(guarded: Path, crm) -> None:
    crm("create", "task", "--template", "call", "--for", "D-3", "--assignee", "anna", "--user", "oleg")
    out = crm("agenda").out
    assert "D-3" in out
    assert "Coda" not in out


def test_a_notice_about_a_record_that_its_reader_may_not_view_names_that_by_id(
    guarded: Path, crm, edit
) -> None:
    edit("pipelines/wholesale.yaml", "stage: picked,", "stage: picked, on_enter: [{notify: anna}],")
    crm("move", "D-3", "picked", "--user", "oleg")
    (mine,) = json.loads(crm("agenda", "-o", "json").out)
    assert mine["title"].startswith("D-3 -> ")
    for call in (
        ("list", "tasks"),
        ("filter", "tasks", "type = notice"),
        ("show", "T-1"),
        ("agenda",),
        ("remind", "-n"),
        ("remind", "-n", "-o", "json"),
        ("list", "tasks", "-o", "csv"),
        ("search", "picked"),
    ):
        told = crm(*call).out
        assert "Coda" not in told, call
    assert "D-3 -> " in crm("list", "tasks").out
    assert ids(crm, "search", "Coda") == []
    assert ids(crm, "filter", "tasks", 'title ~ "Coda"') == []
    assert "D-3 Coda -> " in crm("list", "tasks", "--user", "oleg").out
    crm("move", "D-3", "lost", "--reason", "price", "--user", "oleg")
    assert "D-3 Coda -> " in crm("list", "tasks").out


def test_an_export_leaves_out_what_may_only_be_viewed(guarded: Path, crm) -> None:
    ran = crm("export", "deals", "out.csv")
    assert (ran.code, "1 record written" in ran.err) == (0, True)
    assert "note: 2 records left out: access lets you view them only" in ran.err
    ran = crm("export", "deals", "none.csv", "--pipeline", "wholesale")
    assert refused(ran, "export", "new")
    assert not (guarded / "none.csv").exists()
    assert "2 records written" in crm("export", "deals", "all.csv", "--pipeline", "опт", "--user", "ira").err


def test_a_dry_run_is_refused_like_the_change(guarded: Path, crm) -> None:
    ran = crm("update", "D-1", "D-3", "-s", "comment=x", "-n")
    assert "D-3" in ran.out
    assert "may not update" in ran.out


def test_over_several_records_it_is_all_or_nothing_unless_in_part(guarded: Path, crm) -> None:
    assert crm("update", "D-1", "D-3", "-s", "comment=x").code == 1
    assert json.loads(crm("show", "D-1", "-o", "json").out).get("comment") is None
    assert crm("update", "D-1", "D-3", "-s", "comment=x", "--partial").code == 7


def test_a_record_that_may_not_be_given_away_takes_nobodys_turn(guarded: Path, crm) -> None:
    crm("assign", "D-3", "D-1", "D-5", "--round-robin", "ira,oleg", "--partial")
    owners = [
        json.loads(crm("show", each, "-o", "json", "--user", "oleg").out)["owner"] for each in ("D-1", "D-5")
    ]
    assert owners == ["ira", "oleg"]


def test_a_pipeline_is_shown_with_who_may_do_what(guarded: Path, crm) -> None:
    lines = crm("pipeline", "show", "wholesale").out.splitlines()
    assert lines[lines.index("Access") + 3 :] == [
        "  manager: delete at new where owner = me",
        "  store: view, export at placed, to_warehouse",
        "  store: update, move at placed, to_warehouse where amount < 1000",
    ]
    shown = json.loads(crm("pipeline", "show", "wholesale", "-o", "json").out)
    assert shown["access"][2] == {
        "role": "manager",
        "actions": ["delete"],
        "stages": ["new"],
        "where": "owner = me",
    }


def test_tests_of_the_process_are_limited_only_as_the_user_they_name(guarded: Path, crm) -> None:
    given = "given: {deal: {pipeline: wholesale, stage: placed}}, when: {update: {comment: x}}"
    (guarded / "tests" / "access.test.yaml").write_text(
        "version: 1\ntests:\n"
        f"  - {{name: anyone, {given}, expect: {{refused: false}}}}\n"
        f"  - {{name: a manager, user: anna, {given}, expect: {{refused: [no_access]}}}}\n",
        "utf-8",
    )
    ran = crm("test", "tests/access.test.yaml")
    assert ran.code == 0, ran.out + ran.err


def test_whom_nothing_limits_the_rules_of_access_are_not_loaded_for(guarded: Path) -> None:
    import subprocess
    import sys

    script = (
        "import sys; from crmctl.cli.main import run; run(sys.argv[1:]);"
        "print('crmctl.rules.access' in sys.modules)"
    )
    for user, loaded in (("oleg", "False"), ("anna", "True")):
        ran = subprocess.run(
            [sys.executable, "-c", script, "update", "D-1", "-s", f"comment={user}", "--user", user, "-q"],
            cwd=guarded,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.stdout.split()[-1] == loaded


def test_an_import_names_no_deal_as_close_that_may_not_be_viewed(guarded: Path, crm) -> None:
    (guarded / "deals.csv").write_text("title,previous_deal\nNext,Codaa\nLast,Acmee\n", "utf-8")
    named = ("import", "deals", "deals.csv", "--pipeline", "wholesale")
    assert 'close are: D-3 "Coda"' in crm(*named, "--user", "oleg").err
    told = crm(*named, "--user", "anna").err
    assert 'close are: D-1 "Acme"' in told
    assert "Coda" not in told.replace("Codaa", "")


def test_a_deal_that_may_not_be_created_brings_nobody_along(guarded: Path, crm) -> None:
    (guarded / "deals.csv").write_text(
        "title,stage,company.title,visit_date,amount,payment_details\nA,placed,Firm,2026-10-01,100,card\n",
        "utf-8",
    )
    ran = crm("import", "deals", "deals.csv", "--pipeline", "wholesale", "--partial", "--user", "anna")
    assert 'may not create deals at "placed"' in ran.err
    assert crm("list", "companies", "--count").out == "0\n"


def test_a_merge_and_its_undo_tell_nothing_of_what_may_not_be_viewed(guarded: Path, crm) -> None:
    for name in ("Vera", "Vera P"):
        crm("create", "contact", name, "-s", "contact_type=client", "--user", "oleg")
    crm("update", "D-3", "-s", "title=Secret", "-s", "contact=C-2", "--user", "oleg")
    crm("update", "D-1", "-s", "contact=C-2", "--user", "oleg")
    crm("update", "D-3", "-s", "amount=5000", "--user", "oleg")
    merge = ("merge", "C-1", "C-2", "--user", "anna")
    foretold, done = crm(*merge, "-n"), crm(*merge, "--yes")
    dry, undone = crm("undo", "R-1", "-n", "--yes"), crm("undo", "R-1", "--yes")
    for ran in (foretold, done, dry, undone):
        assert ran.code == 0, ran.err
        assert "Secret" not in ran.out + ran.err
        assert "D-3" not in ran.out + ran.err
    assert "1 to merge, 2 to change" in foretold.out
    assert "1 record refers to it now" in done.err
    assert "R-1: 3 reversed" in undone.err
    assert json.loads(crm("show", "D-3", "-o", "json", "--user", "oleg").out)["contact"] == "C-2"
