"""Every session shown in the README, in docs/, in examples/ and beside this file is run, and says what it shows.

A session is the `console` blocks of one page, run in one empty folder: `$` lines are commands, the lines below
are what they print, `[exit 1]` is an exit code that is not 0, and a line of `...` stands for any lines.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted(
    page
    for pattern in ("README.md", "docs/**/*.md", "examples/**/*.md", "tests/transcripts/*.md")
    for page in ROOT.glob(pattern)
    if "```console" in page.read_text("utf-8")
)
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
NOW = "2026-11-21T10:00:00+02:00"


class Step(NamedTuple):
    """A command and what it must print."""

    command: str
    expected: str


def steps(page: Path) -> Iterator[Step]:
    text = "".join(match[1] for match in BLOCK.finditer(page.read_text("utf-8")))
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        while command.endswith("\\"):
            more, _, expected = expected.partition("\n")
            command = f"{command}\n{more.removeprefix('> ')}"
        yield Step(command, expected.strip("\n"))


def matches(expected: str, printed: str) -> bool:
    parts = [re.escape(part) for part in re.split(r"^\.\.\.$", expected, flags=re.MULTILINE)]
    return re.fullmatch("(?s:.*)".join(parts), printed) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_session_says_what_the_page_shows(
    page: Path, tmp_path: Path, shell: Callable[..., CompletedProcess[str]]
) -> None:
    folder = tmp_path
    for step in steps(page):
        if step.command.startswith("cd "):
            folder = folder / step.command.removeprefix("cd ")
            assert folder.is_dir(), step.command
            continue
        own = {"CRMCTL_NOW": NOW, "CRMCTL_USER": "anna", "XDG_CONFIG_HOME": str(tmp_path / ".config")}
        ran = shell(step.command, folder, **own, TZ="UTC")
        lines = [line.rstrip() for line in ran.stdout.splitlines()]
        if ran.returncode:
            lines.append(f"[exit {ran.returncode}]")
        printed = "\n".join(lines).strip("\n")
        assert matches(step.expected, printed), (
            f"$ {step.command}\n--- printed ---\n{printed}\n--- shown ---\n{step.expected}"
        )
