"""F08 and F09: a lock whose holder was killed, whose file was deleted, or on a file system that has none."""

import fcntl
import os
import signal
import subprocess
from pathlib import Path

import pytest

from crmctl.storage.place import warnings

KILLED = """
import os, signal, sys
from crmctl.cli.main import main
from crmctl.storage.files import Files
def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)
Files.{call} = killed
sys.argv[0] = "crmctl"
main()
"""


@pytest.mark.parametrize("call", ["write_all", "fsync", "rename", "link"])
def test_f08_a_killed_writer_blocks_nobody_and_leaves_nothing(
    workspace: Path, process, crm, records, call: str
) -> None:
    crm("create", "lead", "before")
    before = (workspace / "crm.json").read_bytes()
    ran = process("create", "lead", "A", script=KILLED.format(call=call))
    assert ran.code == -signal.SIGKILL
    assert (workspace / "crm.json").read_bytes() == before
    assert (workspace / "crm.json.lock").exists()
    assert crm("db", "check").code == 0
    assert process("create", "lead", "B", "--lock-timeout", "0").code == 0
    assert [lead["title"] for lead in records()] == ["before", "B"]
    assert list(workspace.glob(".*.tmp")) == []


HOLDING = """
import sys, time
from crmctl.cli.main import main
from crmctl.storage.files import Files
def held(*_):
    print("held", flush=True)
    time.sleep(60)
Files.rename = held
sys.argv[0] = "crmctl"
main()
"""


def test_f08_who_waits_is_told_of_the_holder_and_not_of_its_data(
    workspace: Path, started, crm, refused
) -> None:
    holding = started("create", "lead", "Secret Name", script=HOLDING)
    assert holding.stdout.readline() == "held\n"
    waiting = started("create", "lead", "B")
    holder = f"process {holding.pid} on {os.uname().nodename} (crmctl create)"
    assert f"waiting for {holder}" in waiting.stderr.readline()
    err = refused("create", "lead", "A", "--lock-timeout", "0", code=5)
    assert f"is locked by {holder}" in err
    assert "Secret" not in err
    holding.kill()
    assert waiting.wait(30) == 0


HELD_BY_A_CHILD = """
import subprocess, sys
from crmctl.cli.main import main
from crmctl.storage.files import Files
real = Files.rename
def beside(*arguments):
    # A program that outlives the command, as one started by a hook would.
    print(subprocess.Popen(["sleep", "60"], close_fds=False, stdout=subprocess.DEVNULL).pid, flush=True)
    return real(*arguments)
Files.rename = beside
sys.argv[0] = "crmctl"
main()
"""


def test_f08_a_program_that_a_command_started_does_not_hold_its_lock(
    workspace: Path, started, process
) -> None:
    holding = started("create", "lead", "A", "-q", script=HELD_BY_A_CHILD)
    child = int(holding.stdout.readline())
    try:
        assert holding.wait(30) == 0
        assert process("create", "lead", "B", "--lock-timeout", "0").code == 0
    finally:
        os.kill(child, signal.SIGKILL)


def test_f09_a_lock_file_that_was_deleted_is_no_lock(workspace: Path, started, crm, records) -> None:
    path = workspace / "crm.json.lock"
    with path.open("r+") as old:
        fcntl.flock(old, fcntl.LOCK_EX)
        waiting = started("create", "lead", "A")
        assert "waiting for " in waiting.stderr.readline()
        path.unlink()
        assert waiting.wait(30) == 0
        with path.open("r+") as new:
            fcntl.flock(new, fcntl.LOCK_EX)
            assert crm("create", "lead", "B", "--lock-timeout", "0").code == 5
        assert crm("create", "lead", "C", "--lock-timeout", "0").code == 0
    assert [lead["title"] for lead in records()] == ["A", "C"]


GOING_ON = """
import sys
from crmctl.cli.main import main
from crmctl.storage.files import Files
real = Files.{call}
def held(*arguments):
    print("held", flush=True)
    sys.stdin.readline()
    return real(*arguments)
Files.{call} = held
sys.argv[0] = "crmctl"
main()
"""


@pytest.mark.parametrize("call", ["fsync", "link", "rename"])
def test_f09_a_writer_whose_lock_file_was_deleted_loses_nothing_of_another(
    workspace: Path, started, crm, records, call: str
) -> None:
    """The one has read, checked and is about to write when the lock file goes; the other then has a lock, too."""
    crm("create", "lead", "before")
    first = started("create", "lead", "A", script=GOING_ON.format(call=call), stdin=subprocess.PIPE)
    assert first.stdout.readline() == "held\n"
    (workspace / "crm.json.lock").unlink()
    second = crm("create", "lead", "B")
    _, err = first.communicate("\n" * 9, timeout=30)
    codes = (first.returncode, second.code)
    there = [lead["title"] for lead in records()]
    assert there == ["before", *(["A"] if codes[0] == 0 else []), *(["B"] if codes[1] == 0 else [])]
    assert codes in [(0, 5), (6, 0)], (err, second.err)
    assert crm("create", "lead", "C").code == 0
    assert crm("db", "check").code == 0


@pytest.mark.parametrize(
    "kind", ["nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "fuse.rclone", "fuse.gocryptfs"]
)
def test_f09_a_file_system_over_a_network_is_told(workspace: Path, kind: str) -> None:
    """What `db check` tells; the file systems that are mounted are handed in."""
    mounts = f"root / ext4 rw 0 0\nserver {workspace} {kind} rw 0 0\n"
    told = [each for each in warnings(workspace / "crm.json", mounts=mounts) if "network" in each]
    assert told == [
        f"{workspace}/crm.json is on a network or synchronised file system ({kind}), where locks may not hold"
    ]
    assert not any(
        "network" in each for each in warnings(workspace / "crm.json", mounts="root / ext4 rw 0 0\n")
    )
