"""Any call that changes a file fails, or is the last before a kill: the old state or the new, no third."""

import errno
import os
import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from crmctl.errors import StoreUnreadable
from crmctl.model.records import Record, RecordType
from crmctl.storage.check import check
from crmctl.storage.files import Files
from crmctl.storage.open import create_store
from crmctl.storage.store import FileStore

CALLS = (
    "open_new",
    "open_alone",
    "adopt",
    "write_all",
    "truncate",
    "fsync",
    "close",
    "rename",
    "link",
    "unlink",
    "make_folder",
    "fsync_folder",
)
MOST_CALLS = 20


class Faulty(Files):
    """The file system of which call number `at` fails, and with `for_ever` every one after it."""

    def __init__(self, at: int, fault: Callable[[], None], *, for_ever: bool = False) -> None:
        self.calls = 0
        self.faults = 0
        self.failed = ""
        self._at = at
        self._fault = fault
        self._for_ever = for_ever

    def strike(self, name: str) -> None:
        self.calls += 1
        if self.calls == self._at or (self._for_ever and self.calls > self._at):
            self.faults += 1
            self.failed = self.failed or name
            self._fault()


def _striking(name: str) -> Callable[..., object]:
    def call(self: Faulty, *arguments: object) -> object:
        if name == "write_all":
            # What fails while writing has written something.
            os.write(arguments[0], b"half a file")  # type: ignore[arg-type]
        if name == "close":
            os.close(arguments[0])  # type: ignore[arg-type]
            self.strike(name)
            return None
        self.strike(name)
        if name == "write_all":
            os.ftruncate(arguments[0], 0)  # type: ignore[arg-type]
            os.lseek(arguments[0], 0, os.SEEK_SET)  # type: ignore[arg-type]
        return getattr(Files, name)(self, *arguments)

    return call


for _name in CALLS:
    setattr(Faulty, _name, _striking(_name))


def failing(code: int) -> Callable[[], None]:
    def fail() -> None:
        raise OSError(code, os.strerror(code))

    return fail


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(scope="module")
def eleven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of eleven generations, so that a commit has a backup to prune."""
    folder = tmp_path_factory.mktemp("eleven")
    store = create_store(folder / "crm.json", backups=folder / "backups")
    for number in range(1, 12):
        with store.write() as writer:
            writer.put(Record({"id": f"D-{number}", "record": "deal", "stage": "new"}))
            writer.commit()
    return folder


@pytest.fixture
def store(eleven: Path, tmp_path: Path) -> FileStore:
    shutil.copytree(eleven, tmp_path / "store")
    return FileStore(tmp_path / "store" / "crm.json", backups=tmp_path / "store" / "backups")


def give_second_names(store: FileStore) -> None:
    """Let every backup be somebody else's, too, so that none may be written over."""
    assert store.backups is not None
    for kept in store.backups.all():
        with suppress(FileExistsError):
            kept.path.with_name(f"mine.{kept.path.name}").hardlink_to(kept.path)


@pytest.fixture(params=["small", "large", "with backups that have second names"])
def of_any_kind(request: pytest.FixtureRequest, store: FileStore) -> FileStore:
    """The store; or one so large that it is read on another thread; or one that finds no file to write over."""
    if request.param.startswith("with"):
        give_second_names(store)
    if request.param == "large":
        with store.write() as writer:
            for number in range(1, 90):
                writer.put(Record({"id": f"L-{number}", "record": "lead", "comment": "x" * 60_000}))
            writer.commit()
    return store


def change(store: FileStore) -> None:
    """Create, edit and delete in one commit."""
    with store.write() as writer:
        writer.put(Record({"id": writer.new_id(RecordType.DEAL), "record": "deal", "stage": "made"}))
        writer.put(Record({"id": "D-2", "record": "deal", "stage": "edited"}))
        writer.discard("D-3")
        writer.commit()


def changed(store: FileStore) -> bool:
    """Tell whether the change is there, and that nothing is half done."""
    state = store.read()
    found = [record.stage for record in state.records(RecordType.DEAL)]
    trash = [record.id for record in state.trash()]
    before, after = ["new"] * 11, ["new", "edited", *["new"] * 8, "made"]
    assert (found, trash) in [(before, []), (after, ["D-3"])]
    assert check(store.path) == []
    return found == after


