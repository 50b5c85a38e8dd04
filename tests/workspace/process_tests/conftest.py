"""A small firm, and its tests, each a text of YAML."""

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest

CONFIGURATION = """
version: 1
name: Test
currency: UAH
timezone: Europe/Kyiv
phone_region: UA
pipelines: pipelines
tasks: tasks.yaml
default: {lead: leads}
users: [{id: anna, name: Anna Koval}, {id: oleg, team: sales}]
require: {contact: [contact_type]}
duplicates: {contact: [[phone]]}
lists:
  lost_reason: [price, {id: silent, title: Went silent}]
  reject_reason: [spam]
  contact_type: [client]
fields:
  deal:
    waybill: {type: text, pattern: '^[0-9]{4}$'}
    address: {type: text}
    ticket: {type: text, unique: true}
    partner: {type: reference, to: company}
  contact:
    city: {type: text}
"""
LEADS = """
version: 1
pipeline: leads
record: lead
stages:
  - {stage: contact, title: Contact the lead, on_enter: [{task: call}]}
  - {stage: talk, title: Talk}
  - {stage: won, outcome: won, on_enter: [{convert: {to: [contact, deal]}}]}
  - {stage: lost, outcome: lost, require: [reject_reason]}
reasons: {list: reject_reason}
"""
DEALS = """
version: 1
pipeline: deals
record: deal
moves: {skip: true, back: false}
stages:
  - {stage: offer, title: Make an offer, on_enter: [{task: call}], probability: 10}
  - {stage: order, require: [amount], require_to_leave: [close_date], probability: 40}
  - stage: parcel
    require: [waybill, {field: address, when: 'tags has courier'}]
    on_enter: [{set: {stage: sent}}, {task: pack}]
  - {stage: sent, on_enter: [{task: track}]}
  - {stage: won, outcome: won}
  - {stage: lost, outcome: lost, require: [lost_reason]}
reasons: {list: lost_reason}
"""
TASKS = """
version: 1
types: {call: {title: Call, clients: one}}
templates:
  call: {type: call, results: [sold]}
  pack: {type: call, results: [sold]}
  track: {type: call, results: [sold]}
results: {sold: {ends: sale}, later: {next: call}}
"""

Told = dict[str, Any]


@pytest.fixture
def firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace without a database, in which the test stands."""
    monkeypatch.chdir(tmp_path)
    texts = {
        "crmctl.yaml": CONFIGURATION,
        "tasks.yaml": TASKS,
        "pipelines/leads.yaml": LEADS,
        "pipelines/deals.yaml": DEALS,
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "tests").mkdir()
    return tmp_path


@pytest.fixture
def ran(firm: Path, crm) -> Callable[..., Told]:
    """Write the rest of a test below its name, run it, and return what JSON tells of everything."""

    def run(*tests: str, argv: tuple[str, ...] = ()) -> Told:
        listed = "".join(
            f"  - name: test {at}\n{indent(dedent(test).strip(), ' ' * 4)}\n"
            for at, test in enumerate(tests, 1)
        )
        (firm / "tests" / "a.test.yaml").write_text(f"version: 1\ntests:\n{listed}", "utf-8")
        found = crm("test", "-o", "json", *argv)
        told: Told = json.loads(found.out)
        assert told["findings"] == []
        assert found.code == bool(told["failed"])
        return told

    return run


@pytest.fixture
def failures(ran: Callable[..., Told]) -> Callable[..., list[tuple[str, str, str]]]:
    """Run one test and return what failed: key, expected and actual."""

    def run(test: str) -> list[tuple[str, str, str]]:
        (result,) = ran(test)["results"]
        return [(each["key"], each["expected"], each["actual"]) for each in result["failures"]]

    return run
