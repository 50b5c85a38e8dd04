"""`apply`: the records that were stored under a former configuration, brought to the present one."""

import json
from pathlib import Path

import pytest

from crmctl.errors import Refused
from crmctl.workspace.apply import apply
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.plan import PlanRequest, plan
from crmctl.workspace.workspace import Settings, open_workspace

WHOLESALE = "pipelines/wholesale.yaml"


def stages(crm) -> list[str]:
    return [deal["stage"] for deal in json.loads(crm("list", "deals", "-o", "json").out)]


@pytest.mark.usefixtures("renamed")
def test_apply_needs_a_yes_and_names_its_run(crm) -> None:
    refused = crm("apply")
    assert (refused.code, refused.err.splitlines()[0]) == (2, "error: migrate 2 records needs a yes")
    ran = crm("apply", "--yes", "--message", "встреча")
    assert ran.code == 0
    assert ran.err.startswith("R-1: 2 records migrated (undo: crmctl undo R-1)\nnote: no gate was asked")
    assert stages(crm) == ["meeting", "meeting", "placed"]
    entry = json.loads(crm("log", "D-1", "-o", "json").out)[0]
    assert (entry["op"], entry["run"], entry["message"]) == ("apply", "R-1", "встреча")
    assert entry["changes"] == {"stage": ["visit", "meeting"]}
    assert crm("plan").err.startswith("no difference")


@pytest.mark.usefixtures("renamed")
def test_an_undone_apply_is_to_be_done_again(crm) -> None:
    crm("apply", "-y")
    assert "R-1: 2 reversed" in crm("undo", "R-1", "-y").err
    assert stages(crm) == ["visit", "visit", "placed"]
    assert json.loads(crm("plan", "-o", "json").out)["summary"]["migrates"] == 2


@pytest.mark.usefixtures("renamed")
def test_a_dry_run_of_apply_shows_each_change(crm) -> None:
    ran = crm("apply", "--dry-run")
    assert (ran.code, ran.out) == (0, 'D-1 "Acme"\n  -> meeting\nD-2 "Beta"\n  -> meeting\n2 to change\n')
    found = json.loads(crm("apply", "-n", "-o", "json").out)
    assert found[0] == {"op": "apply", "id": "D-1", "changes": {"stage": ["visit", "meeting"]}}


@pytest.mark.usefixtures("removed")
def test_apply_refuses_while_a_record_has_nowhere_to_go(workspace: Path, crm) -> None:
    before = (workspace / "crm.json").read_bytes()
    for yes in ((), ("--yes",)):
        ran = crm("apply", *yes)
        assert ran.code == 1
        assert ran.err.splitlines() == [
            "error: 1 record cannot be migrated, so nothing was changed",
            "  wholesale/placed   1 record has nowhere to go: D-3",
            "hint: crmctl apply --map wholesale/placed=STAGE",
        ]
    assert (workspace / "crm.json").read_bytes() == before
    ran = crm("apply", "--dry-run")
    assert (ran.code, ran.out) == (1, "! refused D-3: 1 record has nowhere to go\n1 refused\n")


@pytest.mark.usefixtures("removed")
def test_a_mapping_takes_it_elsewhere_and_the_next_command_repeats_it(crm) -> None:
    ran = crm("plan", "--map", "placed=Формирование заказа")
    assert "1 record goes to wholesale/order: D-3" in ran.out
    assert ran.err.endswith("next: crmctl apply --map 'placed=Формирование заказа'\n")
    assert crm("apply", "--map", "placed=order", "-y").code == 0
    assert stages(crm)[-1] == "order"


@pytest.mark.usefixtures("deals")
def test_records_lacking_what_is_required_now_hold_nothing_up(crm, edit) -> None:
    edit(WHOLESALE, "require: [visit_date]", "require: [visit_date, contract_no]")
    assert "  + visit requires contract_no\n      3 records lack it: D-1, D-2, D-3\n" in crm("plan").out
    assert crm("plan", "--fail-if-any").code == 1
    ran = crm("apply")
    assert ran.code == 0
    assert ran.err.splitlines() == [
        "no record had to change",
        "note: 3 records lack what is required now (D-1, D-2, D-3): crmctl validate --data",
    ]
    assert crm("plan", "--fail-if-any").code == 0
    assert crm("validate", "--data").code == 1


