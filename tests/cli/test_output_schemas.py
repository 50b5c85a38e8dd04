"""What programs read keeps to the schemas in `schemas/output/`."""

import json
from pathlib import Path

import jsonschema
import pytest

from crmctl.resources import schema_names, schema_text

OUTPUTS = {
    "output/record": ("show", "D-1", "--with", "history,related,tasks"),
    "output/records": ("list", "deals"),
    "output/funnel": ("funnel", "wholesale", "--ids", "--explain"),
    "output/report": ("funnel", "wholesale", "--mode", "reached", "--by", "source"),
    "output/findings": ("validate",),
    "output/import": ("import", "leads", "leads.csv"),
}


@pytest.fixture
def filled(workspace: Path, crm) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale", "-s", "amount=100", "-s", "tags=vip")
    crm("create", "deal", "Beta", "--pipeline", "wholesale")
    crm("move", "D-2", "lost", "--reason", "price")
    (workspace / "leads.csv").write_text("title\nИрина\n", "utf-8")


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_is_what_its_schema_says(filled: None, crm, name: str) -> None:
    jsonschema.validate(json.loads(crm(*OUTPUTS[name], "-o", "json").out), json.loads(schema_text(name)))


def test_an_error_is_what_its_schema_says(filled: None, crm) -> None:
    error = json.loads(crm("move", "D-1", "shipping", "-o", "json").err)
    jsonschema.validate(error, json.loads(schema_text("output/error")))


def test_every_schema_of_output_is_held_against_some_output(crm) -> None:
    known = {name for name in schema_names() if name.startswith("output/")}
    assert known == {*OUTPUTS, "output/error"}


def test_every_schema_is_one(crm) -> None:
    for name in schema_names():
        jsonschema.Draft202012Validator.check_schema(json.loads(crm("schema", name).out))
