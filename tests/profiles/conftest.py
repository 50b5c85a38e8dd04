"""Samples of what other programs export, each with the records that must come of it."""

import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture
def sample_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm, request: pytest.FixtureRequest
) -> Path:
    """A workspace for the samples of a profile: its own where it has one, else the shared one."""
    folder = HERE / request.param
    source = folder if (folder / "crmctl.yaml").exists() else HERE / "workspace"
    ignored = shutil.ignore_patterns("sample*", "expected*")
    shutil.copytree(source, tmp_path, dirs_exist_ok=True, ignore=ignored)
    monkeypatch.chdir(tmp_path)
    assert crm("init").code == 0
    return tmp_path
