"""A large file can be looked at while it is read, and whatever keeps it from being read is told."""

import errno
import os
import signal
from io import FileIO
from pathlib import Path
from threading import Thread

import pytest

from crmctl.errors import StoreUnreadable
from crmctl.model.records import Record, RecordType
from crmctl.storage.arriving import Arriving
from crmctl.storage.beside import begin
from crmctl.storage.lines import empty
from crmctl.storage.meta import Damage
from crmctl.storage.parsing import parse_arriving
from crmctl.storage.reader import FileReader

MEGABYTE = 1024 * 1024


class FailingDisk(FileIO):
    """A file of which only the first bytes can be read."""

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self.tell() > 0:
            raise OSError(errno.EIO, "Input/output error")
        return super().readinto(buffer)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A data file of some nine megabytes."""
    file = empty()
    for number in range(1, 301):
        file.put("leads", number, {"id": f"L-{number}", "record": "lead", "comment": "x" * 30_000})
    found = tmp_path / "crm.json"
    found.write_bytes(b"".join(file.render(1)))
    return found


def told(fault: Damage | OSError) -> Exception:
    return StoreUnreadable(str(fault))


def read(file: FileIO, size: int) -> FileReader:
    return FileReader(parse_arriving(Arriving(file, size), told))


def test_what_has_arrived_is_decoded_and_the_rest_waited_for(path: Path) -> None:
    state = read(FileIO(path), path.stat().st_size)
    ids = [row.f_id for row in state.scan(RecordType.LEAD, ("id",))]
    assert ids == [f"L-{number}" for number in range(1, 301)]
    assert isinstance(state.get("L-300"), Record)


def test_a_disk_that_fails_on_the_way_is_told_by_every_look(path: Path) -> None:
    state = read(FailingDisk(path), path.stat().st_size)
    with pytest.raises(StoreUnreadable, match="Input/output error"):
        state.scan(RecordType.LEAD, ("id",))
    with pytest.raises(StoreUnreadable, match="Input/output error"):
        state.get("L-1")


def test_a_file_that_became_shorter_since_is_damaged_and_not_waited_for(path: Path) -> None:
    size = path.stat().st_size
    os.truncate(path, size - 3 * MEGABYTE)
    state = read(FileIO(path), size)
    with pytest.raises(StoreUnreadable, match="does not match its checksum"):
        state.scan(RecordType.LEAD, ("id",))


def test_no_more_is_told_to_be_there_than_was_read(path: Path) -> None:
    size = path.stat().st_size
    arriving = Arriving(FileIO(path), size + MEGABYTE)
    assert arriving.until(10**9) == size
    assert arriving.whole() == path.read_bytes()


class LittleMemory(FileIO):
    """A file that there is no room for."""

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        raise MemoryError


def test_what_is_no_fault_of_the_file_is_not_told_as_one(path: Path) -> None:
    with pytest.raises(MemoryError):
        read(LittleMemory(path), path.stat().st_size)


def test_without_a_thread_a_file_is_read_and_hashed_one_after_the_other(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more(_thread: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", no_more)
    state = read(FileIO(path), path.stat().st_size)
    assert len(state.scan(RecordType.LEAD, ("id",))) == 300


def test_what_goes_on_beside_hears_no_signal() -> None:
    held = begin(lambda: signal.pthread_sigmask(signal.SIG_BLOCK, []))()
    assert {signal.SIGINT, signal.SIGTERM, signal.SIGHUP} <= held
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