def temporary(store: FileStore) -> list[Path]:
    return list(store.path.parent.rglob(".*.tmp"))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
@pytest.mark.parametrize("at", range(1, MOST_CALLS))
def test_a_call_that_fails_once_leaves_the_old_state_or_the_new(
    of_any_kind: FileStore, tally, code: int, at: int
) -> None:
    store, files = of_any_kind, Faulty(at, failing(code))
    broken = FileStore(store.path, backups=store.backups and store.backups.folder, files=files)
    before = store.path.read_bytes()
    told = ""
    try:
        change(broken)
    except StoreUnreadable as error:
        told = error.message
        assert os.strerror(code).lower() in told
    tally("write errors", files.faults)
    if changed(store):
        assert not told or "was written, but may not outlast a power cut" in told
    else:
        assert "nothing was changed" in told
        assert store.path.read_bytes() == before
    assert temporary(store) == [] or files.failed == "unlink"


@pytest.mark.parametrize("at", range(1, MOST_CALLS))
def test_calls_that_fail_for_ever_leave_the_old_state_or_the_new(store: FileStore, tally, at: int) -> None:
    files = Faulty(at, failing(errno.EIO), for_ever=True)
    broken = FileStore(store.path, backups=store.backups and store.backups.folder, files=files)
    try:
        change(broken)
    except StoreUnreadable:
        assert not changed(store) or files.failed == "fsync_folder"
    assert changed(store) or files.faults
    tally("write errors", files.faults)
    change(store)
    assert temporary(store) == []


def test_every_kind_of_call_was_among_those_that_failed(store: FileStore) -> None:
    names = set()
    for prepare in (FileStore.read, give_second_names):
        for at in range(1, MOST_CALLS):
            prepare(store)
            change(store)
            files = Faulty(at, failing(errno.EIO))
            broken = FileStore(store.path, backups=store.backups and store.backups.folder, files=files)
            with suppress(StoreUnreadable):
                change(broken)
            names.add(files.failed)
        assert files.failed == "", "the last numbers met no call any more: every call was met"
    assert names == {"", *CALLS}


@pytest.mark.parametrize("at", range(1, MOST_CALLS))
def test_a_kill_at_any_call_leaves_the_old_state_or_the_new(store: FileStore, tally, at: int) -> None:
    child = os.fork()
    if child == 0:
        files, code = Faulty(at, killed), 1
        try:
            change(FileStore(store.path, backups=store.backups and store.backups.folder, files=files))
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    acknowledged = status == 0
    assert acknowledged or os.WTERMSIG(status) == signal.SIGKILL
    assert changed(store) or not acknowledged
    tally("kills at a call", not acknowledged)
    change(store)
    assert temporary(store) == []


def test_a_new_store_on_a_full_disk_is_not_made_at_all(tmp_path: Path) -> None:
    for at in range(1, MOST_CALLS):
        path = tmp_path / f"{at}.json"
        files = Faulty(at, failing(errno.ENOSPC))
        try:
            FileStore(path, files=files).create()
        except StoreUnreadable:
            assert not path.exists() or files.failed == "fsync_folder"
        assert not list(tmp_path.glob(".*.tmp"))
    assert create_store(tmp_path / "last.json").read().generation == 0


def test_an_interruption_at_any_call_leaves_the_old_state_or_the_new(store: FileStore) -> None:
    def interrupt() -> None:
        signal.raise_signal(signal.SIGINT)  # to this thread, and to none of the test runner's

    for at in range(1, MOST_CALLS):
        files = Faulty(at, interrupt)
        broken = FileStore(store.path, backups=store.backups and store.backups.folder, files=files)
        before, after = store.read().generation, 0
        try:
            with broken.write() as writer:
                writer.put(Record({"id": "D-2", "record": "deal", "stage": f"edited {at}"}))
                try:
                    writer.commit()
                finally:
                    after = writer.generation
        except KeyboardInterrupt:
            pass
        assert store.read().generation == after
        assert (store.read().get("D-2").stage == f"edited {at}") == (after > before)  # type: ignore[union-attr]
        assert temporary(store) == []
