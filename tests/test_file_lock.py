"""A file that is held by one process at a time."""

import os
import stat
from pathlib import Path
from threading import Thread

import pytest

from crmctl.file_lock import held


def taken(path: Path, flags: int = 0) -> int:
    handle = held(path, flags)
    assert handle is not None
    return handle


def test_one_holds_a_file_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = taken(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert held(path) is None
    os.close(first)
    os.close(taken(path))


def test_a_file_that_is_removed_is_held_no_more_by_who_held_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = taken(path)
    path.unlink()
    second = taken(path)
    assert held(path) is None
    os.close(first)
    assert held(path) is None
    os.close(second)


def test_of_many_that_remove_the_file_when_they_are_done_one_holds_it_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        for _ in range(200):
            handle = held(path)
            if handle is not None:
                inside.append(handle)
                most.append(len(inside))
                inside.remove(handle)
                path.unlink()
                os.close(handle)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(most) == {1}


def test_a_link_is_not_followed_and_nothing_stays_open(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(OSError, match="symbolic"):
        held(tmp_path / "lock")
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert not (tmp_path / "elsewhere").exists()


def test_a_holder_writes_behind_what_is_there_where_that_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_bytes(b"one")
    handle = taken(path, os.O_APPEND)
    os.write(handle, b"two")
    os.close(handle)
    assert path.read_bytes() == b"onetwo"
