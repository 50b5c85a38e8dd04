"""Going back to a backup, and making one by hand."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from crmctl.errors import NotFound, Refused, StoreDamaged
from crmctl.model.records import RecordType
from crmctl.storage.check import check
from crmctl.storage.restore import back_up, restore
from crmctl.storage.stats import stats
from crmctl.storage.store import FileStore

Add = Callable[..., str]


@pytest.fixture
def store(store: FileStore, add: Add) -> FileStore:
    for number in range(4):
        add(store, title=f"deal {number}")
    return store


def kept(store: FileStore, generation: int) -> Path:
    assert store.backups is not None
    (found,) = (backup.path for backup in store.backups.all() if backup.generation == generation)
    return found


def deals(store: FileStore) -> list[str]:
    return [record.id for record in store.read().records(RecordType.DEAL)]


def test_restoring_brings_the_records_back_as_a_new_generation(store: FileStore) -> None:
    assert restore(store, kept(store, 2)) == 5
    assert (deals(store), store.read().generation, check(store.path)) == (["D-1", "D-2"], 5, [])


def test_restoring_never_lowers_the_counters(store: FileStore, add: Add) -> None:
    restore(store, kept(store, 1))
    assert (store.read().was_given("D-4"), add(store)) == (True, "D-5")


def test_restoring_copies_and_does_not_link(store: FileStore) -> None:
    source = kept(store, 2)
    before = source.read_bytes()
    restore(store, source)
    store.path.write_bytes(b"spoilt")
    assert source.read_bytes() == before
    assert store.path.stat().st_ino != source.stat().st_ino


def test_a_restored_state_can_be_restored_from(store: FileStore) -> None:
    restore(store, kept(store, 1))
    restore(store, kept(store, 4))
    assert (deals(store), store.read().generation) == (["D-1", "D-2", "D-3", "D-4"], 6)


@pytest.mark.parametrize("spoilt", [b"", b"null", b"\0" * 3000])
def test_a_damaged_file_is_put_aside_and_its_ids_are_known_from_backups(
    store: FileStore, add: Add, spoilt: bytes
) -> None:
    store.path.write_bytes(spoilt)
    restore(store, kept(store, 1))
    assert kept(store, -1).read_bytes() == spoilt
    assert (deals(store), add(store)) == (["D-1"], "D-4")


def test_a_damaged_file_whose_first_lines_are_whole_tells_its_counters(store: FileStore, add: Add) -> None:
    store.path.write_bytes(store.path.read_bytes()[:900])
    restore(store, kept(store, 1))
    assert add(store) == "D-5"


def test_a_damaged_file_without_its_first_lines_tells_its_ids(store: FileStore, add: Add) -> None:
    head, records = store.path.read_bytes().split(b'"leads": ')
    store.path.write_bytes(bytes(len(head)) + records)
    restore(store, kept(store, 1))
    assert add(store) == "D-5"


def test_a_damaged_file_is_put_aside_where_no_backups_are_kept(tmp_path: Path, store: FileStore) -> None:
    alone = FileStore(tmp_path / "alone.json")
    alone.path.write_bytes(b"all that is left")
    restore(alone, kept(store, 1))
    (aside,) = tmp_path.glob("alone.json.damaged.*")
    assert (aside.read_bytes(), deals(alone)) == (b"all that is left", ["D-1"])


def test_what_was_brought_back_while_waiting_for_the_lock_stays_among_the_backups(store: FileStore) -> None:
    source, content, waits = kept(store, 2), store.path.read_bytes(), Event()
    assert store.backups is not None
    late = FileStore(store.path, backups=store.backups.folder, timeout=60, on_wait=lambda holder: waits.set())
    store.path.unlink()
    with store.hold():
        second = Thread(target=restore, args=(late, source))
        second.start()
        assert waits.wait(60)
        store.path.write_bytes(content)
    second.join()
    assert store.backups.all()[0].path.read_bytes() == content
    assert (deals(store), store.read().generation) == (["D-1", "D-2"], 5)


def test_a_lost_file_is_restored(store: FileStore, add: Add) -> None:
    store.path.unlink()
    restore(store, kept(store, 3))
    assert (deals(store), add(store)) == (["D-1", "D-2", "D-3"], "D-4")


def test_restoring_to_a_mistyped_path_makes_no_file(store: FileStore, tmp_path: Path) -> None:
    source = kept(store, 3)
    wrong = FileStore(tmp_path / "cmr.json", backups=source.parent)
    with pytest.raises(NotFound):
        restore(wrong, source)
    assert not wrong.path.exists()


def test_a_damaged_backup_is_not_restored(store: FileStore, tmp_path: Path) -> None:
    before = store.path.read_bytes()
    source = tmp_path / "backup.json"
    source.write_bytes(before[:-5])
    with pytest.raises(StoreDamaged, match=r"backup\.json is damaged"):
        restore(store, source)
    assert store.path.read_bytes() == before


def test_a_backup_that_is_not_there_is_not_found(store: FileStore, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no backup"):
        restore(store, tmp_path / "nothing.json")


def test_a_backup_made_by_hand_is_a_copy_that_can_be_restored(
    store: FileStore, add: Add, tmp_path: Path
) -> None:
    store.path.chmod(0o640)
    copy = tmp_path / "copy.json"
    assert back_up(store, copy) == 4
    assert (copy.read_bytes(), copy.stat().st_mode & 0o777) == (store.path.read_bytes(), 0o640)
    assert copy.stat().st_ino != store.path.stat().st_ino
    add(store)
    restore(store, copy)
    assert (deals(store), add(store)) == (["D-1", "D-2", "D-3", "D-4"], "D-6")


def test_a_backup_by_hand_overwrites_nothing(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "copy.json").write_text("precious")
    with pytest.raises(Refused, match=r"copy\.json is there already"):
        back_up(store, tmp_path / "copy.json")
    assert (tmp_path / "copy.json").read_text() == "precious"


def test_the_figures_of_a_store_are_told(store: FileStore) -> None:
    found = stats(store)
    assert (found.generation, found.counts["deals"], found.counts["history"]) == (4, 4, 0)
    assert found.size == store.path.stat().st_size
    assert [backup.generation for backup in found.backups] == [3, 2, 1, 0]
