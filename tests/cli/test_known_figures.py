"""Real data sets with known figures, where they lie beside the checkout."""

import json
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"

WORKSPACE = """
version: 1
name: Hardware
mode: deals
currency: USD
pipelines: pipelines
fields:
  deal:
    product: {type: text}
    account: {type: text}
"""
PIPELINE = """
version: 1
pipeline: sales
record: deal
stages:
  - {stage: prospecting, title: Prospecting}
  - {stage: engaging, title: Engaging}
  - {stage: won, title: Won, outcome: won}
  - {stage: lost, title: Lost, outcome: lost}
"""
MAPS = (
    "opportunity_id=external_id",
    "sales_agent=owner",
    "deal_stage=stage",
    "engage_date=created_at",
    "close_date=closed_at",
    "close_value=amount",
)


@pytest.fixture
def hardware(tmp_path: Path, crm, monkeypatch: pytest.MonkeyPatch) -> dict:
    """The 8,800 deals of a hardware firm, imported; returns their known figures."""
    source = DATA / "maven" / "sales_pipeline.csv"
    if not source.exists():
        pytest.skip(f"{source} is not there")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "crmctl.yaml").write_text(WORKSPACE, "utf-8")
    (tmp_path / "pipelines" / "sales.yaml").write_text(PIPELINE, "utf-8")
    crm("init", "-q")
    ran = crm(
        "import", "deals", str(source), *(word for pair in MAPS for word in ("--map", pair)), "-o", "json"
    )
    assert json.loads(ran.out)["created"] == 8800, ran.err
    return json.loads((source.parent / "truth.json").read_text("utf-8"))


def test_the_funnel_of_the_hardware_firm_is_the_known_one(hardware: dict, crm) -> None:
    report = json.loads(crm("funnel", "sales", "-o", "json").out)
    counts = {row["title"]: row["count"] for row in report["rows"]}
    known = hardware["stages"]
    assert counts == {title: known[title]["count"] for title in ("Prospecting", "Engaging", "Won")}
    assert [row["count"] for row in report["lost"]] == [known["Lost"]["count"]]
    won = next(row for row in report["rows"] if row["stage"] == "won")
    assert won["amount"] == {"USD": f"{hardware['won_value_total']}.00"}


def test_the_win_rate_of_the_hardware_firm_is_the_known_one(hardware: dict, crm) -> None:
    won = int(crm("filter", "deals", "won", "--count").out)
    lost = int(crm("filter", "deals", "lost", "--count").out)
    assert round(won / (won + lost), 6) == hardware["win_rate_of_closed"]


def test_the_deals_of_an_agent_are_the_known_ones(hardware: dict, crm) -> None:
    for agent, known in list(hardware["per_agent"].items())[:3]:
        assert int(crm("filter", "deals", f'owner = "{agent}"', "--count").out) == known["deals"]
        assert int(crm("filter", "deals", f'owner = "{agent}" and won', "--count").out) == known["won"]


def test_leads_exported_by_bitrix24_come_in_with_their_stages_and_currencies(workspace: Path, crm) -> None:
    source = DATA / "ru" / "bitrix24_leads_export_utf8bom.csv"
    if not source.exists():
        pytest.skip(f"{source} is not there")
    ran = crm(
        "import",
        "leads",
        str(source),
        "--ignore-unknown",
        "--map",
        "Должность=comment",
        "--map",
        "Комментарий=-",
        "-o",
        "json",
    )
    assert json.loads(ran.out)["created"] == 400, ran.err
    rows = {
        row["stage"]: row["count"] for row in json.loads(crm("funnel", "leads", "-o", "json").out)["rows"]
    }
    assert rows == {"new": 75, "in_work": 167, "no_answer": 0, "qualified": 87}
    assert int(crm("filter", "leads", "lost", "--count").out) == 71
    assert (
        json.loads(crm("import", "leads", str(source), "--ignore-unknown", "-o", "json").out)["unchanged"]
        == 400
    )
