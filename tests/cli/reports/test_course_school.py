"""The 9,240 leads of a school of courses, where they lie beside the checkout: their known conversion in each group."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

WORKSPACE = """
version: 1
name: Courses
currency: INR
pipelines: pipelines
fields:
  lead:
    paid: {type: boolean}
    origin: {type: text, aliases: [Lead Origin]}
    city: {type: text, aliases: [City]}
    quality: {type: text, aliases: [Lead Quality]}
    lead_profile: {type: text, aliases: [Lead Profile]}
    occupation: {type: text}
    activity: {type: text, aliases: [Last Activity]}
    no_email: {type: text, aliases: [Do Not Email]}
"""
PIPELINES = {
    "leads": "lead",
    "courses": "deal",
}
STAGES = """
stages:
  - {stage: new, title: New}
  - {stage: won, title: Won, outcome: won}
  - {stage: lost, title: Lost, outcome: lost}
"""
PROFILE = """
version: 1
profile: school
record: lead
detect: {all: [Prospect ID, Lead Number]}
empty: [Select]
columns:
  Prospect ID: external_id
  Lead Source: source
  Converted: paid
  What is your current occupation: occupation
"""
Asked = Callable[[str], dict]


@pytest.fixture
def known(shared: Callable[[str], Path], tmp_path: Path, crm, monkeypatch: pytest.MonkeyPatch) -> dict:
    """The leads imported, and those that bought converted to deals; returns their known figures."""
    source = shared("xeducation")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "crmctl.yaml").write_text(WORKSPACE, "utf-8")
    (tmp_path / "school.yaml").write_text(PROFILE, "utf-8")
    for name, record in PIPELINES.items():
        text = f"version: 1\npipeline: {name}\nrecord: {record}\n{STAGES.strip()}\n"
        (tmp_path / "pipelines" / f"{name}.yaml").write_text(text, "utf-8")
    crm("init", "-q")
    ran = crm(
        *("import", "leads", str(source / "Leads.csv"), "--profile", "school.yaml", "--ignore-unknown"),
        *("-s", "title=Enquiry", "-o", "json"),
    )
    assert json.loads(ran.out)["created"] == 9240, ran.err
    bought = crm("filter", "leads", "paid = yes", "-o", "ids").out.split()
    assert crm("convert", *bought, "--to", "deal", "--yes", "-q").code == 0
    found: dict = json.loads((source / "truth.json").read_text("utf-8"))
    return found


def test_the_conversion_is_the_known_one_in_all_and_per_group(known: dict, crm) -> None:
    def grouped(field: str) -> dict[str, tuple[int, int, float]]:
        report = json.loads(crm("report", "conversion", "--by", field, "-o", "json").out)
        totals = report["totals"]
        assert (totals["leads"], totals["converted"]) == (known["leads"], known["converted"])
        assert round(totals["conversion"], 6) == known["conversion"]
        return {
            (row[field] or "").casefold(): (row["leads"], row["converted"], round(row["conversion"], 6))
            for row in report["rows"]
        }

    for field, figures in {
        "source": known["per_lead_source_casefold"],
        "origin": known["per_lead_origin"],
        "city": known["per_city_select_as_blank"],
        "lead_profile": known["per_lead_profile_select_as_blank"],
        "quality": known["per_lead_quality"],
        "occupation": known["per_occupation"],
        "activity": known["per_last_activity"],
    }.items():
        wanted = {
            name.casefold(): (each["leads"], each["converted"], each["conversion"])
            for name, each in figures.items()
        }
        assert grouped(field) == wanted, field
