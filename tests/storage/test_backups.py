"""Which superseded generations are kept, and which still hold a purged record."""

import errno
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.model.change import Entry
from crmctl.model.records import Record
from crmctl.storage.backups import BYTES, Backup, superfluous
from crmctl.storage.check import check
from crmctl.storage.files import Files
from crmctl.storage.store import FileStore

Add = Callable[..., str]
TODAY = date(2026, 11, 21)
MB = 1_000_000


def backup(generation: int, day: int = 0, size: int = MB) -> Backup:
    at = datetime(2026, 11, 21, 12, tzinfo=UTC) - timedelta(days=day)
    return Backup(Path(f"crm.json.{generation}"), generation, at, size)


def remaining(backups: list[Backup]) -> list[int]:
    gone = superfluous(backups, TODAY)
    return [known.generation for known in backups if known not in gone]


def test_the_last_ten_are_kept() -> None:
    assert remaining([backup(generation) for generation in range(30, 0, -1)]) == list(range(30, 20, -1))


def test_of_each_day_of_a_week_the_last_is_kept() -> None:
    today = [backup(generation) for generation in range(50, 39, -1)]
    earlier = [backup(40 - 2 * day - more, day) for day in range(1, 10) for more in (0, 1)]
    assert remaining([*today, *earlier]) == [*range(50, 40, -1), *range(38, 26, -2)]


def test_together_they_take_at_most_so_many_bytes() -> None:
    assert remaining([backup(generation, size=120 * MB) for generation in range(9, 0, -1)]) == [9, 8, 7, 6]


def test_two_are_kept_whatever_their_size() -> None:
    assert remaining([backup(generation, size=900 * MB) for generation in (3, 2, 1)]) == [3, 2]


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 300)), max_size=40))
@settings(max_examples=100)
def test_the_newest_is_always_kept_and_the_space_is_never_exceeded(found: list[tuple[int, int]]) -> None:
    days = sorted(day for day, _ in found)
    backups = [backup(100 - n, days[n], size * MB) for n, (_, size) in enumerate(found)]
    gone = superfluous(backups, TODAY)
    left = [known for known in backups if known not in gone]
    assert left[:2] == backups[:2]
    assert len(left) <= 2 or sum(known.size for known in left) <= BYTES


def test_commits_leave_the_last_ten_generations(store: FileStore, add: Add) -> None:
    for _ in range(13):
        add(store)
    assert store.backups is not None
    assert [known.generation for known in store.backups.all()] == list(range(12, 2, -1))


@pytest.fixture
def oldest(store: FileStore, add: Add, leases: None) -> Path:
    """A backup that the next commit has no room for."""
    for _ in range(10):
        add(store, comment="x" * 1000)
    assert store.backups is not None
    return store.backups.all()[-1].path


def number_of(path: Path) -> int:
    return path.stat().st_ino


def test_a_commit_is_written_over_the_backup_that_goes(store: FileStore, add: Add, oldest: Path) -> None:
    goes, kept = number_of(oldest), store.path.read_bytes()
    add(store)
    assert (number_of(store.path), oldest.exists()) == (goes, False)
    assert store.backups is not None
    assert store.backups.all()[0].path.read_bytes() == kept
    assert check(store.path) == []


def test_nothing_is_left_of_a_backup_longer_than_what_is_written_over_it(
    store: FileStore, add: Add, oldest: Path
) -> None:
    with oldest.open("ab") as file:
        file.write(b"x" * 1_000_000)
    add(store)
    assert check(store.path) == []


def test_a_backup_that_somebody_reads_is_not_written_over(store: FileStore, add: Add, oldest: Path) -> None:
    content = oldest.read_bytes()
    with oldest.open("rb") as reading:
        goes = number_of(oldest)
        add(store)
        assert (number_of(store.path) == goes, oldest.exists()) == (False, False)
        assert reading.read() == content


def test_a_backup_that_has_another_name_is_not_written_over(
    store: FileStore, add: Add, oldest: Path, tmp_path: Path
) -> None:
    content, mine = oldest.read_bytes(), tmp_path / "mine.json"
    mine.hardlink_to(oldest)
    add(store)
    assert (mine.read_bytes(), oldest.exists()) == (content, False)
    assert check(store.path) == []


def test_rights_that_somebody_had_to_a_backup_are_none_to_what_comes(
    store: FileStore, add: Add, oldest: Path, let_somebody_read: Callable[[Path], bytes]
) -> None:
    let_somebody_read(oldest)
    add(store)
    assert "system.posix_acl_access" not in os.listxattr(store.path)
    assert check(store.path) == []


