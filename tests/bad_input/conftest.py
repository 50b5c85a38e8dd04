"""What every row of docs/bad-input.md is held against: a workspace whose data file must not change."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pexpect
import pytest

ROOT = Path(__file__).parent.parent.parent

_MEASURED = """
import re, resource, sys
from pathlib import Path
from crmctl.cli.main import run
code = run(sys.argv[1:])
status = Path("/proc/self/status")
if status.exists():  # where the most that the usage tells begins with that of whoever started the process
    print(int(re.search(r"VmHWM:\\s*(\\d+)", status.read_text())[1]) // 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1 if sys.platform == "darwin" else 1024))
sys.exit(code)
"""
Unwritten = Callable[[], Any]
Put = Callable[..., str]


class Ended(NamedTuple):
    """What a process came to."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def measured() -> str:
    """A script for `process` that prints, last, how many megabytes the program took at most."""
    return _MEASURED


@pytest.fixture
def put(workspace: Path) -> Put:
    """Put a file, of text or of bytes, into the workspace and return its name."""

    def put(name: str, content: str | bytes, encoding: str = "utf-8") -> str:
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return name

    return put


@pytest.fixture
def unwritten(workspace: Path) -> Unwritten:
    """Hold the data file and the files beside it against what they were when the block began."""

    def state() -> tuple[str, set[str]]:
        data = workspace / "crm.json"
        found = sha256(data.read_bytes()).hexdigest() if data.exists() else ""
        return found, {path.name for path in workspace.iterdir()}

    @contextmanager
    def unwritten() -> Iterator[None]:
        before = state()
        yield
        assert state() == before

    return unwritten


@pytest.fixture
def refused(crm, unwritten) -> Callable[..., str]:
    """Call crmctl, which must refuse with this exit code and write nothing; returns what it said."""

    def call(*argv: str, code: int = 1, stdin: str | None = None) -> str:
        with unwritten():
            ran = crm(*argv, stdin=stdin)
        assert ran.code == code, ran.err
        assert ran.err.startswith("error: ") or "\nerror: " in ran.err
        assert "Traceback" not in ran.err
        return ran.err

    return call


@pytest.fixture
def records(crm) -> Callable[..., list[dict[str, Any]]]:
    """Return the records of a type as they are kept, in the order of their numbers."""

    def records(kind: str = "leads", *more: str) -> list[dict[str, Any]]:
        return json.loads(crm("list", kind, "-o", "json", *more).out)

    return records


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment in which crmctl runs as a process of its own."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def process(workspace: Path, environment) -> Callable[..., Ended]:
    """Run crmctl, or a script that calls it, as a process of its own."""

    def call(*argv: str, script: str = "", stdin: bytes | None = None, **more: Any) -> Ended:
        how = ["-c", script] if script else ["-m", "crmctl"]
        more = {"cwd": workspace, "env": environment, "timeout": 120, **more}
        given = {"input": stdin} if stdin is not None else {"stdin": subprocess.DEVNULL}
        ran = subprocess.run([sys.executable, *how, *argv], capture_output=True, check=False, **given, **more)
        return Ended(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    return call


@pytest.fixture
def started(workspace: Path, environment) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start crmctl as a process that goes on beside the test, and end it with the test."""
    running: list[subprocess.Popen[str]] = []

    def start(*argv: str, script: str = "", stdin: int = subprocess.DEVNULL) -> "subprocess.Popen[str]":
        how = ["-c", script] if script else ["-m", "crmctl"]
        child = subprocess.Popen(
            [sys.executable, *how, *argv],
            cwd=workspace,
            env=environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        running.append(child)
        return child

    yield start
    for child in running:
        child.kill()
        child.communicate()


@pytest.fixture
def screen(workspace: Path, environment) -> Callable[..., str]:
    """Run crmctl at a terminal and return the characters that reached it."""

    def show(*argv: str) -> str:
        child = pexpect.spawn(
            sys.executable,
            ["-m", "crmctl", *argv],
            cwd=workspace,
            env={**environment, "TERM": "xterm", "NO_COLOR": "1", "PAGER": "cat"},
            encoding="utf-8",
            dimensions=(200, 200),
            timeout=30,
        )
        child.expect(pexpect.EOF)
        shown = child.before
        child.close()
        return shown

    return show