@pytest.mark.usefixtures("deals")
def test_a_given_value_fills_exactly_the_records_that_lack_it(crm, edit) -> None:
    crm("update", "D-2", "-s", "contract_no=2")
    edit(WHOLESALE, "require: [visit_date]", "require: [visit_date, contract_no]")
    assert crm("apply", "--set", "contract_no=unknown", "-y").code == 0
    found = json.loads(crm("list", "deals", "--fields", "contract_no", "-o", "json").out)
    assert [each["contract_no"] for each in found] == ["unknown", "2", "unknown"]
    assert crm("validate", "--data").code == 0


@pytest.mark.usefixtures("deals")
def test_records_go_on_lacking_what_a_given_value_leaves_empty(crm, edit) -> None:
    edit(WHOLESALE, "require: [visit_date]", "require: [visit_date, tags]")
    ran = crm("apply", "--set", "tags=;", "-y")
    assert (ran.code, ran.err.splitlines()[0]) == (0, "no record had to change")
    assert "3 records lack what is required now" in ran.err
    assert json.loads(crm("runs", "-o", "json").out) == []


@pytest.mark.usefixtures("deals")
def test_a_removed_field_and_list_value_in_use_are_not_lost(crm, edit) -> None:
    edit("crmctl.yaml", "    invoice_no: {type: text, title: Номер счёта}\n", "    bill: {type: text}\n")
    edit("crmctl.yaml", "    - {id: pickup, title: Самовывоз}\n", "")
    ran = crm("apply", "-y")
    assert ran.code == 1
    assert "  deal/invoice_no   1 record holds a value: D-3\n" in ran.err
    assert "  delivery/pickup   1 record holds it as delivery: D-3\n" in ran.err
    maps = ("--map", "invoice_no=bill", "--map", "delivery:pickup=Курьер")
    assert crm("apply", *maps, "-y").code == 0
    found = json.loads(crm("show", "D-3", "-o", "json").out)
    assert (found["bill"], found["delivery"]) == ("17", "courier")
    assert crm("validate", "--data").code == 0


@pytest.mark.usefixtures("deals")
def test_a_text_that_becomes_a_list_is_mapped_value_by_value(crm, edit) -> None:
    edit("crmctl.yaml", "invoice_no: {type: text,", "invoice_no: {type: list, list: delivery,")
    assert "1 record holds what it does not take (unknown value of list" in crm("plan").out
    assert crm("apply", "--map", "invoice_no:17=branch", "-y").code == 0
    assert json.loads(crm("show", "D-3", "-o", "json").out)["invoice_no"] == "branch"


@pytest.mark.usefixtures("deals")
def test_each_of_many_values_can_be_mapped_where_a_text_becomes_a_list(crm, edit) -> None:
    edit("crmctl.yaml", "invoice_no: {type: text,", "invoice_no: {type: text, multiple: true,")
    crm("apply", "-y")
    crm("update", "D-3", "-s", "invoice_no=17", "-s", "invoice_no=18")
    edit("crmctl.yaml", "invoice_no: {type: text,", "invoice_no: {type: list, list: delivery,")
    assert "--map invoice_no:17=VALUE" in crm("plan").out
    assert "--map invoice_no:18=VALUE" in crm("plan", "--map", "invoice_no:17=branch").out
    assert crm("apply", "--map", "invoice_no:17=branch", "--map", "invoice_no:18=courier", "-y").code == 0
    assert json.loads(crm("show", "D-3", "-o", "json").out)["invoice_no"] == ["branch", "courier"]


