"""The data file as a store: where it lies, who may read it, and what happens around a commit."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crmctl.errors import LockTimeout, NotFound, Refused, StoreUnreadable
from crmctl.model.records import Record, RecordType
from crmctl.storage.lock import locked
from crmctl.storage.open import create_store, open_store
from crmctl.storage.store import FileStore

Add = Callable[..., str]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.endswith(".tmp")]


def test_a_new_file_and_its_backups_are_their_owner_s_alone(
    store: FileStore, add: Add, tmp_path: Path
) -> None:
    add(store)
    backups = tmp_path / ".crmctl" / "backups"
    assert [mode(path) for path in (store.path, backups.parent, backups, *backups.iterdir())] == [
        0o600,
        0o700,
        0o700,
        0o600,
    ]


def test_a_file_that_is_there_is_not_created_over(store: FileStore, add: Add) -> None:
    add(store)
    before = store.path.read_bytes()
    with pytest.raises(Refused, match=r"crm\.json is there already"):
        create_store(store.path)
    assert store.path.read_bytes() == before


def test_a_new_file_may_hold_documents_from_the_first(tmp_path: Path) -> None:
    store = create_store(tmp_path / "crm.json", documents={"notes": {"first": [1]}})
    assert store.read().document("notes") == {"first": [1]}
    assert store.read().generation == 0


def test_a_mistyped_path_is_not_found_and_nothing_is_made(tmp_path: Path) -> None:
    store = open_store(tmp_path / "cmr.json")
    with pytest.raises(NotFound, match=r"there is no database .*cmr\.json") as caught:
        store.read()
    with pytest.raises(NotFound), store.write():
        pass
    assert (caught.value.exit_code, caught.value.hint, list(tmp_path.iterdir())) == (4, "crmctl init", [])


def test_a_lost_file_is_not_found_and_its_newest_backup_named(store: FileStore, add: Add) -> None:
    add(store)
    add(store)
    store.path.unlink()
    with pytest.raises(NotFound) as caught:
        store.read()
    assert "crmctl db restore" in str(caught.value.hint)
    assert "crm.json.1." in str(caught.value.hint)


def test_a_file_made_anew_beside_old_backups_reuses_no_id(store: FileStore, add: Add) -> None:
    add(store)
    add(store)
    store.path.unlink()
    store.create()
    assert (store.read().generation, add(store)) == (2, "D-2")


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreadable, match=r"cannot read .*: is a directory"):
        open_store(tmp_path).read()


def test_the_mode_of_the_file_stays(store: FileStore, add: Add) -> None:
    store.path.chmod(0o640)
    add(store)
    assert mode(store.path) == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_of_the_file_stays(store: FileStore, add: Add) -> None:
    os.chown(store.path, 1234, 2345)
    add(store)
    assert (store.path.stat().st_uid, store.path.stat().st_gid) == (1234, 2345)


def test_a_symbolic_link_stays_and_its_target_is_replaced(store: FileStore, add: Add, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.json"
    link.symlink_to(store.path)
    add(open_store(link), title="Acme")
    found = store.read().get("D-1")
    assert link.is_symlink()
    assert found is not None
    assert found.title == "Acme"
    assert [path.name for path in link.parent.iterdir()] == ["link.json"]


def test_two_paths_to_one_file_share_its_lock(store: FileStore, tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(store.path)
    with store.write(), pytest.raises(LockTimeout), open_store(link, timeout=0.02).write():
        pass


def test_readers_do_not_wait_for_writers(store: FileStore) -> None:
    with locked(store.target, timeout=1):
        assert store.read().generation == 0


def test_the_temporary_file_of_a_killed_writer_is_cleared_by_the_next(store: FileStore, add: Add) -> None:
    stale = store.path.with_name(".crm.json.0123456789abcdef.tmp")
    others = [store.path.with_name(name) for name in (".crm.json.tmp", ".other.json.0123456789abcdef.tmp")]
    for path in (stale, *others):
        path.write_bytes(b"half")
    add(store)
    assert [path.exists() for path in (stale, *others)] == [False, True, True]


def test_a_writer_that_is_refused_clears_nothing_that_another_may_be_writing(store: FileStore) -> None:
    """Where somebody deleted the lock file, the other has the data file now, and is at the next state."""
    present = store.path.with_name(f".crm.json.{'0' * 16}.tmp")
    with store.write() as writer:
        writer.put(Record({"id": "D-1", "record": "deal"}))
        store.path.write_bytes(store.path.read_bytes() + b" ")
        present.write_bytes(b"half")
        with pytest.raises(StoreUnreadable, match="another program changed"):
            writer.commit()
    assert present.exists()


def test_an_edit_by_hand_between_reading_and_writing_is_not_written_over(store: FileStore) -> None:
    with store.write() as writer:
        writer.put(Record({"id": "D-1", "record": "deal"}))
        edited = store.path.read_bytes() + b" "
        store.path.write_bytes(edited)
        assert store.data() == edited
        with pytest.raises(StoreUnreadable, match="another program changed"):
            writer.commit()
    assert store.path.read_bytes() == edited
    assert leftovers(store.path.parent) == []


def test_the_generation_of_a_writer_tells_whether_its_changes_are_in_place(store: FileStore) -> None:
    with store.write() as writer:
        writer.put(Record({"id": "D-1", "record": "deal"}))
        assert writer.generation == 0
        writer.commit()
        assert writer.generation == 1


def test_every_superseded_generation_is_a_backup_that_shares_its_bytes(store: FileStore, add: Add) -> None:
    inode = store.path.stat().st_ino
    add(store)
    assert store.backups is not None
    (backup,) = store.backups.all()
    assert (backup.generation, backup.path.stat().st_ino) == (0, inode)


def test_without_a_folder_for_backups_none_are_kept(tmp_path: Path, add: Add) -> None:
    store = create_store(tmp_path / "crm.json")
    add(store)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crm.json", "crm.json.lock"]


def test_a_reader_loads_nothing_that_only_writers_need(store: FileStore) -> None:
    script = (
        "import sys; from pathlib import Path; from crmctl.storage.open import open_store;"
        "open_store(Path(sys.argv[1])).read().get('D-1'); print(*sys.modules)"
    )
    command = [sys.executable, "-c", script, str(store.path)]
    environment = {"PYTHONPATH": str(Path(__file__).parents[2])}
    loaded = subprocess.run(command, env=environment, capture_output=True, check=True).stdout.decode().split()
    own = {f"crmctl.storage.{name}" for name in ("lock", "writer", "durable", "backups", "damage")}
    others = {"shutil", "tempfile", "logging", "fcntl", "filelock", "signal"}
    assert (own | others).isdisjoint(loaded)


def test_a_file_of_many_megabytes_is_changed_in_its_midst(store: FileStore) -> None:
    with store.write() as writer:
        for number in range(1, 31):
            writer.put(Record({"id": f"D-{number}", "record": "deal", "comment": f"{number}" * 200_000}))
        writer.commit()
    with store.write() as writer:
        writer.put(Record({"id": "D-15", "record": "deal", "comment": "short"}))
        writer.discard("D-20")
        writer.commit()
    comments = {record.id: record.text("comment") for record in store.read().records(RecordType.DEAL)}
    expected = {f"D-{number}": f"{number}" * 200_000 for number in range(1, 31) if number != 20}
    assert comments == {**expected, "D-15": "short"}


def test_a_record_under_the_id_of_another_type_is_a_bug(store: FileStore) -> None:
    with store.write() as writer, pytest.raises(ValueError, match="D-1 is not the id of a lead"):
        writer.put(Record({"id": "D-1", "record": "lead"}))


def test_a_document_cannot_take_the_name_of_a_table(store: FileStore) -> None:
    with store.write() as writer, pytest.raises(ValueError, match="deals"):
        writer.put_document("deals", {})


def test_rights_meant_for_one_group_are_not_given_to_another(
    store: FileStore, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a member of a team whose file belongs to a group that she is not in."""

    def forbidden(handle: int, owner: int, group: int) -> None:
        raise PermissionError

    os.chown(store.path, -1, os.getegid() + 1) if os.geteuid() == 0 else pytest.skip("needs another group")
    store.path.chmod(0o664)
    monkeypatch.setattr(os, "fchown", forbidden)
    add(store)
    assert mode(store.path) == 0o604


def test_a_thousand_records_are_one_commit(store: FileStore) -> None:
    with store.write() as writer:
        for _ in range(1000):
            record_id = writer.new_id(RecordType.LEAD)
            writer.put(Record({"id": record_id, "record": "lead", "title": f"lead {record_id}"}))
        assert writer.commit() == 1
    assert store.read().count(RecordType.LEAD) == 1000
