"""Every command that writes is killed at each of its calls that change a file, and each call fails in turn.

By strace, in real processes: what the store's own layer does not know, such as an export, is struck as well. The
usual run strikes a few calls of a few commands; the long one all of all.
"""

import errno
import os
import re
import shutil
import signal
import subprocess
from collections import Counter
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


@pytest.fixture
def calls(trial, crmctl, made, tmp_path: Path) -> list[Call]:
    """The calls of the command on trial."""
    log = tmp_path / "log"
    under = ("strace", "-o", str(log), "-s", "40", "-e", f"trace={CHANGING}")
    crmctl(made("traced", trial.command), *trial.command.argv, under=under)
    found = calls_of(log.read_text(errors="replace"))
    assert len(found) > 5
    return found


def test_a_kill_at_any_call_leaves_the_old_state_or_the_new(trial, calls, made, amount, tally) -> None:
    for number, call in enumerate(calls[:: amount(len(calls) // 3, 1)]):
        folder = made(f"killed-{number}", trial.command)
        ran = trial.crmctl(folder, *trial.command.argv, under=call.struck("signal=KILL"))
        assert ran.code == -signal.SIGKILL, call.text
        tally("kills at a call")
        trial.holds(folder, ran, f"killed at {call.text}")
        trial.goes_on(folder, f"killed at {call.text}")
        shutil.rmtree(folder)


def test_a_call_that_fails_leaves_the_old_state_or_the_new_and_says_which(
    trial, calls, made, amount, tally, failure: str
) -> None:
    calls = [call for call in calls if call.name != "exit_group"]
    for number, call in enumerate(calls[1 :: amount(len(calls) // 3, 1)]):
        folder = made(f"failed-{number}", trial.command)
        ran = trial.crmctl(folder, *trial.command.argv, under=call.struck(f"error={failure}"))
        tally("write errors")
        trial.holds(folder, ran, f"{failure} at {call.text}")
        trial.refused(ran, os.strerror(getattr(errno, failure)).lower(), f"{failure} at {call.text}")
        trial.goes_on(folder, f"{failure} at {call.text}")
        shutil.rmtree(folder)


def test_a_workspace_that_was_started_is_on_disk_with_its_folders(crmctl, tmp_path: Path) -> None:
    log = tmp_path / "log"
    under = ("strace", "-y", "-o", str(log), "-e", "trace=?mkdir,mkdirat,fsync")
    assert crmctl(tmp_path, "init", "new/one", "--template", "b2b", under=under).code == 0
    lines = log.read_text().splitlines()
    made = [(at, Path(line.split('"')[1])) for at, line in enumerate(lines) if line.startswith("mkdir")]
    assert {path.name for _, path in made} >= {"new", "one", "pipelines", "schemas"}
    for at, path in made:
        parent = (tmp_path / path).parent
        assert any(line.startswith("fsync(") and f"<{parent}>" in line for line in lines[at:]), path
