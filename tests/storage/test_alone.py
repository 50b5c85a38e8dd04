"""Who is found alone with a file, and what comes to those who are not."""

import fcntl
import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from crmctl.storage.alone import is_alone
from crmctl.storage.files import FILES

pytestmark = pytest.mark.usefixtures("leases")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    return path


def test_who_comes_upon_a_file_while_that_is_asked_ends_nobody(path: Path) -> None:
    asking = os.fork()
    if asking == 0:
        handle = os.open(path, os.O_WRONLY)
        while True:
            with suppress(OSError):  # one of many times the other comes in between
                is_alone(handle)
    try:
        for _ in range(20_000):
            with suppress(BlockingIOError):
                os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
    finally:
        ended = os.waitpid(asking, os.WNOHANG)
        if ended == (0, 0):
            os.kill(asking, signal.SIGKILL)
            os.waitpid(asking, 0)
    assert ended == (0, 0)


def test_a_file_that_a_file_server_has_a_lease_on_is_not_waited_for(path: Path) -> None:
    reading = os.open(path, os.O_RDONLY)
    try:
        fcntl.fcntl(reading, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(reading, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        with pytest.raises(BlockingIOError):
            FILES.open_alone(path)
        locks = Path("/proc/locks").read_text()
        assert f":{path.stat().st_ino} " in locks, "it was taken away, which the system does after a while"
    finally:
        os.close(reading)
