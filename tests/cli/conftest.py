"""What the tests of the command line share: deals, changing the configuration, a mail server."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from socket import socket
from typing import Any

import pexpect
import pytest
from aiosmtpd.controller import Controller

ROOT = Path(__file__).parent.parent.parent
Edit = Callable[[str, str, str], None]
LayOut = Callable[..., None]
WHOLESALE = "pipelines/wholesale.yaml"
PLACED = "  - {stage: placed, title: Заказ внесен, probability: 60, max_age: 2d}\n"
ORDERED = ("-s", "visit_date=2026-10-01", "-s", "amount=100", "-s", "payment_details=card")


_CALLING_TASKS = """
version: 1
templates:
  call: {title: Звонок, type: call, due: +1d, results: [think, call_back, ordered]}
  offer: {title: Выслать предложение, type: client, due: +2d, results: [ordered]}
results:
  think: {title: Думает, next: {task: call, due: +3d, assignee: oleg}}
  call_back: {title: Перезвонить, require: [due], next: {task: same, due: due}}
  ordered: {title: Заказал, ends: sale}
"""
_CALLING = """
version: 1
name: Test
currency: UAH
mode: deals
pipelines: pipelines
tasks: tasks.yaml
users: [{id: anna}, {id: oleg}]
lists: {lost_reason: [price]}
"""
_CALLING_DEALS = """
version: 1
pipeline: deals
record: deal
stages:
  - {stage: first, on_enter: [{task: call}]}
  - {stage: won, outcome: won}
  - {stage: lost, outcome: lost, require: [lost_reason]}
reasons: {list: lost_reason}
"""


@pytest.fixture
def edit() -> Edit:
    """Replace text in a file of the present folder: a file, what is there, what is to stand there."""

    def replace(name: str, old: str, new: str) -> None:
        path = Path(name)
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return replace


@pytest.fixture
def laid_out(tmp_path: Path, crm, monkeypatch: pytest.MonkeyPatch) -> LayOut:
    """Make a workspace of the files given, by name, with a new database, and stand in it at a known moment."""

    def lay_out(**files: str) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("CRMCTL_NOW", "2026-11-21T10:00:00+00:00")
        (tmp_path / "pipelines").mkdir()
        for name, text in files.items():
            folder = "" if name in ("crmctl", "tasks") else "pipelines"
            (tmp_path / folder / f"{name}.yaml").write_text(text, "utf-8")
        assert crm("init", "-q").code == 0

    return lay_out


@pytest.fixture
def deals(workspace: Path, crm) -> None:
    """D-1 and D-2 at visit, D-3 at placed, with a value of a list and of an own field."""
    for name in ("Acme", "Beta"):
        crm(
            "create",
            "deal",
            name,
            "--pipeline",
            "wholesale",
            "--stage",
            "visit",
            "-s",
            "visit_date=2026-10-01",
        )
    more = ("-s", "delivery=pickup", "-s", "invoice_no=17")
    crm("create", "deal", "Coda", "--pipeline", "wholesale", "--stage", "placed", *ORDERED, *more)


@pytest.fixture
def renamed(deals: None, edit: Edit) -> None:
    """Give the stage of D-1 and D-2 another id."""
    edit(
        WHOLESALE,
        "stage: visit, title: Выезд на магазин",
        "stage: meeting, moved_from: [visit], title: Встреча",
    )


@pytest.fixture
def removed(deals: None, edit: Edit) -> None:
    """Take the stage of D-3 away."""
    edit(WHOLESALE, PLACED, "")


@pytest.fixture
def begin(tmp_path: Path, crm, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Begin a workspace from a template, in which the test stands, at a known moment."""

    def start(template: str, now: str = "2026-11-21T10:00:00+02:00") -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("CRMCTL_NOW", now)
        assert crm("init", "--template", template, "-q").code == 0

    return start


@pytest.fixture
def empty_club(begin: Callable[..., None]) -> None:
    """A workspace from the template `club` without any records."""
    begin("club")


@pytest.fixture
def club(tmp_path: Path, crm, begin: Callable[..., None]) -> Path:
    """A workspace from the template `club` with one lead and a call to them, at a known moment."""
    begin("club", "2026-11-21T10:00:00+00:00")
    assert crm("create", "lead", "Ирина", "-q").code == 0
    assert crm("create", "task", "--template", "cold_call", "--for", "L-1", "-q").code == 0
    return tmp_path


