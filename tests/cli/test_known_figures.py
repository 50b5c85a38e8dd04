"""Leads of a real export with known figures, where it lies beside the checkout."""

import json
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"


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
