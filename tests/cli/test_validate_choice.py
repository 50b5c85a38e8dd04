"""`validate --select` and `--ignore`: which rules are told of, and what the exit code then says."""

import json
from pathlib import Path

import pytest

LEADS = "pipelines/leads.yaml"
SILENCED = "    # crmctl: ignore[style-first-stage]"


def edit(workspace: Path, name: str, old: str, new: str) -> None:
    path = workspace / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def rules(crm, *options: str) -> list[str]:
    found = json.loads(crm("validate", "-o", "json", *options).out)
    return [each["rule"] for each in found]


@pytest.fixture
def faulty(workspace: Path) -> Path:
    """A workspace with a warning of style, and errors of two levels."""
    edit(workspace, LEADS, SILENCED, "")
    edit(workspace, "crmctl.yaml", "name: ", "nmae: x\nname: ")
    edit(workspace, "pipelines/wholesale.yaml", "require: [visit_date]", "require: [visit_day]")
    return workspace


@pytest.mark.usefixtures("faulty")
def test_without_a_choice_every_rule_is_told_of(crm) -> None:
    assert rules(crm) == ["schema-unknown-key", "style-first-stage", "reference-unknown-field"]


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--select", "style"], ["style-first-stage"]),
        (["--select", "style-first-stage,schema"], ["schema-unknown-key", "style-first-stage"]),
        (["--select", "style", "--select", "schema"], ["schema-unknown-key", "style-first-stage"]),
        (["--select", "reference-unknown"], ["reference-unknown-field"]),
        (["--ignore", "schema, reference"], ["style-first-stage"]),
        (["--select", "style,schema", "--ignore", "style-first-stage"], ["schema-unknown-key"]),
        (["--select", "style-first-stage", "--ignore", "style"], []),
        (["--select", "data"], []),
    ],
)
def test_a_rule_is_named_by_its_id_or_by_how_it_begins(crm, options: list[str], told: list[str]) -> None:
    assert rules(crm, *options) == told


@pytest.mark.usefixtures("faulty")
def test_only_what_is_told_counts_for_the_exit_code(crm) -> None:
    assert crm("validate").code == 1
    assert crm("validate", "--ignore", "schema,reference").code == 0
    assert crm("validate", "--ignore", "schema,reference", "--strict").code == 1
    assert crm("validate", "--select", "syntax", "--strict").code == 0


@pytest.mark.usefixtures("faulty")
def test_what_is_left_out_is_counted(crm) -> None:
    assert crm("validate", "--select", "style").err == "1 warning in 11 files, 2 findings left out\n"
    assert crm("validate", "--ignore", "syntax").err == "2 errors, 1 warning in 11 files\n"


@pytest.mark.usefixtures("faulty")
def test_a_choice_holds_for_files_that_are_named_too(crm) -> None:
    assert crm("validate", LEADS, "--ignore", "style").out == ""
    assert rules(crm, LEADS, "--select", "style") == ["style-first-stage"]


@pytest.mark.usefixtures("faulty")
def test_what_is_not_told_of_stops_other_commands_all_the_same(crm) -> None:
    assert crm("validate", "--ignore", "schema,reference").code == 0
    assert crm("list", "leads").code == 3


@pytest.mark.usefixtures("faulty")
def test_records_are_not_audited_by_a_configuration_whose_errors_are_left_out(crm) -> None:
    ran = crm("validate", "--data", "--select", "data")
    assert ran.code == 3
    assert 'unknown key "nmae"' in ran.err


def test_the_rules_of_records_can_be_chosen_too(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина", "--stage", "in_work")
    edit(workspace, LEADS, SILENCED, "")
    edit(workspace, LEADS, "stage: in_work,", "stage: worked,")
    assert rules(crm, "--data", "--select", "data") == ["data-stage"]
    assert rules(crm, "--data", "--ignore", "data-stage") == ["style-first-stage"]


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("styel", 'did you mean "style"?'),
        ("style-first-stag", 'did you mean "style-first-stage"?'),
        ("data-gates", 'did you mean "data-gate"?'),
        ("xyzzy", "crmctl validate --list-rules"),
        ("sty", 'did you mean "style"?'),
    ],
)
def test_an_unknown_rule_is_wrong_use_with_the_closest_one(crm, option: str, name: str, hint: str) -> None:
    ran = crm("validate", option, f"schema,{name}")
    assert ran.code == 2
    assert ran.err == f'error: unknown rule "{name}"\nhint: {hint}\n'


@pytest.mark.usefixtures("workspace")
def test_to_select_nothing_is_wrong_use_and_not_to_select_all(crm) -> None:
    ran = crm("validate", "--select", "")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: --select names no rule")


def test_a_comment_is_not_unused_because_its_rule_was_not_chosen(workspace: Path, crm) -> None:
    for choice in (["--select", "style-unused-ignore"], ["--ignore", "style-first-stage"], []):
        assert rules(crm, *choice) == []
    edit(workspace, LEADS, "title: Не обработан", "title: Позвонить")
    assert rules(crm, "--select", "style-unused-ignore") == ["style-unused-ignore"]


@pytest.mark.usefixtures("workspace")
def test_the_list_of_rules_honours_the_choice(crm) -> None:
    listed = crm("validate", "--list-rules", "--select", "style", "--ignore", "style-no").out.splitlines()
    assert listed
    assert all(line.startswith("style-") and not line.startswith("style-no") for line in listed)
    assert crm("validate", "--list-rules", "--select", "style", "--ignore", "style").out == ""


@pytest.mark.usefixtures("workspace")
def test_rules_are_told_of_as_json(crm) -> None:
    rules = {rule["rule"]: rule for rule in json.loads(crm("validate", "--list-rules", "-o", "json").out)}
    assert rules["style-first-stage"]["silenceable"] is True
    assert rules["syntax-yaml"]["silenceable"] is False
    assert rules["data-gate"]["severity"] == "error"
    for rule, told in rules.items():
        assert json.loads(crm("validate", "--explain", rule, "-o", "json").out) == told


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("asked", [["--list-rules"], ["--explain", "style-first-stage"]])
def test_rules_are_told_of_in_no_format_for_findings(crm, asked: list[str]) -> None:
    ran = crm("validate", *asked, "-o", "sarif")
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.usefixtures("workspace")
def test_every_rule_can_be_explained_and_a_misspelt_one_is_suggested(crm) -> None:
    for rule in json.loads(crm("validate", "--list-rules", "-o", "json").out):
        assert crm("validate", "--explain", rule["rule"]).out.startswith(rule["finds"].split(":")[0][:20])
    assert crm("validate", "--explain", "data-gat").err.endswith('hint: did you mean "data-gate"?\n')
