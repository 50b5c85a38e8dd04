"""A large file is verified beside the first look at it: nothing of a damaged one is ever told."""

from collections.abc import Callable
from typing import Any

import pytest

from crmctl.errors import StoreDamaged
from crmctl.model.change import Entry
from crmctl.model.records import Record, RecordType
from crmctl.storage.interface import Reader
from crmctl.storage.store import FileStore

MEGABYTES = 5
LOOKS: dict[str, Callable[[Reader], Any]] = {
    "generation": lambda state: state.generation,
    "get": lambda state: state.get("L-1"),
    "records": lambda state: list(state.records(RecordType.LEAD)),
    "scan": lambda state: state.scan(RecordType.LEAD, ("title",)),
    "scan of the first": lambda state: state.scan(RecordType.LEAD, ("title",), first=1),
    "count": lambda state: state.count(RecordType.LEAD),
    "was_given": lambda state: state.was_given("L-1"),
    "history": lambda state: state.history(),
    "history of one": lambda state: state.history(["L-1"]),
    "entries_of": lambda state: state.entries_of(1),
    "trashed": lambda state: state.trashed("L-1"),
    "trash": lambda state: list(state.trash()),
    "runs": lambda state: state.runs(),
    "document": lambda state: state.document("views"),
}


@pytest.fixture
def large(store: FileStore) -> FileStore:
    """A store of some megabytes."""
    with store.write() as writer:
        for _ in range(MEGABYTES * 1024 // 60):
            record_id = writer.new_id(RecordType.LEAD)
            writer.put(
                Record({"id": record_id, "record": "lead", "title": record_id, "comment": "x" * 60_000})
            )
            writer.add_history([Entry(record_id, 0, "2026-01-02T03:04:05Z", "anna", "create")])
        writer.commit()
    return store


def flip(store: FileStore, needle: bytes) -> None:
    data = bytearray(store.path.read_bytes())
    data[data.rindex(needle)] ^= 1
    store.path.write_bytes(data)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("needle", [b"xxx", b'{"id":"L-7"', b"}\n}\n"])
def test_no_look_at_a_damaged_file_tells_anything(large: FileStore, look: str, needle: bytes) -> None:
    flip(large, needle)
    with pytest.raises(StoreDamaged, match="is damaged: ") as told:
        LOOKS[look](large.read())
    assert str(told.value) == str(told_without_haste(large))


def told_without_haste(store: FileStore) -> StoreDamaged:
    """What reading without haste says of the same file."""
    with pytest.raises(StoreDamaged) as told:
        store.load()
    return told.value


@pytest.mark.parametrize("size", [-1, -100, -1_000_000])
def test_a_file_cut_short_is_damaged(large: FileStore, size: int) -> None:
    large.path.write_bytes(large.path.read_bytes()[:size])
    with pytest.raises(StoreDamaged, match="is damaged: "):
        large.read().scan(RecordType.LEAD, ("title",))


def test_a_whole_one_is_read_as_it_is(large: FileStore) -> None:
    state = large.read()
    titles = [row.f_title for row in state.scan(RecordType.LEAD, ("title",))]
    assert titles == [f"L-{number}" for number in range(1, state.count(RecordType.LEAD) + 1)]


def test_a_second_look_is_refused_like_the_first(large: FileStore) -> None:
    flip(large, b"xxx")
    state = large.read()
    for _ in range(2):
        with pytest.raises(StoreDamaged):
            state.get("L-1")


@pytest.mark.parametrize("needle", [b"xxx", b'{"id":"L-7"', b"}\n}\n"])
def test_who_writes_sees_nothing_of_a_damaged_file_and_leaves_it_as_it_is(
    large: FileStore, needle: bytes
) -> None:
    flip(large, needle)
    before = large.path.read_bytes()
    with pytest.raises(StoreDamaged, match="is damaged: "), large.write():
        pytest.fail("it was to be refused before anything is decided on it")
    assert large.path.read_bytes() == before
    assert [path.name for path in large.path.parent.iterdir() if path.name.endswith(".tmp")] == []
