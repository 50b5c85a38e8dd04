"""The lock of writers."""

import fcntl
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crmctl.errors import LockTimeout, StoreUnreadable
from crmctl.storage.lock import locked

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from pathlib import Path
from crmctl.storage.lock import locked
with locked(Path(sys.argv[2]), timeout=5):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "crm.json"
    path.touch(0o600)
    return path


@contextmanager
def held_elsewhere(target: Path) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-c", HOLD, "import", str(target), "--owner", "Secret Name"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={"PYTHONPATH": str(ROOT)}) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_writer_is_told_who_holds_the_lock(target: Path) -> None:
    with held_elsewhere(target) as holder:
        with pytest.raises(LockTimeout) as caught, locked(target, timeout=0.05):
            pass
        assert f"locked by process {holder.pid} on {os.uname().nodename} (-c import)" in caught.value.message
        assert caught.value.exit_code == 5
        assert "try again" in str(caught.value.hint)


def test_the_lock_names_its_holder_without_what_a_command_was_given(target: Path) -> None:
    with held_elsewhere(target):
        assert "Secret" not in target.with_name("crm.json.lock").read_text()


def test_a_program_that_locks_the_file_without_a_name_is_not_called_by_the_last_one(target: Path) -> None:
    with locked(target, timeout=1):
        pass
    with target.with_name("crm.json.lock").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(LockTimeout, match="locked by another process"), locked(target, timeout=0):
            pass


def test_a_lock_whose_holder_was_killed_is_free(target: Path) -> None:
    with held_elsewhere(target) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with locked(target, timeout=5):
            pass


def test_whoever_waits_is_told_once_after_a_second(target: Path) -> None:
    told: list[str] = []
    with held_elsewhere(target) as holder:
        with pytest.raises(LockTimeout), locked(target, timeout=1.2, on_wait=told.append):
            pass
        assert told == [f"process {holder.pid} on {os.uname().nodename} (-c import)"]


def test_whoever_waits_gets_the_lock_when_it_is_released(target: Path) -> None:
    got = threading.Event()

    def wait() -> None:
        with locked(target, timeout=10):
            got.set()

    with locked(target, timeout=1):
        waiter = threading.Thread(target=wait)
        waiter.start()
        time.sleep(0.05)
        assert not got.is_set()
    waiter.join(10)
    assert got.is_set()


def test_a_lock_file_that_was_deleted_under_a_waiter_does_not_let_two_in(target: Path) -> None:
    lock = target.with_name("crm.json.lock")
    with locked(target, timeout=1):
        lock.unlink()
        with locked(target, timeout=1):
            inner = lock.stat().st_ino
        with locked(target, timeout=1):
            assert lock.stat().st_ino == inner


def test_the_lock_file_stays_and_is_its_owner_s_alone(target: Path) -> None:
    with locked(target, timeout=1):
        pass
    assert stat.S_IMODE(target.with_name("crm.json.lock").stat().st_mode) == 0o600


def test_a_group_that_may_write_the_file_may_lock_it(target: Path) -> None:
    target.chmod(0o664)
    with locked(target, timeout=1):
        assert stat.S_IMODE(target.with_name("crm.json.lock").stat().st_mode) == 0o660


def test_a_link_in_the_place_of_the_lock_file_is_not_followed(target: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    target.with_name("crm.json.lock").symlink_to(victim)
    with pytest.raises(StoreUnreadable, match="cannot lock"), locked(target, timeout=1):
        pass
    assert victim.read_text() == "precious"


def test_a_program_started_by_the_holder_does_not_inherit_the_lock(target: Path) -> None:
    with locked(target, timeout=1):
        child = subprocess.Popen(["sleep", "30"], close_fds=False)
    try:
        with locked(target, timeout=0.5):
            pass
    finally:
        child.kill()
        child.wait()
