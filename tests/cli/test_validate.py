"""`validate`: what its exit code says, and that each format is whole with findings and without."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from crmctl.render.format_names import FINDING_FORMATS

LEADS = "pipelines/leads.yaml"


def edit(workspace: Path, name: str, old: str, new: str) -> None:
    path = workspace / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def warned(workspace: Path) -> Path:
    """A workspace with one warning."""
    edit(workspace, LEADS, "    # crmctl: ignore[style-first-stage]", "")
    return workspace


@pytest.fixture
def faulty(warned: Path) -> Path:
    """A workspace with a warning and an error."""
    edit(warned, LEADS, "outcome: won", "outcome: wno")
    return warned


def test_warnings_fail_only_under_strict(warned: Path, crm) -> None:
    assert crm("validate").code == 0
    assert crm("validate", "--strict").code == 1
    assert crm("validate", "--strict", "--exit-zero").code == 0


def test_errors_fail_unless_the_exit_code_is_not_wanted(faulty: Path, crm) -> None:
    assert crm("validate").code == 1
    ran = crm("validate", "--exit-zero")
    assert (ran.code, '"outcome" must be one of open, won, lost' in ran.out) == (0, True)


@pytest.mark.parametrize("format_name", FINDING_FORMATS)
def test_a_format_does_not_change_the_answer(faulty: Path, crm, format_name: str) -> None:
    assert crm("validate", "-o", format_name).code == 1
    assert crm("validate", "-o", format_name, "--select", "data").code == 0


def test_in_a_github_workflow_findings_are_annotations(
    faulty: Path, crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert crm("validate").out.startswith("::error file=pipelines/leads.yaml,line=")
    assert crm("validate", "-o", "text").out.startswith("pipelines/leads.yaml:")
    monkeypatch.setenv("GITHUB_ACTIONS", "false")
    assert crm("validate").out.startswith("pipelines/leads.yaml:")


def test_nothing_found_is_an_empty_document_of_the_format(workspace: Path, crm) -> None:
    told = {name: crm("validate", "-o", name).out for name in FINDING_FORMATS}
    assert (told["text"], told["parsable"], told["github"], told["json"]) == ("", "", "", "[]\n")
    assert ET.fromstring(told["junit"]).attrib["failures"] == "0"
    assert json.loads(told["sarif"])["runs"][0]["results"] == []


def test_junit_fails_what_fails_the_check(warned: Path, crm) -> None:
    for options, failures in ((["-o", "junit"], "0"), (["-o", "junit", "--strict"], "1")):
        assert ET.fromstring(crm("validate", *options).out).attrib["failures"] == failures


def closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    names = required or tuple(properties)
    return {
        "type": "object",
        "properties": properties,
        "required": list(names),
        "additionalProperties": False,
    }


NUMBER = {"type": "integer", "minimum": 1}
TEXT = {"type": "string", "minLength": 1}
MESSAGE = closed({"text": TEXT})
RULE = closed(
    {
        "id": TEXT,
        "shortDescription": MESSAGE,
        "fullDescription": MESSAGE,
        "help": closed({"text": TEXT, "markdown": TEXT}),
    }
)
PLACE = closed(
    {
        "artifactLocation": closed({"uri": {"type": "string", "pattern": "^[!-~]+$"}}),
        "region": closed({"startLine": NUMBER, "startColumn": NUMBER}, "startLine"),
    },
    "artifactLocation",
)
RESULT = closed(
    {
        "ruleId": TEXT,
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["error", "warning"]},
        "message": MESSAGE,
        "locations": {"type": "array", "minItems": 1, "items": closed({"physicalLocation": PLACE})},
    }
)
DRIVER = closed(
    {
        "name": {"const": "crmctl"},
        "version": TEXT,
        "rules": {"type": "array", "items": RULE, "uniqueItems": True},
    }
)
RUN = closed(
    {
        "tool": closed({"driver": DRIVER}),
        "columnKind": {"const": "unicodeCodePoints"},
        "results": {"type": "array", "items": RESULT},
    }
)
SARIF = closed(
    {
        "$schema": {"type": "string", "pattern": "^https://.*/sarif-schema-2.1.0.json$"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": RUN},
    }
)
"""What of SARIF 2.1.0 is written, and nothing else: names, and what must be there."""


def test_sarif_has_the_shape_that_its_standard_asks_for(faulty: Path, crm) -> None:
    folder = faulty / "pipelines" / "Новая папка"
    folder.mkdir()
    (folder / "a#b.yaml").write_text("x: [", "utf-8")
    (faulty / "tasks.yaml").unlink()
    document = json.loads(crm("validate", "-o", "sarif").out)
    jsonschema.validate(document, SARIF)
    (run,) = document["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(run["results"]) == 3
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    jsonschema.validate(json.loads(crm("validate", "-o", "sarif", "--select", "data").out), SARIF)


def test_records_are_told_of_in_every_format(workspace: Path, crm) -> None:
    crm("create", "lead", "Ирина", "--stage", "in_work")
    edit(workspace, LEADS, "stage: in_work,", "stage: worked,")
    for name in FINDING_FORMATS:
        ran = crm("validate", "--data", "-o", name)
        assert (ran.code, "L-1" in ran.out) == (1, True)
    jsonschema.validate(json.loads(crm("validate", "--data", "-o", "sarif").out), SARIF)