def test_a_backup_that_is_a_link_is_not_written_over_where_it_leads(
    store: FileStore, add: Add, oldest: Path, tmp_path: Path
) -> None:
    content, elsewhere = oldest.read_bytes(), tmp_path / "elsewhere.json"
    oldest.rename(elsewhere)
    oldest.symlink_to(elsewhere)
    add(store)
    assert (elsewhere.read_bytes(), oldest.is_symlink()) == (content, False)
    assert check(store.path) == []


def test_a_folder_named_like_a_backup_is_left_alone(store: FileStore, add: Add, oldest: Path) -> None:
    oldest.unlink()
    oldest.mkdir()
    for _ in range(2):
        add(store)
    assert oldest.is_dir()
    assert not list(oldest.parent.glob(".*"))


def test_what_was_superseded_last_is_kept_even_if_an_old_file_was_put_there(
    store: FileStore, add: Add
) -> None:
    assert store.backups is not None
    old = store.path.read_bytes()
    for _ in range(20):
        add(store)
    store.path.write_bytes(old)
    for _ in range(3):
        present = store.path.read_bytes()
        add(store)
        assert present in [known.path.read_bytes() for known in store.backups.all()]


class Elsewhere(Files):
    """A file system on which the backups' folder is another disk: neither names nor files go there and back."""

    def link(self, source: Path, target: Path) -> None:
        raise OSError(errno.EXDEV, "")

    def rename(self, source: Path, target: Path) -> None:
        if source.parent != target.parent:
            raise OSError(errno.EXDEV, "")
        super().rename(source, target)


def test_backups_on_another_disk_are_copies_and_go_when_they_are_too_many(store: FileStore, add: Add) -> None:
    assert store.backups is not None
    apart = FileStore(store.path, backups=store.backups.folder, files=Elsewhere())
    for _ in range(13):
        add(apart)
    assert [known.generation for known in store.backups.all()] == list(range(12, 2, -1))
    assert [known.path.stat().st_nlink for known in store.backups.all()] == [1] * 10
    assert [path.name for path in store.path.parent.rglob("*.tmp")] == []
    assert check(store.path) == []


def test_other_files_in_the_folder_are_left_alone(store: FileStore, add: Add) -> None:
    assert store.backups is not None
    folder = store.backups.folder
    folder.mkdir(parents=True)
    others = [
        folder / name for name in ("crm.json", "crm.json.x.20200101T000000Z", "a.json.1.20200101T000000Z")
    ]
    for path in others:
        path.touch()
    for _ in range(13):
        add(store)
    assert all(path.exists() for path in others)


def test_the_newest_good_backup_passes_over_damaged_ones(store: FileStore, add: Add) -> None:
    for _ in range(4):
        add(store)
    assert store.backups is not None
    newest, second, third, _ = store.backups.all()
    newest.path.write_bytes(b"")
    second.path.write_bytes(second.path.read_bytes()[:-1])
    assert store.backups.newest_good() == third


def test_a_commit_that_was_stopped_before_its_rename_leaves_one_backup_of_its_generation(
    store: FileStore, add: Add
) -> None:
    assert store.backups is not None
    store.backups.keep(store.path, 0, datetime(2026, 1, 1, tzinfo=UTC))
    add(store)
    assert [known.generation for known in store.backups.all()] == [0]


def test_the_backups_that_still_hold_a_purged_record_are_named(store: FileStore) -> None:
    for number in (1, 2, 11):
        with store.write() as writer:
            writer.put(Record({"id": f"D-{number}", "record": "deal"}))
            writer.add_history(
                [Entry(f"D-{number}", 0, "2026-01-02T03:04:05Z", "anna", "create", note="Ann")]
            )
            writer.commit()
    with store.write() as writer:
        writer.discard("D-1")
        writer.commit()
    with store.write() as writer:
        writer.purge("D-1")
        writer.commit()
    with store.write() as writer:
        writer.put(Record({"id": "D-12", "record": "deal"}))
        writer.commit()
    assert store.backups is not None
    generations = {known.path: known.generation for known in store.backups.all()}
    assert [generations[path] for path in store.backups.holding(["D-1"])] == [4, 3, 2, 1]
    assert [generations[path] for path in store.backups.holding(["D-11"])] == [5, 4, 3]


def test_what_a_writer_killed_while_copying_left_is_cleared(store: FileStore, add: Add) -> None:
    add(store)
    assert store.backups is not None
    left = store.backups.folder / ".crm.json.7.20261121T120000Z.0123456789abcdef.tmp"
    left.touch()
    add(store)
    assert not left.exists()


def test_a_damaged_backup_that_names_a_purged_record_counts_as_holding_it(store: FileStore, add: Add) -> None:
    add(store)
    add(store)
    assert store.backups is not None
    newest = store.backups.all()[0].path
    newest.write_bytes(newest.read_bytes()[1:])
    assert store.backups.holding(["D-1", "D-9"]) == {newest: ["D-1"]}
