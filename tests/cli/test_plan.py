"""`plan`: what a changed configuration means for the records that were stored under the former one."""

import json
import shlex
from pathlib import Path

import pytest

WHOLESALE = "pipelines/wholesale.yaml"


def planned(crm, *argv: str) -> dict:
    return json.loads(crm("plan", *argv, "-o", "json").out)


@pytest.mark.usefixtures("deals")
def test_a_configuration_that_is_as_it_was_means_nothing(crm) -> None:
    ran = crm("plan", "--fail-if-any")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "no difference from what was applied last; 3 records: all in order\n"
    ran = crm("apply")
    assert (ran.code, ran.out, ran.err) == (0, "", "nothing to do\n")


@pytest.mark.usefixtures("renamed")
def test_plan_names_what_changed_and_whom_it_moves(crm) -> None:
    ran = crm("plan")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "pipeline wholesale",
        "  ~ stage visit is now meeting",
        "      2 records go to wholesale/meeting: D-1, D-2",
    ]
    assert ran.err.splitlines() == [
        "1 difference from what was applied last; 3 records: 2 to migrate",
        "next: crmctl apply",
    ]


@pytest.mark.usefixtures("renamed")
def test_plan_as_json_has_the_change_and_each_record(crm) -> None:
    found = planned(crm)
    assert found["against"] == "applied"
    assert [(each["what"], each["name"], each["change"], each["to"]) for each in found["changes"]] == [
        ("stage", "visit", "renamed", "meeting")
    ]
    first = {"id": "D-1", "verdict": "migrates", "reason": "stage", "place": "wholesale", "name": "visit"}
    goes = {"field": "stage", "from": "wholesale/visit", "to": "wholesale/meeting", "why": None}
    assert found["records"][0] == first | goes
    assert found["summary"] == {"records": 3, "migrates": 2, "blocks": 0, "lacks": 0}


@pytest.mark.usefixtures("renamed")
def test_the_ids_alone_are_for_the_next_command(crm) -> None:
    assert crm("plan", "-o", "ids").out == "D-1\nD-2\n"


@pytest.mark.usefixtures("renamed")
def test_plan_changes_nothing(workspace: Path, crm) -> None:
    before = (workspace / "crm.json").read_bytes()
    crm("plan")
    crm("apply", "--dry-run")
    assert (workspace / "crm.json").read_bytes() == before


@pytest.mark.usefixtures("removed")
@pytest.mark.parametrize(
    ("option", "message"),
    [
        (("--map", "plased=order"), '--map: nothing that is gone is called "plased"'),
        (("--map", "placed=ordr"), '--map: unknown stage "ordr" of pipeline "wholesale"'),
        (("--map", "placed"), '--map: "placed" is not of the form OLD=NEW'),
        (("--set", "colour=red"), '--set: no record has a field "colour"'),
        (("--set", "amount=much"), 'amount (Amount): "much"'),
        (("--set", "contract_no="), "--set contract_no=: a record that lacks the field needs a value"),
        (("--set", "contract_no= "), "--set contract_no= : a record that lacks the field needs a value"),
        (("--set", "contract_no+=7"), "--set contract_no+=7: a record that lacks the field needs a value"),
        (("--set", "tags-=old"), "--set tags-=old: a record that lacks the field needs a value"),
    ],
)
def test_what_means_nothing_is_wrong_use(crm, option: tuple[str, ...], message: str) -> None:
    for command in ("plan", "apply"):
        ran = crm(command, *option)
        assert ran.code == 2
        assert message in ran.err


@pytest.mark.usefixtures("deals")
def test_the_mapping_that_a_plan_proposes_can_be_pasted(crm, edit) -> None:
    crm("update", "D-1", "-s", "invoice_no=в пункте")
    edit("crmctl.yaml", "invoice_no: {type: text,", "invoice_no: {type: list, list: delivery,")
    ran = crm("plan")
    assert "      --map 'invoice_no:в пункте=VALUE'\n" in ran.out
    following = ran.err.splitlines()[-1].removeprefix("next: crmctl ")
    assert following == "apply --map 'invoice_no:в пункте=VALUE' --map invoice_no:17=VALUE"
    assert f"hint: crmctl {following}\n" in crm("apply", "-y").err
    assert crm(*shlex.split(following.replace("VALUE", "branch")), "-y").code == 0


