"""`validate --data`: stored records, held against the configuration as it is now."""

import json
from pathlib import Path

import pytest


def edit(workspace: Path, name: str, old: str, new: str) -> None:
    path = workspace / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def faults(crm) -> list[tuple[str, str]]:
    found = json.loads(crm("validate", "--data", "-o", "json").out)
    return [(each["path"], each["rule"]) for each in found if each["rule"].startswith("data-")]


@pytest.fixture
def deal(workspace: Path, crm) -> None:
    crm(
        *("create", "deal", "Acme", "--pipeline", "wholesale", "--stage", "order", "-s", "visit_date=today"),
        *("-s", "amount=100", "-s", "payment_details=card"),
    )
    crm("create", "task", "Позвонить", "--for", "D-1", "--user", "oleg")


@pytest.mark.usefixtures("deal")
def test_records_in_order_are_no_findings(crm) -> None:
    ran = crm("validate", "--data", "--strict")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.endswith("files and 2 records\n")


@pytest.mark.usefixtures("deal")
def test_a_gate_that_came_later_names_the_field_and_the_command(workspace: Path, crm) -> None:
    edit(workspace, "pipelines/wholesale.yaml", "require: [visit_date]", "require: [visit_date, delivery]")
    ran = crm("validate", "--data")
    assert ran.code == 1
    assert ran.out.startswith(
        'D-1: error: delivery (Способ доставки) is empty: required from "visit", pipelines/wholesale'
    )
    assert "hint: crmctl update D-1 -s delivery='<Способ доставки>'" in ran.out


@pytest.mark.usefixtures("deal")
def test_what_an_undo_brought_back_past_a_gate_is_found(workspace: Path, crm) -> None:
    crm("update", "D-1", "-s", "delivery=pickup")
    edit(workspace, "pipelines/wholesale.yaml", "require: [visit_date]", "require: [visit_date, delivery]")
    assert faults(crm) == []
    crm("undo", "--yes")
    assert faults(crm) == [("D-1", "data-gate")]


@pytest.mark.usefixtures("deal")
def test_open_leads_and_deals_without_a_task_that_comes_next_are_found(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина")
    crm("create", "contact", "Олег", "-s", "contact_type=client")
    assert faults(crm) == [("L-1", "data-next-step")]
    assert crm("validate", "--data").code == 0
    assert crm("list", "leads", "--view", "no-next-step", "-o", "ids").out == "L-1\n"
    assert crm("filter", "deals", "idle", "--count").out == "0\n"
    crm("cancel", "T-1")
    assert faults(crm) == [("L-1", "data-next-step"), ("D-1", "data-next-step")]
    found = json.loads(crm("status", "-o", "json").out)["records"]
    assert [found[kind]["no_next_step"] for kind in ("leads", "deals")] == [1, 1]
    assert "No next step" in crm("status").out
    crm("reject", "L-1", "--reason", "spam")
    edit(workspace, "crmctl.yaml", "tasks: tasks.yaml\n", "")
    assert "data-next-step" not in crm("validate", "--data", "--select", "data", "-o", "json").out
    assert "No next step" not in crm("status").out


@pytest.mark.usefixtures("deal")
def test_stages_and_values_that_are_gone_are_found(workspace: Path, crm) -> None:
    edit(workspace, "pipelines/wholesale.yaml", "stage: order,", "stage: ordered,")
    edit(workspace, "crmctl.yaml", "{id: card, ", "{id: kard, ")
    assert faults(crm) == [("D-1", "data-stage"), ("D-1", "data-value")]


@pytest.mark.usefixtures("deal")
def test_records_are_looked_at_only_where_the_files_have_no_error(workspace: Path, crm) -> None:
    edit(workspace, "pipelines/wholesale.yaml", "outcome: won", "outcome: wonn")
    found = json.loads(crm("validate", "--data", "-o", "json").out)
    assert {each["path"] for each in found} == {"pipelines/wholesale.yaml"}


def test_files_and_records_are_not_asked_for_together(workspace: Path, crm) -> None:
    assert crm("validate", "--data", "crmctl.yaml").code == 2


@pytest.mark.parametrize(
    "rule",
    [
        "data-gate",
        "data-stage",
        "data-value",
        "data-unique",
        "data-reference",
        "data-field",
        "data-next-step",
    ],
)
def test_its_rules_are_listed_and_explained(crm, rule: str) -> None:
    assert f"{rule} " in crm("validate", "--list-rules").out
    explained = crm("validate", "--explain", rule)
    assert (explained.code, explained.out.startswith("A record ")) == (0, True)


@pytest.mark.usefixtures("deal")
def test_errors_in_tests_of_the_process_do_not_hide_what_is_wrong_with_records(workspace: Path, crm) -> None:
    edit(workspace, "pipelines/wholesale.yaml", "stage: order,", "stage: ordered,")
    found = json.loads(crm("validate", "--data", "-o", "json").out)
    assert {each["rule"] for each in found} == {"reference-test-name", "data-stage"}


def test_a_value_that_two_records_have_is_a_fault_once_its_field_is_unique(workspace: Path, crm) -> None:
    edit(workspace, "crmctl.yaml", "  deal:\n", "  deal:\n    invoice: {type: text}\n")
    for number in ("A1", "A2", "A1"):
        crm("create", "deal", "Acme", "--pipeline", "wholesale", "-s", f"invoice={number}")
    edit(workspace, "crmctl.yaml", "invoice: {type: text}", "invoice: {type: text, unique: true}")
    found = json.loads(crm("validate", "--data", "--select", "data-unique", "-o", "json").out)
    assert [(each["path"], each["message"]) for each in found] == [
        ("D-1", 'invoice: "A1" is D-3\'s already, and the field is unique')
    ]
