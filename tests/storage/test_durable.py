"""Replacing the data file: what is flushed, what is left behind, and what a full or forbidding disk does."""

import errno
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from crmctl.errors import StoreUnreadable
from crmctl.model.records import Record
from crmctl.storage.files import Files
from crmctl.storage.store import FileStore


@pytest.fixture
def store(store: FileStore) -> FileStore:
    change(store, "old")
    return store


def change(store: FileStore, stage: str = "new") -> None:
    with store.write() as writer:
        writer.put(Record({"id": "D-1", "record": "deal", "stage": stage}))
        writer.commit()


def changed(store: FileStore) -> bool:
    found = store.read().get("D-1")
    return found is not None and found.stage == "new"


def temporary(store: FileStore) -> list[Path]:
    return list(store.path.parent.glob(".*.tmp"))


def test_a_copy_where_there_are_no_lists_of_rights_gives_nobody_more(
    store: FileStore, let_somebody_read: Callable[[Path], bytes]
) -> None:
    """A pipe stands for a file on such a disk: the system answers for both that it knows no lists."""
    let_somebody_read(store.path)
    for handle in (ends := os.pipe()):
        Files().adopt(handle, store.path)
    assert [os.fstat(handle).st_mode & 0o777 for handle in ends] == [0o600, 0o600]
    for handle in ends:
        os.close(handle)


def test_a_list_of_rights_goes_over_to_the_new_content_and_gives_nobody_more(
    store: FileStore, let_somebody_read: Callable[[Path], bytes]
) -> None:
    rights = let_somebody_read(store.path)
    mode = store.path.stat().st_mode
    for stage in ("new", "newer"):
        change(store, stage)
        assert os.getxattr(store.path, "system.posix_acl_access") == rights
        assert store.path.stat().st_mode == mode


def test_a_failed_fsync_is_not_tried_again(store: FileStore) -> None:
    class Counting(Files):
        flushed = 0

        def fsync(self, handle: int) -> None:
            self.flushed += 1
            raise OSError(errno.EIO, "")

    files = Counting()
    with pytest.raises(StoreUnreadable):
        change(FileStore(store.path, files=files))
    assert files.flushed == 1


def test_backups_are_copied_where_links_do_not_work(store: FileStore) -> None:
    class WithoutLinks(Files):
        def link(self, source: Path, target: Path) -> None:
            raise OSError(errno.EXDEV, "")

    store.path.chmod(0o640)
    before = store.path.read_bytes()
    change(FileStore(store.path, backups=store.backups and store.backups.folder, files=WithoutLinks()))
    assert store.backups is not None
    newest = store.backups.all()[0]
    assert (newest.path.read_bytes(), newest.path.stat().st_mode & 0o777) == (before, 0o640)


@pytest.mark.parametrize("links", [True, False])
def test_commits_that_fail_leave_no_backups(store: FileStore, links: bool) -> None:
    class Immutable(Files):
        def rename(self, source: Path, target: Path) -> None:
            if target == store.target:
                raise OSError(errno.EPERM, "")
            super().rename(source, target)

        def link(self, source: Path, target: Path) -> None:
            if not links:
                raise OSError(errno.EPERM, "")
            super().link(source, target)

    assert store.backups is not None
    before = store.backups.all()
    broken = FileStore(store.path, backups=store.backups.folder, files=Immutable())
    for _ in range(2):
        with pytest.raises(StoreUnreadable, match="operation not permitted"):
            change(broken)
    assert store.backups.all() == before


def test_a_data_file_that_somebody_takes_away_meanwhile_is_told_and_its_backup_stays(
    store: FileStore,
) -> None:
    class TakenAway(Files):
        def link(self, source: Path, target: Path) -> None:
            super().link(source, target)
            source.unlink()

    before = store.path.read_bytes()
    assert store.backups is not None
    with pytest.raises(StoreUnreadable, match="another program changed"):
        change(FileStore(store.path, backups=store.backups.folder, files=TakenAway()))
    assert store.backups.all()[0].path.read_bytes() == before
    assert temporary(store) == []


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(store: FileStore) -> None:
    """A limit of the file size makes the system write in part, then refuse: Python ignores its signal."""
    before = store.path.read_bytes()
    child = os.fork()
    if child == 0:
        told = False
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))
            change(store)
        except StoreUnreadable as error:
            told = "nothing was changed" in error.message
        finally:
            os._exit(0 if told else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert (store.path.read_bytes(), temporary(store)) == (before, [])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to_is_refused(store: FileStore) -> None:
    store.path.parent.chmod(0o500)
    try:
        with pytest.raises(StoreUnreadable, match="permission denied"):
            change(store)
    finally:
        store.path.parent.chmod(0o700)
    assert not changed(store)


def test_an_interrupted_commit_that_was_in_time_is_in_place(store: FileStore) -> None:
    class Interrupted(Files):
        def rename(self, source: Path, target: Path) -> None:
            signal.raise_signal(signal.SIGINT)
            super().rename(source, target)

    with pytest.raises(KeyboardInterrupt):
        change(FileStore(store.path, files=Interrupted()))
    assert changed(store)
