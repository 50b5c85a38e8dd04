"""What the tests of the whole program's reliability share; they mirror no room, for they go through all of them.

A workspace to write to, every command that writes, and what a workspace may hold after one of them was stopped.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
MOMENT = "2026-11-21T08:00:00Z"
"""The time of every command here, so that the same command makes the same bytes."""

State = Mapping[str, bytes]


class Ended(NamedTuple):
    """What a process came to."""

    code: int
    out: str
    err: str


class Command(NamedTuple):
    """A command that writes, and what is done to the workspace before it."""

    argv: tuple[str, ...]
    before: Callable[[Path], object] = Path.exists
    code: int = 0


def _edited(folder: Path) -> None:
    path = folder / "crm.json"
    path.write_bytes(path.read_bytes().replace(b"Lead 3", b"Lead three"))


def _cut(folder: Path) -> None:
    path = folder / "crm.json"
    path.write_bytes(path.read_bytes()[:700])


def _lost(folder: Path) -> None:
    (folder / "crm.json").unlink()


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def _forgetful(folder: Path) -> None:
    shutil.rmtree(folder / ".crmctl" / "cache")


def _renamed(folder: Path) -> None:
    path = folder / "pipelines" / "leads.yaml"
    path.write_bytes(path.read_bytes().replace(b"stage: contact,", b"stage: call, moved_from: [contact],"))


COMMANDS = {
    "create": Command(("create", "lead", "New", "-s", "email=new@example.com")),
    "create-uncached": Command(("create", "lead", "New"), _forgetful),
    "update": Command(("update", "L-1", "-s", "title=Edited")),
    "edit": Command(("edit", "L-1")),
    "move": Command(("move", "L-1", "qualify")),
    "reject": Command(("reject", "L-1", "--reason", "spam")),
    "convert": Command(
        ("convert", "L-2", "--to", "contact,deal", "-s", "lead.need=A need", "-s", "company_name=Acme")
    ),
    "assign": Command(("assign", "L-1", "L-2", "L-3", "--to", "anna")),
    "assign-in-turn": Command(("assign", "L-1", "L-2", "L-3", "--round-robin", "anna,oleg")),
    "reject-blacklist": Command(("reject", "L-1", "--reason", "spam", "--blacklist")),
    "blacklist": Command(("blacklist", "add", "domain", "spam.example")),
    "note": Command(("note", "L-1", "Called")),
    "link": Command(("link", "D-1", "O-1")),
    "unlink": Command(("unlink", "D-1", "C-1")),
    "delete": Command(("delete", "L-1", "--yes")),
    "purge": Command(("delete", "L-1", "--purge", "--yes")),
    "restore": Command(("restore", "L-4")),
    "import": Command(("import", "leads", "leads.csv")),
    "import-partial": Command(
        ("import", "leads", "mixed.csv", "--partial", "--rejects", "rejects.csv"), code=7
    ),
    "import-linked": Command(("import", "deals", "deals.csv", "--on-duplicate", "update")),
    "apply": Command(("apply", "--yes"), _renamed),
    "undo": Command(("undo",)),
    "undo-run": Command(("undo", "R-1", "--yes")),
    "filter-save": Command(("filter", "leads", "stage = contact", "--save", "fresh")),
    "db-restore": Command(("db", "restore", "--yes")),
    "db-restore-damaged": Command(("db", "restore", "--yes"), _cut),
    "db-restore-lost": Command(("db", "restore", "--yes"), _lost),
    "db-check-accept": Command(("db", "check", "--accept"), _edited),
    "db-backup": Command(("db", "backup", "copy.json")),
    "export": Command(("export", "leads", "out.csv")),
    "init": Command(("init", "--template", "b2b"), _emptied),
    "init-lost": Command(("init",), _lost),
}


FEW = (
    "create-uncached",
    "convert",
    "import-partial",
    "import-linked",
    "db-restore-damaged",
    "init",
    "export",
)
"""Those that the usual run makes do with."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Hand a test each command that writes and each error that writing has, in the usual run a few."""
    soak = metafunc.config.getoption("soak")
    if "failure" in metafunc.fixturenames:
        metafunc.parametrize("failure", ["ENOSPC", "EIO", "EROFS"] if soak else ["ENOSPC"])
    if "command" in metafunc.fixturenames:
        names = COMMANDS if soak else FEW
        metafunc.parametrize("command", [COMMANDS[name] for name in names], ids=names)


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of every process here: the same bytes from the same command, nothing compiled on the way."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "CRMCTL_USER": "anna",
        "CRMCTL_NOW": MOMENT,
        "TMPDIR": str(tmp_path_factory.mktemp("tmp")),
        "EDITOR": "sed -i s/Lead/Edited/",
    }


