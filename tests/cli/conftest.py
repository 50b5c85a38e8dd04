"""What the tests of the command line share: changing the configuration of the workspace they stand in."""

from collections.abc import Callable
from pathlib import Path

import pytest

Edit = Callable[[str, str, str], None]


@pytest.fixture
def edit() -> Edit:
    """Replace text in a file of the present folder: a file, what is there, what is to stand there."""

    def replace(name: str, old: str, new: str) -> None:
        path = Path(name)
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return replace
