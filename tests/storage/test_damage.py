"""Damaged files: refused with what is wrong, where the newest good backup lies, and nothing written."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import StoreDamaged
from crmctl.model.records import RecordType
from crmctl.storage.check import check
from crmctl.storage.lines import empty
from crmctl.storage.open import open_store
from crmctl.storage.restore import restore
from crmctl.storage.store import FileStore

Add = Callable[..., str]


@pytest.fixture
def store(store: FileStore, add: Add) -> FileStore:
    for number in range(3):
        add(store, title=f"deal {number}")
    return store


def refusal(store: FileStore) -> StoreDamaged:
    with pytest.raises(StoreDamaged) as reading:
        store.read()
    with pytest.raises(StoreDamaged), store.write():
        pass
    return reading.value


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b" \n\t ", "its 4 bytes are blank"),
        (b"\0" * 5000, "its 5,000 bytes are blank"),
        (b"null", "it holds null instead of tables"),
        (b"[]", "it holds [] instead of tables"),
        (b"{}", "it does not begin as crmctl writes it"),
        (b'{"deals": []}', 'its table "deals" is no table'),
        (b'{"deals": {"x": {}}}', 'its table "deals" has "x", which is no numbered document'),
        (b'{"deals": {"1": 5}}', 'its table "deals" has "1", which is no numbered document'),
        (b'{"deals": {"1": {}, "1": {}}}', 'it has "1" twice in one object'),
        (b'{"deals": {"1": {"n": NaN}}}', "it has NaN, which is no JSON"),
        (b"id,title\n1,Acme\n", "line 1 is not JSON"),
        (b"\xff\xfe\xfa\x00", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
    ],
)
def test_what_is_no_data_file_is_refused_and_left_as_it_is(
    store: FileStore, content: bytes, reason: str
) -> None:
    store.path.write_bytes(content)
    error = refusal(store)
    assert error.message.startswith(f"{store.path} is damaged: {reason}")
    assert error.exit_code == 6
    assert store.path.read_bytes() == content
    assert check(store.path)


def test_the_newest_good_backup_and_the_command_to_restore_it_are_named(store: FileStore) -> None:
    assert store.backups is not None
    newest, second, _ = store.backups.all()
    newest.path.write_bytes(b"broken, too")
    store.path.write_bytes(b"")
    error = refusal(store)
    assert error.hint == f"crmctl db restore {second.path}"
    assert "newest good backup" in str(error.details[0]["message"])


def test_a_path_with_a_space_is_quoted_in_the_command(tmp_path: Path, add: Add) -> None:
    (tmp_path / "my crm").mkdir()
    store = FileStore(tmp_path / "crm.json", backups=tmp_path / "my crm")
    store.create()
    add(store)
    store.path.write_bytes(b"")
    assert f"'{tmp_path}/my crm/crm.json.0." in str(refusal(store).hint)


def test_without_a_good_backup_the_error_says_so(tmp_path: Path) -> None:
    path = tmp_path / "crm.json"
    path.write_bytes(b"")
    with pytest.raises(StoreDamaged) as caught:
        open_store(path).read()
    assert caught.value.hint == "there is no good backup to restore"


def test_a_hand_edit_is_refused_until_it_is_accepted(tmp_path: Path, add: Add) -> None:
    store = FileStore(tmp_path / "crm.json")
    store.create()
    add(store, title="Acme")
    store.path.write_bytes(store.path.read_bytes().replace(b"Acme", b"Ajax"))
    error = refusal(store)
    assert "its content does not match its checksum" in error.message
    assert "crmctl db check --accept" in str(error.hint)


def test_with_a_backup_a_hand_edit_is_told_both_ways_on(store: FileStore) -> None:
    store.path.write_bytes(store.path.read_bytes().replace(b"deal 1", b"Ajax"))
    error = refusal(store)
    assert "crmctl db restore" in str(error.hint)
    assert "crmctl db check --accept" in str(error.details[-1]["message"])


def test_a_file_that_is_cut_off_names_the_line(store: FileStore) -> None:
    content = store.path.read_bytes()
    store.path.write_bytes(content[: content.index(b"deal 1")])
    assert "it is cut off in line" in refusal(store).message


def test_a_file_of_another_program_is_refused_even_with_the_right_documents(store: FileStore) -> None:
    store.path.write_text(json.dumps(json.loads(store.path.read_bytes())))
    assert "it does not begin as crmctl writes it" in refusal(store).message


def test_a_broken_file_is_refused_by_check_as_by_reading(store: FileStore) -> None:
    store.path.write_bytes(store.path.read_bytes().replace(b"deal 1", b"deal 7"))
    assert check(store.path) == ["its content does not match its checksum"]


SAMPLE = b"".join(empty().render(3))


def broken(content: bytes, at: int, size: int, change: str) -> bytes:
    piece = content[at : at + size + 1]
    return {
        "flip": content[:at] + bytes([content[at] ^ (size % 255 + 1)]) + content[at + 1 :],
        "cut": content[:at],
        "zero": content[:at] + bytes(len(piece)) + content[at + len(piece) :],
        "repeat": content[:at] + piece + content[at:],
        "swap": content[at:] + content[:at] if at else b"",
    }[change]


def test_any_damage_is_an_expected_error(tmp_path: Path, amount, tally) -> None:
    path = tmp_path / "damaged.json"

    @given(
        at=st.integers(0, len(SAMPLE) - 1),
        size=st.integers(0, 400),
        change=st.sampled_from(["flip", "cut", "zero", "repeat", "swap"]),
    )
    @settings(max_examples=amount(120, 10_000), deadline=None)
    def is_found(at: int, size: int, change: str) -> None:
        tally("damaged files opened")
        path.write_bytes(broken(SAMPLE, at, size, change))
        with pytest.raises(StoreDamaged):
            open_store(path).read()
        assert check(path)

    is_found()


def test_whichever_byte_is_changed_it_is_found_and_the_backup_brings_the_records_back(
    store: FileStore, amount, tally
) -> None:
    """In the long run every byte of the file, flipped, zeroed and the last before a cut."""
    content = store.path.read_bytes()
    before = [record.title for record in FileStore(newest(store)).read().records(RecordType.DEAL)]
    for at in range(0, len(content), amount(211, 1)):
        for change in ("flip", "cut", "zero"):
            store.path.write_bytes(broken(content, at, 0, change))
            tally("damaged files opened")
            with pytest.raises(StoreDamaged):
                store.read()
        if at % 53 == 0:
            restore(store, newest(store))
            assert [record.title for record in store.read().records(RecordType.DEAL)] == before
            tally("damaged files restored")


def newest(store: FileStore) -> Path:
    """Return the newest good backup, which the file is to be brought back from."""
    assert store.backups is not None
    good = store.backups.newest_good()
    assert good is not None
    return good.path