@pytest.fixture
def crmctl(environment) -> Callable[..., Ended]:
    """Run crmctl as a process in a folder; `under` are the words of a program that runs it."""

    def call(folder: Path, *argv: str, under: tuple[str, ...] = (), **more: object) -> Ended:
        ran = subprocess.run(
            [*under, sys.executable, "-m", "crmctl", *argv],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
            **more,  # type: ignore[call-overload]
        )
        assert b"Traceback" not in ran.stderr, ran.stderr.decode()
        return Ended(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    return call


@pytest.fixture
def here(crm, monkeypatch: pytest.MonkeyPatch, environment) -> Callable[..., Ended]:
    """Run crmctl in a folder, within this process."""

    def call(folder: Path, *argv: str) -> Ended:
        monkeypatch.chdir(folder)
        for name in ("CRMCTL_NOW", "EDITOR"):
            monkeypatch.setenv(name, environment[name])
        return Ended(*crm(*argv))

    return call


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, environment) -> Path:
    """A workspace with records of four types, an import, something in the trash, and more backups than are kept."""
    folder = tmp_path_factory.mktemp("furnished")
    (folder / "leads.csv").write_text(
        "title,email\n" + "".join(f"Row {n},r{n}@example.com\n" for n in range(30))
    )
    (folder / "mixed.csv").write_text(
        "title,email\n" + "".join(f"Mix {n},{n % 3}@x.com\n" for n in range(9)) + "x,bad\n"
    )
    (folder / "first.csv").write_text("title\nOne\nTwo\n")
    (folder / "deals.csv").write_text(
        "external_id,title,contact.title,contact.email,company.title,item.product,item.price,entered.qualification\n"
        + "".join(
            f"X{n},Deal {n},P {n % 3},p{n % 3}@x.com,Co {n % 2},Lamp {n},{n + 1},2026-01-0{n + 1}\n"
            for n in range(4)
        )
        + "X9,Last,Ann,ann@example.com,Acme,,,\n"
    )
    script = """
import os, sys
from crmctl.cli.main import run
for line in sys.stdin.read().splitlines():
    assert run(line.split("|")) == 0, line
"""
    steps = [
        "init|--template|b2b",
        *(f"create|lead|Lead {number}" for number in range(1, 5)),
        "create|contact|Ann|-s|email=ann@example.com",
        "create|company|Acme",
        "create|deal|Big|-s|contact=C-1",
        "import|leads|first.csv",
        "delete|L-4|--yes",
        "update|L-3|-s|need=Much",
        "move|L-2|qualify",
    ]
    subprocess.run(
        [sys.executable, "-c", script],
        input="\n".join(steps).encode(),
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def untouched() -> Command:
    """A command that leaves everything as it is, for a workspace that is only to be there."""
    return Command(("--version",))


@pytest.fixture
def made(furnished: Path, tmp_path: Path) -> Callable[[str, Command], Path]:
    """Make a workspace of a name of its own, as it is before a command."""

    def make(name: str, command: Command) -> Path:
        folder = tmp_path / name
        shutil.copytree(furnished, folder)
        command.before(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def state() -> Callable[[Path], State]:
    """Return the files of a workspace that count.

    Not locks and caches, nor what is named by chance: the backups, and the text that somebody edited in vain.
    """

    def read(folder: Path) -> State:
        found = {}
        for path in folder.rglob("*"):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and not re.match(r"\.crmctl/((cache|backups)/|edit-)|.*\.(lock|tmp)$", name):
                found[name] = path.read_bytes()
        return found

    return read


@pytest.fixture(scope="session")
def temporary() -> Callable[[Path], list[str]]:
    """Return the temporary files in a workspace, wherever they lie."""

    def find(folder: Path) -> list[str]:
        return [path.relative_to(folder).as_posix() for path in folder.rglob(".*.tmp")]

    return find


class Trial:
    """A command to be stopped on its way, with the state before it and the one it makes."""

    def __init__(self, command: Command, request: pytest.FixtureRequest) -> None:
        get = request.getfixturevalue
        self.command = command
        self.made, self.crmctl, self.here = get("made"), get("crmctl"), get("here")
        self.state, self.temporary, self.tally = get("state"), get("temporary"), get("tally")
        self.old = self.state(self.made("old", command))
        folder = self.made("new", command)
        self.clean = self.crmctl(folder, *command.argv)
        assert self.clean.code == command.code
        self.new = self.state(folder)

    def holds(self, folder: Path, ran: Ended, where: str) -> None:
        """Every file is the old one or the new, and if the command told that it was done, the new."""
        found = self.state(folder)
        for file in {*found, *self.old, *self.new}:
            assert found.get(file) in (self.old.get(file), self.new.get(file)), (file, where, ran)
        self.tally("states looked at after a fault")
        if ran.code == self.command.code or (self.clean.out and ran.out == self.clean.out):
            self.tally("commits acknowledged")
            self.tally("acknowledged changes lost", found != self.new)
            assert found == self.new, (where, ran)

    def refused(self, ran: Ended, reason: str, where: str) -> None:
        """A command that was not done says why."""
        if ran.code != self.command.code:
            assert (ran.code, reason in ran.err.lower()) == (6, True), (where, ran)

    def goes_on(self, folder: Path, where: str) -> None:
        """The command again where it was not done, else another: all is well, and nothing is left lying."""
        again = self.state(folder) != self.new
        ran = self.here(folder, *(self.command.argv if again else ("create", "lead", "Next")))
        assert ran.code == (self.command.code if again else 0), (where, ran)
        assert not again or self.state(folder) == self.new, where
        assert self.here(folder, "db", "check").code == 0
        assert self.temporary(folder) == [], where


@pytest.fixture
def trial(command: Command, request: pytest.FixtureRequest) -> Trial:
    """A trial of each command that writes."""
    return Trial(command, request)
