"""Samples of what other programs export, each with the records that must come of it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
BEFORE = "2026-11-22T11:00:00+03:00"


@pytest.fixture
def sample_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm, request: pytest.FixtureRequest
) -> Path:
    """A workspace for the samples of a profile: its own where it has one, else a shared one.

    `workspace.txt` names the shared one, where it is not `workspace-en`; `before.txt` the samples that are imported
    first, a table and a file a line.
    """
    folder = HERE / request.param
    named = folder / "workspace.txt"
    usual = named.read_text("utf-8").strip() if named.exists() else "workspace-en"
    source = folder if (folder / "crmctl.yaml").exists() else HERE / usual
    ignored = shutil.ignore_patterns("sample*", "expected*")
    shutil.copytree(source, tmp_path, dirs_exist_ok=True, ignore=ignored)
    monkeypatch.chdir(tmp_path)
    assert crm("init").code == 0
    if (before := folder / "before.txt").exists():
        for line in before.read_text("utf-8").splitlines():
            table, name = line.split()
            assert crm("import", table, str(HERE / name), "--now", BEFORE).code == 0
    return tmp_path


@pytest.fixture
def layouts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm) -> Path:
    """The shared files in the layouts of other systems, and a workspace of their users and stages."""
    found = HERE.parents[2] / "shared" / "data" / "layouts"
    if not found.is_dir():
        pytest.skip(f"no shared data at {found}")
    place = tmp_path / "layouts"
    shutil.copytree(HERE / "workspace-layouts", place)
    monkeypatch.chdir(place)
    monkeypatch.setenv("CRMCTL_USER", "guest")
    assert crm("init").code == 0
    return found


@pytest.fixture
def listed(crm) -> Callable[..., list[dict[str, Any]]]:
    """Return these fields of all records of a table, those that are not empty."""

    def listed(table: str, *fields: str) -> list[dict[str, Any]]:
        found = json.loads(crm("list", table, "-o", "json", "--sort", "id").out)
        return [{name: row[name] for name in fields if name in row} for row in found]

    return listed
