"""Every command that writes is killed at each of its calls that change a file, and each call fails in turn.

By strace, in real processes: what the store's own layer does not know, such as an export, is struck as well. The
usual run strikes a few calls of a few commands; the long one all of all.
"""

import errno
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

CHANGING = (
    "?open,openat,?creat,write,pwrite64,writev,ftruncate,?chmod,fchmod,fchmodat,?chown,fchown,fchownat,fsync,"
    "fdatasync,?rename,?renameat,renameat2,?link,linkat,?symlink,symlinkat,?unlink,unlinkat,?mkdir,mkdirat,?rmdir,"
    "utimensat,flock,fcntl,exit_group"
)
TO_WRITE = re.compile(r"O_(WRONLY|RDWR|CREAT|TRUNC)|F_SETLK|^(?!open|fcntl)")


def may_trace() -> bool:
    if not shutil.which("strace"):
        return False
    return (
        subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0
    )


pytestmark = pytest.mark.skipif(not may_trace(), reason="no strace, or it may not trace here")


class Call(NamedTuple):
    """The n-th call of a name, as strace counts, and how it reads."""

    name: str
    number: int
    text: str

    def struck(self, how: str) -> tuple[str, ...]:
        """Return the words that make strace strike at this call."""
        inject = f"inject={self.name}:{how}:when={self.number}"
        return ("strace", "-o", os.devnull, "-e", f"trace={self.name}", "-e", inject)


def calls_of(log: str) -> list[Call]:
    """Return the calls that change a file, and the end."""
    counted, found = Counter[str](), []
    for line in log.splitlines():
        name = line.partition("(")[0]
        counted[name] += 1
        if TO_WRITE.search(line):
            found.append(Call(name, counted[name], line))
    return [call for call in found if '"/dev/' not in call.text and "(" in call.text]


class Trial:
    """A command, the state it is to make, and the calls on the way."""

    def __init__(self, tools: "Tools", command) -> None:
        self.tools = tools
        self.command = command
        self.old = tools.state(tools.made("old", command))
        folder, log = tools.made("new", command), tools.scratch / "log"
        self.clean = tools.crmctl(
            folder, *command.argv, under=("strace", "-o", str(log), "-s", "40", "-e", f"trace={CHANGING}")
        )
        assert self.clean.code == command.code
        self.new = tools.state(folder)
        self.calls = calls_of(log.read_text(errors="replace"))
        assert len(self.calls) > 5

    def strike(self, name: str, call: Call, how: str) -> tuple[Path, object]:
        """Strike at a call; afterwards every file is the old one or the new, and the command can be run again."""
        folder = self.tools.made(name, self.command)
        ran = self.tools.crmctl(folder, *self.command.argv, under=call.struck(how))
        found = self.tools.state(folder)
        where = f"{how} at {call.text}: {ran}"
        for file in {*found, *self.old, *self.new}:
            assert found.get(file) in (self.old.get(file), self.new.get(file)), f"{file}, {where}"
        if ran.code == self.command.code or (self.clean.out and ran.out == self.clean.out):
            self.tools.tally("commits acknowledged")
            self.tools.tally("acknowledged changes lost", found != self.new)
            assert found == self.new, where
        return folder, ran

    def go_on(self, folder: Path, call: Call) -> None:
        """Run the command again where it was not done, else another: all is well, and nothing is left lying."""
        again = self.tools.state(folder) != self.new
        ran = self.tools.here(folder, *(self.command.argv if again else ("create", "lead", "Next")))
        assert ran.code == (self.command.code if again else 0), (call.text, ran)
        assert not again or self.tools.state(folder) == self.new, call.text
        assert self.tools.here(folder, "db", "check").code == 0
        assert self.tools.temporary(folder) == [], call.text
        shutil.rmtree(folder)


class Tools(NamedTuple):
    """What a trial works with."""

    made: Callable[..., Path]
    crmctl: Callable[..., object]
    here: Callable[..., object]
    state: Callable[..., object]
    temporary: Callable[..., list[str]]
    tally: Callable[..., None]
    scratch: Path


@pytest.fixture
def trial(made, crmctl, here, state, temporary, tally, tmp_path: Path, command) -> Trial:
    return Trial(Tools(made, crmctl, here, state, temporary, tally, tmp_path), command)


def test_a_kill_at_any_call_leaves_the_old_state_or_the_new(trial: Trial, amount, tally) -> None:
    for number, call in enumerate(trial.calls[:: amount(len(trial.calls) // 3, 1)]):
        folder, ran = trial.strike(f"killed-{number}", call, "signal=KILL")
        assert ran.code == -9, call.text
        tally("kills at a call")
        trial.go_on(folder, call)


def test_a_call_that_fails_leaves_the_old_state_or_the_new_and_says_which(
    trial: Trial, amount, tally, failure: str
) -> None:
    calls = [call for call in trial.calls if call.name != "exit_group"]
    for number, call in enumerate(calls[1 :: amount(len(calls) // 3, 1)]):
        folder, ran = trial.strike(f"failed-{number}", call, f"error={failure}")
        tally("write errors")
        if ran.code != trial.command.code:
            said = os.strerror(getattr(errno, failure)).lower()
            assert (ran.code, said in ran.err.lower()) == (6, True), (call.text, ran)
            assert "this is a bug" not in ran.err
        trial.go_on(folder, call)
