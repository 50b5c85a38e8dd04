"""What an undo brings back is told one by one where that can be read, and together where not."""

from pathlib import Path

import pytest


@pytest.mark.parametrize(("leads", "lines"), [(3, 3), (30, 1)])
def test_many_records_that_lack_something_are_one_note(workspace: Path, crm, leads: int, lines: int) -> None:
    rows = "".join(f"Lead {number}\n" for number in range(leads))
    (workspace / "leads.csv").write_text(f"title\n{rows}", "utf-8")
    crm("import", "leads", "leads.csv")
    crm("update", *(f"L-{number}" for number in range(1, leads + 1)), "-s", "comment=x", "--yes")
    path = workspace / "pipelines" / "leads.yaml"
    path.write_text(
        path.read_text("utf-8").replace("stage: new,", "stage: new, require: [comment],"), "utf-8"
    )
    told = crm("undo", "--yes").err.splitlines()
    assert len([line for line in told if "what the configuration now requires" in line]) == lines
