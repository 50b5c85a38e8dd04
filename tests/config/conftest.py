"""Workspaces small enough to be read in a test."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

WORKSPACE = "version: 1\nname: Acme\ncurrency: UAH\npipelines: pipelines\n"
DEALS = """\
version: 1
pipeline: deals
title: Сделки
record: deal
stages:
  - {stage: talk, title: Обсудить условия, probability: 20, max_age: 2d}
  - {stage: won, title: Продано, outcome: won}
  - {stage: lost, title: Потеряно, outcome: lost}
reasons: {list: lost_reason}
"""


@pytest.fixture
def deals() -> str:
    """Return the text of a pipeline of deals."""
    return DEALS


@pytest.fixture
def make_workspace(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a workspace: lines added to crmctl.yaml, and files by path."""

    def make(added: str = "", files: Mapping[str, str] = {"pipelines/deals.yaml": DEALS}) -> Path:
        folder = tmp_path / "workspace"
        for name, text in {"crmctl.yaml": WORKSPACE + added, **files}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        return folder

    return make
