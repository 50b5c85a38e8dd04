"""What all tests share: a workspace of one's own, and crmctl as it is called."""

import io
import os
import shutil
import socket
import subprocess
import sys
import threading
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, settings

# A machine may be busy: how long an example took, or took to be drawn, is no failure. The rest is as it was.
settings.register_profile(
    "patient", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")

ROOT = Path(__file__).parent.parent
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


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Return a folder of the data that may lie beside the checkout; where they do not, the test is skipped."""

    def find(name: str) -> Path:
        found = ROOT.parent / "shared" / "data" / name
        if not found.exists():
            pytest.skip(f"{found} is not there")
        return found

    return find


@pytest.fixture(scope="session")
def needed() -> Callable[[str], dict[str, str]]:
    """Return what a report cannot do without, by its options: something that any workspace has."""
    from crmctl.reports.asked import needed_by, options_of

    def make(name: str) -> dict[str, str]:
        known = options_of(name)
        found = {each: next(iter(known[each]), "stage") for each in needed_by(name)}
        found |= {"record": "deals"} if "record" in found else {}
        # No option, but a time has to be told: a period would do as well.
        return found | ({"since": "2020-01-01"} if "since" in known else {})

    return make


@pytest.fixture(scope="session")
def asked(needed: Callable[[str], dict[str, str]]) -> Callable[[str], tuple[str, ...]]:
    """Return what a report cannot do without as it is typed after its name."""

    def make(name: str) -> tuple[str, ...]:
        options = needed(name)
        argument = [options.pop("record")] if "record" in options else []
        return (*argument, *(word for each, text in options.items() for word in (f"--{each}", text)))

    return make


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
def book() -> Callable[..., bytes]:
    """Make a workbook of the rows of a sheet, or of several by name; a cell is a value, or its attributes and elements.

    `formats` are the codes of the styles from 1 on, `strings` the texts that cells share, `states` are of sheets by
    name; `parts` go beside or in the place of what is made, those that are None are left out.
    """
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"

    def cell(place: str, value: Any) -> str:
        if isinstance(value, dict):
            attributes = "".join(f' {name}="{value[name]}"' for name in ("t", "s") if name in value)
            return f'<c r="{place}"{attributes}>{value.get("x", "")}</c>'
        if isinstance(value, bool):
            return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
        if isinstance(value, str):
            return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return "" if value is None else f'<c r="{place}"><v>{value!r}</v></c>'

    def sheet(rows: Any) -> str:
        if isinstance(rows, str):
            return f'<worksheet xmlns="{main}">{rows}</worksheet>'
        lines = (
            f'<row r="{line}">{"".join(cell(f"{chr(65 + at)}{line}", one) for at, one in enumerate(cells))}</row>'
            for line, cells in (rows.items() if isinstance(rows, dict) else enumerate(rows, 1))
        )
        return f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>'

    def make(
        rows: Any = (),
        *,
        sheets: Any = None,
        formats: Any = (),
        strings: Any = (),
        states: Any = None,
        **more: Any,
    ) -> bytes:
        every = sheets or {"Sheet1": rows}
        listed = "".join(
            f'<sheet name="{name}" sheetId="{n}" r:id="s{n}" state="{(states or {}).get(name, "visible")}"/>'
            for n, name in enumerate(every, 1)
        )
        related = "".join(
            f'<Relationship Id="s{n}" Type="{office}/worksheet" Target="worksheets/s{n}.xml"/>'
            for n, _ in enumerate(every, 1)
        )
        codes = "".join(
            f'<numFmt numFmtId="{200 + n}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
            for n, code in enumerate(formats)
        )
        styles = "".join(f'<xf numFmtId="{200 + n}"/>' for n, _ in enumerate(formats))
        texts = "".join(
            text if text.startswith("<si") else f"<si><t>{escape(text)}</t></si>" for text in strings
        )
        epoch = '<workbookPr date1904="1"/>' if more.get("date1904") else ""
        parts = {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="a" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">{epoch}'
            f"<sheets>{listed}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{related}'
            f'<Relationship Id="x" Type="{office}/styles" Target="/xl/styles.xml"/>'
            f'<Relationship Id="y" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            "xl/styles.xml": f'<styleSheet xmlns="{main}"><numFmts>{codes}</numFmts>'
            f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
            "xl/sharedStrings.xml": f'<sst xmlns="{main}">{texts}</sst>',
            **{f"xl/worksheets/s{n}.xml": sheet(rows) for n, rows in enumerate(every.values(), 1)},
            **more.get("parts", {}),
        }
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                if content is not None:
                    archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        return out.getvalue()

    return make


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


class Rogue:
    """A mail server that says what it is told to: by verb, an answer, or what it does with the connection.

    The greeting goes by `HELLO`, the word on a letter's content by `.`; what is not told is done well.
    """

    def __init__(self, said: dict[str, Any], stalled: str) -> None:
        self.heard: list[str] = []
        self.over = threading.Event()
        self._said = {"HELLO": b"220 hi", "DATA": b"354 go", "QUIT": b"221 bye", **said}
        if stalled:
            self._said[stalled] = self._stall
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, connection.makefile("rb") as lines:
            self._answer(connection, "HELLO")
            while line := lines.readline():
                verb = line.decode("latin-1").split()[0].upper()
                self.heard.append(verb)
                self._answer(connection, verb)
                if verb == "DATA" and self._said["DATA"] == b"354 go":
                    while lines.readline() not in (b".\r\n", b""):
                        pass
                    self.heard.append(".")
                    self._answer(connection, ".")

    def _answer(self, connection: socket.socket, verb: str) -> None:
        said = self._said.get(verb, b"250 ok")
        if callable(said):
            said(connection)
        else:
            connection.sendall(said + b"\r\n")

    def _stall(self, connection: socket.socket) -> None:
        """Say nothing until the test is over."""
        self.over.wait()

    def close(self) -> None:
        """Serve nobody any more."""
        self.over.set()
        self._listening.close()


@pytest.fixture
def rogue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., Rogue]]:
    """Start a server that answers as told, and let the environment name it; to `stalled` it says nothing."""
    running: list[Rogue] = []

    def start(said: dict[str, Any] | None = None, stalled: str = "") -> Rogue:
        server = Rogue(said or {}, stalled)
        running.append(server)
        for name, value in (("HOST", "127.0.0.1"), ("PORT", str(server.port)), ("TLS", "none")):
            monkeypatch.setenv(f"CRMCTL_SMTP_{name}", value)
        monkeypatch.setenv("CRMCTL_SMTP_FROM", "anna@example.com")
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        return server

    yield start
    for server in running:
        server.close()