@pytest.fixture
def terminal(workspace: Path, crm) -> Iterator:
    """Start crmctl at a terminal of 80 columns."""
    started: list[pexpect.spawn] = []

    def start(*argv: str) -> pexpect.spawn:
        child = pexpect.spawn(
            sys.executable,
            ["-m", "crmctl", *argv],
            cwd=workspace,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "NO_COLOR": "1"},
            encoding="utf-8",
            dimensions=(24, 80),
            timeout=20,
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.close(force=True)


@pytest.fixture
def trusting(
    workspace: Path, crm, shell_script: Callable[[Path, str], Path], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], Path]:
    """Write a hook, a shell script, and trust it; returns its path. `$OUT` is the folder above it all."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(workspace / "conf"))

    def write(name: str, script: str) -> Path:
        path = shell_script(workspace / ".crmctl" / "hooks" / name, script)
        ran = crm("hooks", "trust", name)
        assert ran.code == 0, ran.err
        return path

    return write


@pytest.fixture
def alive() -> Callable[[Path], list[str]]:
    """Return which of the processes are alive that a file names, one a line."""

    def runs(pid: str) -> bool:
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            return False
        status = Path(f"/proc/{pid}/stat")
        # One that ended and that nobody has waited for yet is no longer running.
        return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"

    def still(pids: Path) -> list[str]:
        named = pids.read_text().split()
        assert named
        return [pid for pid in named if runs(pid)]

    return still


@pytest.fixture
def outer(program: Path) -> str:
    """A shell command that calls crmctl as somebody else would, from within a program that crmctl started."""
    root = Path(__file__).parent.parent.parent
    return f"env -u CRMCTL_HOOK PYTHONPATH='{root}' '{program}/crmctl' --user oleg"


@pytest.fixture
def inner(program: Path) -> str:
    """A shell command that calls crmctl from within a program that crmctl started."""
    return f"env PYTHONPATH='{Path(__file__).parent.parent.parent}' '{program}/crmctl'"


class Office:  # its methods have the library's names
    """What a server does with letters; `cut` is the letter at which it ends the connection without a word.

    After `leave` letters it takes no more over one connection.
    """

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.content: list[bytes] = []
        self.refused: dict[str, str] = {}
        self.cut = 0
        self.leave = 0
        self.answers: list[str] = []
        self.port = 0
        self.hello = ""

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, answers: list[str]
    ) -> list[str]:
        self.hello = session.host_name = hostname
        return answers

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.leave and len(self.letters) == self.leave:
            self.leave = 0
            server.transport.close()
            return "421 enough for now"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.cut and len(self.letters) + 1 == self.cut:
            self.cut = 0
            server.transport.close()
        if self.answers:
            return self.answers.pop(0)
        self.letters += envelope.rcpt_tos if not server.transport.is_closing() else []
        self.content.append(envelope.content)
        return "250 OK"


def _free_port() -> int:
    with closing(socket()) as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@pytest.fixture
def free_port() -> int:
    """A port of the loopback interface at which nobody listens."""
    return _free_port()


Serve = Callable[..., Office]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Serve]:
    """Start a server, and let the environment name it."""
    running: list[Controller] = []

    def start(tls: str = "none", **options: Any) -> Office:
        office = Office()
        office.port = _free_port()
        controller = Controller(office, hostname="127.0.0.1", port=office.port, **options)
        controller.start()
        running.append(controller)
        for name, value in (("HOST", "127.0.0.1"), ("PORT", str(office.port)), ("TLS", tls)):
            monkeypatch.setenv(f"CRMCTL_SMTP_{name}", value)
        monkeypatch.setenv("CRMCTL_SMTP_FROM", "Анна <anna@example.com>")
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        return office

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def office(serve: Serve) -> Office:
    """A server on the loopback interface that takes all letters, openly."""
    return serve()


@pytest.fixture
def calling(laid_out: LayOut, crm) -> None:
    """D-1, a deal whose stage asked for the call T-1, in a workspace of calls and offers."""
    laid_out(crmctl=_CALLING, tasks=_CALLING_TASKS, deals=_CALLING_DEALS)
    assert crm("create", "deal", "Acme", "-q").code == 0


@pytest.fixture
def put(workspace: Path) -> Callable[..., str]:
    """Write a file of the workspace, in an encoding, and return its name."""

    def write(name: str, text: str, encoding: str = "utf-8") -> str:
        (workspace / name).parent.mkdir(exist_ok=True)
        (workspace / name).write_bytes(text.encode(encoding))
        return name

    return write