@pytest.mark.usefixtures("deals")
def test_a_removed_pipeline_goes_into_another(workspace: Path, crm) -> None:
    (workspace / WHOLESALE).unlink()
    assert "--map wholesale=PIPELINE" in crm("plan").out
    ran = crm("apply", "--map", "wholesale=wholesale_repeat", "--map", "placed=order", "-y")
    assert ran.err.splitlines()[1:] == [
        "  wholesale/visit   2 records have nowhere to go: D-1, D-2",
        "hint: crmctl apply --map wholesale=wholesale_repeat --map placed=order --map wholesale/visit=STAGE",
    ]
    maps = ("--map", "wholesale=wholesale_repeat", "--map", "visit=new", "--map", "placed=order")
    assert crm("apply", *maps, "-y").code == 0
    found = json.loads(crm("list", "deals", "-o", "json").out)
    assert {(each["pipeline"], each["stage"]) for each in found} == {
        ("wholesale_repeat", "new"),
        ("wholesale_repeat", "order"),
    }


@pytest.mark.usefixtures("deals")
def test_a_stage_that_is_won_now_closes_its_records(crm, edit) -> None:
    edit(
        WHOLESALE,
        "stage: placed, title: Заказ внесен, probability: 60, max_age: 2d",
        "stage: placed, outcome: won",
    )
    assert "1 record is won now: D-3" in crm("plan").out
    crm("apply", "-y")
    found = json.loads(crm("show", "D-3", "-o", "json").out)
    assert (found["outcome"], found["probability"]) == ("won", 100)
    assert found["closed_at"]


@pytest.mark.usefixtures("renamed")
def test_actions_of_the_stage_are_not_set_off(crm, edit) -> None:
    edit(WHOLESALE, "title: Встреча", "on_enter: [{set: {comment: hello}}], title: Встреча")
    crm("apply", "-y")
    assert "comment" not in json.loads(crm("show", "D-1", "-o", "json").out)


@pytest.mark.usefixtures("renamed")
def test_reports_go_on_showing_the_stage_as_archived_before_and_the_history_after(crm) -> None:
    assert "visit (archived)" in crm("list", "deals").out
    crm("apply", "-y")
    assert "visit (archived)" in crm("funnel", "wholesale", "--mode", "visited").out
    assert "stage: visit -> meeting" in crm("log", "D-1").out


@pytest.mark.usefixtures("removed")
def test_records_in_the_trash_wait_there(crm) -> None:
    crm("delete", "D-3", "-y")
    assert crm("apply").err == "no record had to change\n"
    assert 'D-3 is on stage "placed", which wholesale no longer has' in crm("restore", "D-3").err
    assert crm("apply", "-y", "--map", "placed=order").code == 0


@pytest.mark.usefixtures("renamed")
def test_what_was_agreed_to_is_what_is_done(crm) -> None:
    workspace, asked = open_workspace(Settings()), PlanRequest()
    agreed = plan(workspace, asked)
    crm("delete", "D-1", "--yes")
    with pytest.raises(Refused, match="the records changed since the plan was shown"):
        apply(workspace, asked, WriteOptions(), agreed)
    assert stages(crm) == ["visit", "placed"]
    assert apply(workspace, asked, WriteOptions(), plan(workspace, asked)).kept


def test_plan_knows_what_other_records_refuse(workspace: Path, crm) -> None:
    path = workspace / "crmctl.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("  deal:\n", "  deal:\n    invoice: {type: text}\n", 1), "utf-8")
    crm("apply", "-y")
    for number in ("A1", "A2", "A1"):
        crm("create", "deal", "Acme", "--pipeline", "wholesale", "-s", f"invoice={number}")
    path.write_text(text.replace("  deal:\n", "  deal:\n    bill: {type: text, unique: true}\n", 1), "utf-8")
    planned = json.loads(crm("plan", "--map", "invoice=bill", "-o", "json").out)
    assert [(each["id"], each["verdict"]) for each in planned["records"]] == [
        ("D-1", "migrates"),
        ("D-2", "migrates"),
        ("D-3", "blocks"),
    ]
    ran = crm("apply", "--map", "invoice=bill", "--yes")
    assert (ran.code, '"A1" is D-1\'s already' in ran.err) == (1, True)
