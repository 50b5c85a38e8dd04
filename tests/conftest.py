"""What all tests share: a workspace of one's own, and crmctl as it is called."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"
TALLY = "tally: "


class Ran(NamedTuple):
    """What a call of crmctl came to."""

    code: int
    out: str
    err: str


Crm = Callable[..., Ran]
Number = TypeVar("Number", int, float)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tests of reliability run long, by an option or as `make soak` asks for it."""
    parser.addoption("--soak", action="store_true", default=bool(os.environ.get("CRMCTL_SOAK")))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Print what the tests of a long run did, all of them together, wherever they ran."""
    sums = Counter[str]()
    for reports in terminalreporter.stats.values() if config.getoption("soak") else ():
        for report in reports:
            if getattr(report, "when", "") == "teardown":
                for name, value in report.user_properties:
                    sums[name] += value if name.startswith(TALLY) else 0
    if sums:
        terminalreporter.section("what was done, and what it cost")
        for name, value in sorted(sums.items()):
            if name.startswith(TALLY):
                terminalreporter.write_line(f"{value:>12,}  {name.removeprefix(TALLY)}")


@pytest.fixture(scope="session")
def amount(pytestconfig: pytest.Config) -> Callable[[Number, Number], Number]:
    """Choose how much a test does: the first in the usual run, the second in a long one."""
    return lambda usual, long: long if pytestconfig.getoption("soak") else usual


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Callable[..., None]]:
    """Count what a test did, for the sums of a long run: `tally("commits", 500)`."""
    counted = Counter[str]()

    def count(what: str, number: int = 1) -> None:
        counted[TALLY + what] += number

    yield count
    request.node.user_properties.extend(counted.items())


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the machine's environment would say to crmctl."""
    for name in [name for name in os.environ if name.startswith("CRMCTL_")]:
        monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CRMCTL_USER", "anna")


@pytest.fixture
def crm(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Crm:
    """Call crmctl in this process; `stdin` is what it reads."""
    from crmctl.cli.main import run

    def call(*argv: str, stdin: str | None = None) -> Ran:
        import io

        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
        capsys.readouterr()
        code = run(argv)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return call


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm: Crm) -> Path:
    """A workspace from the template `trade`, in which the test stands."""
    monkeypatch.chdir(tmp_path)
    assert crm("init", "--template", "trade", "-q").code == 0
    return tmp_path


@pytest.fixture
def shell_script(tmp_path: Path) -> Callable[[Path, str], Path]:
    """Write an executable shell script and return its path; `$OUT` is the folder of the test."""

    def write(path: Path, script: str) -> Path:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\nOUT='{tmp_path}'\n{script}\n", "utf-8")
        path.chmod(0o700)
        return path

    return write


@pytest.fixture(scope="session")
def bare_configuration() -> Callable[..., Any]:
    """Make a configuration of pipelines, a list `ways`, and the own fields of deals, of which `way` has that list."""
    from crmctl.model.configuration import Configuration
    from crmctl.model.field import Field
    from crmctl.model.records import RecordType
    from crmctl.model.standard_fields import STANDARD_FIELDS

    def make(pipelines: tuple[Any, ...], ways: Any, *fields: Any, **more: Any) -> Configuration:
        own = {RecordType.DEAL: (Field("way", "list", choices=ways), *fields)}
        return Configuration(
            name="x",
            currency="UAH",
            mode="leads",
            timezone="UTC",
            phone_region="",
            database="crm.json",
            fields={kind.value: (*found, *own.get(kind, ())) for kind, found in STANDARD_FIELDS.items()},
            pipelines=pipelines,
            lists={"ways": ways},
            **more,
        )

    return make


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with crmctl as a program, for the PATH of real processes."""
    folder = tmp_path_factory.mktemp("bin")
    script = folder / "crmctl"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m crmctl "$@"\n')
    script.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def shell(program: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a shell command with crmctl on the PATH; output and errors come together, as on a terminal."""

    def call(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", command],
            cwd=folder,
            env={
                **os.environ,
                "PATH": f"{program}:{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    return call