@pytest.mark.usefixtures("deals")
def test_what_no_mapping_helps_is_told_with_what_does(crm, edit) -> None:
    crm("update", "D-3", "-s", "invoice_no=семь")
    edit("crmctl.yaml", "invoice_no: {type: text,", "invoice_no: {type: integer,")
    ran = crm("plan")
    helps = "change the records, or put back what invoice_no took"
    assert f"      {helps}\n" in ran.out
    assert "next:" not in ran.err
    assert crm("apply", "-y").err.endswith(f"hint: {helps}\n")
    crm("update", "D-3", "-s", "invoice_no=7")
    assert crm("plan").err.endswith("next: crmctl apply\n")


@pytest.mark.usefixtures("deals")
def test_a_field_that_is_filled_already_is_told_with_what_helps(crm, edit) -> None:
    crm("update", "D-3", "-s", "comment=x")
    edit("crmctl.yaml", "    invoice_no: {type: text, title: Номер счёта}\n", "")
    ran = crm("plan", "--map", "invoice_no=comment")
    assert "      map invoice_no to another field, change the records, or put the field back\n" in ran.out
    assert "next:" not in ran.err


@pytest.mark.usefixtures("deals")
@pytest.mark.parametrize("added", ["title: Заказ внесен", "title: Заявка, aliases: [placed]"])
def test_a_stage_that_has_the_name_of_one_that_is_gone_is_proposed(crm, edit, added: str) -> None:
    edit(WHOLESALE, "stage: placed, title: Заказ внесен", f"stage: entered, {added}")
    assert crm("plan").err.endswith("next: crmctl apply --map wholesale/placed=entered\n")


@pytest.mark.usefixtures("renamed")
def test_a_database_of_an_older_crmctl_is_judged_by_what_it_holds(workspace: Path, crm) -> None:
    text = (workspace / "crm.json").read_text("utf-8")
    start = text.index(',\n"applied": {')
    text = text[:start] + text[text.index("\n}", start) + 2 :]
    (workspace / "crm.json").write_text(text, "utf-8")
    assert crm("db", "check", "--accept").code == 0
    ran = crm("plan")
    assert "  ! stage visit is not there\n      2 records go to wholesale/meeting: D-1, D-2\n" in ran.out
    assert ran.err.startswith("nothing is known of what was applied last; 3 records: 2 to migrate")
    assert json.loads(crm("status", "-o", "json").out)["configuration"]["applied"] is None
    assert crm("apply", "-y").code == 0
    assert planned(crm)["against"] == "applied"


@pytest.mark.usefixtures("renamed")
def test_status_says_that_the_configuration_changed(crm) -> None:
    line = "configuration changed since it was applied: crmctl plan\n"
    assert crm("status").out.endswith(line)
    assert json.loads(crm("status", "-o", "json").out)["configuration"]["applied"] is False
    crm("apply", "-y")
    assert not crm("status").out.endswith(line)


@pytest.mark.usefixtures("deals")
def test_an_invalid_configuration_is_not_planned(crm, edit) -> None:
    edit(WHOLESALE, "outcome: won", "outcome: wonn")
    assert crm("plan").code == 3
    assert crm("apply", "-y").code == 3


def test_a_database_made_for_an_invalid_configuration_knows_of_none(workspace: Path, crm, edit) -> None:
    (workspace / "crm.json").unlink()
    edit(WHOLESALE, "outcome: won", "outcome: wonn")
    assert crm("--db", "other.json", "init", "-q").code == 0
    edit(WHOLESALE, "outcome: wonn", "outcome: won")
    assert planned(crm, "--db", "other.json")["against"] is None


def test_a_hand_edit_of_what_was_applied_is_as_if_nothing_was_known(workspace: Path, crm) -> None:
    path = workspace / "crm.json"
    path.write_text(path.read_text("utf-8").replace('"footprints":[{', '"footprints":[5,{'), "utf-8")
    crm("db", "check", "--accept")
    assert [crm(*argv).code for argv in (("plan",), ("status",), ("apply", "--yes"))] == [0, 0, 0]


@pytest.mark.usefixtures("renamed")
def test_what_is_gone_goes_to_one_place(crm) -> None:
    ran = crm("plan", "--map", "visit=meeting", "--map", "visit=order")
    assert (ran.code, ran.err.splitlines()[0]) == (
        2,
        'error: --map: "visit" is mapped twice, to different ends',
    )
    assert crm("plan", "--map", "visit=order", "--map", "wholesale/visit=order").code == 0
