"""What the tests of reports over whatever was done to records share: a workspace for each way it went."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from crmctl.cli.main import run


@pytest.fixture(scope="session")
def trading() -> Callable[[], AbstractContextManager[Path]]:
    """Stand, for a while, in a new workspace of the template `trade`: one an example, where a test has many."""

    @contextmanager
    def standing() -> Iterator[Path]:
        back = Path.cwd()
        with TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                assert run(("init", "--template", "trade", "-q")) == 0
                yield Path(folder)
            finally:
                os.chdir(back)

    return standing
