"""What entering and leaving a stage sets off."""

import json
from pathlib import Path

import pytest

CONFIGURATION = """
version: 1
name: Test
currency: UAH
phone_region: UA
pipelines: pipelines
default: {lead: leads}
users:
  - {id: anna, team: sales}
  - {id: oleg, team: sales}
fields:
  deal:
    handled: {type: text}
    ticket: {type: text}
"""
LEADS = """
version: 1
pipeline: leads
record: lead
stages:
  - {stage: contact, on_enter: [{assign: {round_robin: sales}}]}
  - {stage: won, outcome: won, on_enter: [{convert: {to: [contact, deal], pipeline: deals}}]}
  - {stage: lost, outcome: lost}
"""
DEALS = """
version: 1
pipeline: deals
record: deal
stages:
  - {stage: first, on_leave: [{set: {handled: once}}]}
  - {stage: second, on_enter: [{set: {stage: third}}]}
  - {stage: third, require: [ticket]}
  - {stage: won, outcome: won}
  - {stage: lost, outcome: lost}
"""


@pytest.fixture(autouse=True)
def _workspace(tmp_path: Path, crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "crmctl.yaml").write_text(CONFIGURATION, "utf-8")
    (tmp_path / "pipelines" / "leads.yaml").write_text(LEADS, "utf-8")
    (tmp_path / "pipelines" / "deals.yaml").write_text(DEALS, "utf-8")
    assert crm("init", "-q").code == 0


def shown(crm, record: str) -> dict[str, object]:
    return json.loads(crm("show", record, "-o", "json").out)


def test_new_leads_go_round_the_team(crm) -> None:
    crm("create", "lead", "--from", "-", stdin='[{"title": "1"}, {"title": "2"}, {"title": "3"}]')
    owners = [shown(crm, f"L-{n}")["owner"] for n in (1, 2, 3)]
    assert owners[0] == owners[2] != owners[1]


def test_winning_a_lead_converts_it_in_the_same_change(crm) -> None:
    crm("create", "lead", "Ирина")
    ran = crm("move", "L-1", "won", "-o", "json")
    assert json.loads(ran.out)["converted_to"] == ["C-1", "D-1"]
    assert shown(crm, "D-1")["contact"] == "C-1"
    crm("undo")
    assert shown(crm, "L-1")["stage"] == "contact"
    assert crm("show", "D-1").code == 4


def test_leaving_a_stage_sets_fields(crm) -> None:
    crm("create", "deal", "Acme", "-s", "ticket=7")
    crm("move", "D-1", "third")
    assert shown(crm, "D-1")["handled"] == "once"


def test_an_action_goes_through_the_gate_too_and_takes_the_move_with_it(crm) -> None:
    crm("create", "deal", "Acme")
    ran = crm("move", "D-1", "second")
    assert ran.code == 1
    assert "ticket" in ran.err
    assert shown(crm, "D-1")["stage"] == "first"
    assert crm("move", "D-1", "second", "-s", "ticket=7").code == 0
    assert shown(crm, "D-1")["stage"] == "third"


def test_imports_set_nothing_off(crm, tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("title,stage\nИрина,won\n", "utf-8")
    crm("import", "leads", "leads.csv")
    assert crm("list", "deals", "--count").out == "0\n"


def test_imports_set_off_what_moves_do_where_that_is_wanted(crm, tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("title,stage\nИрина,won\nОлег,\n", "utf-8")
    ran = crm("import", "leads", "leads.csv", "--run-actions", "-n")
    assert ran.out.count("+ create") == 4
    ran = crm("import", "leads", "leads.csv", "--run-actions")
    assert (ran.code, "2 more records made or changed by actions" in ran.err) == (0, True)
    assert shown(crm, "L-1")["converted_to"] == ["C-1", "D-1"]
    assert shown(crm, "D-1")["contact"] == "C-1"
    assert "owner" in shown(crm, "L-2")
    assert "2 unchanged" in crm("import", "leads", "leads.csv", "--run-actions").err
    assert crm("undo", "R-1", "--yes").code == 0
    assert crm("show", "D-1").code == 4


def test_an_import_that_moves_records_sets_off_what_that_does(crm, tmp_path: Path) -> None:
    crm("create", "deal", "Acme")
    crm("create", "deal", "Beta", "-s", "ticket=7")
    (tmp_path / "deals.csv").write_text("id,stage\nD-1,second\nD-2,second\n", "utf-8")
    ran = crm("import", "deals", "deals.csv", "--run-actions", "--partial")
    assert (ran.code, "required and empty: ticket" in ran.err) == (7, True)
    assert (shown(crm, "D-1")["stage"], shown(crm, "D-2")["stage"]) == ("first", "third")
    assert shown(crm, "D-2")["handled"] == "once"


def test_a_row_whose_action_fails_leaves_nothing_behind(crm, tmp_path: Path) -> None:
    own = "  contact:\n    code: {type: text, unique: true}\n  lead:\n    code: {type: text}\n"
    (tmp_path / "crmctl.yaml").write_text(
        CONFIGURATION.replace("ticket: {type: text}", "code: {type: text, unique: true}").replace(
            "  deal:", f"{own}  deal:"
        ),
        "utf-8",
    )
    (tmp_path / "pipelines" / "deals.yaml").write_text(DEALS.replace(", require: [ticket]", ""), "utf-8")
    assert crm("create", "deal", "Old", "-s", "code=7").code == 0
    (tmp_path / "leads.csv").write_text("title,stage,code\nИрина,won,7\nОлег,won,8\n", "utf-8")
    assert crm("import", "leads", "leads.csv", "--run-actions", "--partial").code == 7
    titles = [row["title"] for row in json.loads(crm("list", "contacts", "-o", "json").out)]
    assert titles == ["Олег"]


def test_a_deal_that_an_action_makes_sets_off_what_its_own_stage_says(crm, tmp_path: Path) -> None:
    deals = DEALS.replace(
        "- {stage: first,", "- {stage: first, on_enter: [{set: {handled: new}}, {notify: oleg}],"
    )
    (tmp_path / "pipelines" / "deals.yaml").write_text(deals, "utf-8")
    crm("create", "lead", "Ирина")
    crm("move", "L-1", "won")
    assert shown(crm, "D-1")["handled"] == "new"
    assert shown(crm, "T-1")["title"] == "D-1 Ирина -> first"


def test_what_a_stage_reached_by_an_action_sets_off_is_done_and_told_too(crm, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("x")
    deals = DEALS.replace("require: [ticket]", "on_enter: [{mail: letters/a.txt}]")
    (tmp_path / "pipelines" / "deals.yaml").write_text(deals, "utf-8")
    crm("create", "deal", "Acme")
    assert "note: 1 letter in the outbox: crmctl mail --outbox\n" in crm("move", "D-1", "second").err
