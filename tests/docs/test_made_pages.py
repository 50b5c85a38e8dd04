"""Pages of docs/ that are made from the code are what the code makes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("name", ["commands", "fields"])
def test_the_page_is_what_its_maker_writes(tmp_path: Path, name: str) -> None:
    made = tmp_path / f"{name}.md"
    subprocess.run(
        [sys.executable, ROOT / "docs" / f"make_{name}.py", made],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert made.read_text("utf-8") == (ROOT / "docs" / f"{name}.md").read_text("utf-8"), "run make docs"
