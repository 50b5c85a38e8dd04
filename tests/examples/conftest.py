"""What the examples' tests share."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def crmctl_on_path(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment whose PATH has a `crmctl` that is this checkout's."""
    folder = tmp_path_factory.mktemp("bin")
    command = folder / "crmctl"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m crmctl "$@"\n')
    command.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CRMCTL_")}
    root = str(Path(__file__).parents[2])
    return {**kept, "PATH": f"{folder}:{kept['PATH']}", "PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture
def run(tmp_path: Path, crmctl_on_path: dict[str, str]) -> Run:
    """Run a command in the test's folder and return what it came to."""

    def _run(*command: str | Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(word) for word in command],
            cwd=tmp_path,
            env=crmctl_on_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return _run
