"""Checking a whole data file, and accepting one that was edited by hand."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crmctl.errors import NotFound, StoreDamaged
from crmctl.model.change import Entry, Run
from crmctl.model.records import Record, RecordType
from crmctl.storage.accept import accept
from crmctl.storage.check import check
from crmctl.storage.lines import DataFile
from crmctl.storage.parsing import parse
from crmctl.storage.store import FileStore

Add = Callable[..., str]


@pytest.fixture
def store(store: FileStore) -> FileStore:
    with store.write() as writer:
        for number in (1, 2, 3):
            writer.put(Record({"id": f"D-{number}", "record": "deal", "title": f"deal {number}"}))
        writer.add_history([Entry("D-1", 0, "2026-01-02T03:04:05Z", "anna", "create")])
        writer.put_run(Run("R-1", 1, "2026-01-02T03:04:05Z", "anna", "import"))
        writer.new_run_id()
        writer.discard("D-3")
        writer.commit()
    return store


def edit(store: FileStore, old: str, new: str) -> None:
    content = store.path.read_text()
    assert old in content
    store.path.write_text(content.replace(old, new, 1))


def corrupted(store: FileStore, change: Callable[[DataFile], object]) -> FileStore:
    """Write what a faulty program with the right checksum would."""
    file = parse(store.path.read_bytes())
    change(file)
    store.path.write_bytes(b"".join(file.render(file.meta.generation)))
    return store


def test_a_good_file_has_no_problems(store: FileStore) -> None:
    assert check(store.path) == []


def test_a_temporary_file_beside_it_is_no_problem(store: FileStore) -> None:
    store.path.with_name(".crm.json.0123456789abcdef.tmp").write_bytes(b"half")
    assert check(store.path) == []


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        check(tmp_path / "crm.json")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda f: f.put("deals", 9, {"record": "deal"}), 'line "9" of deals has no id'),
        (lambda f: f.put("deals", 9, {"id": "D-1", "record": "deal"}), 'line "9" of deals has the id D-1'),
        (
            lambda f: f.put("deals", 1, {"id": "L-1", "record": "deal"}),
            'line "1" of deals has the id L-1 and is no lead',
        ),
        (lambda f: f.put("deals", 1, {"id": "D-1", "record": "deal", "x": {}}), 'field "x" that is no text'),
        (lambda f: f.put("deals", 3, {"id": "D-3", "record": "deal"}), "D-3 is there twice"),
        (lambda f: f.put("trash", 7, {"id": "D-3", "record": "deal"}), "D-3 is there twice"),
        (lambda f: f.put("history", 7, {"id": "D-1"}), 'line "7" of history is not readable'),
        (lambda f: f.put("runs", 7, {"id": "R-7"}), 'line "7" of runs is not readable'),
        (lambda f: f.ids.next.update(D=3), "D-3 is there, but its number would be given again"),
        (lambda f: f.ids.next.update(R=1), "R-1 is there, but its number would be given again"),
        (
            lambda f: f.put("history", 7, {"id": "D-9", "gen": 1, "at": "", "by": "", "op": "create"}),
            "D-9 is there, but its number would be given again",
        ),
        (
            lambda f: f.put("history", 7, {"id": "D-1", "gen": 5, "at": "", "by": "", "op": "create"}),
            "history is beyond generation 1",
        ),
        (
            lambda f: f.put("history", 7, {"id": "D-1", "gen": 0, "at": "", "by": "", "op": "create"}),
            "history is not in the order of recording",
        ),
    ],
)
def test_what_no_store_would_have_written_is_a_problem(
    store: FileStore, change: Callable[[DataFile], object], problem: str
) -> None:
    (found,) = check(corrupted(store, change).path)
    assert problem in found


def test_a_wrong_count_is_a_problem(store: FileStore) -> None:
    corrupted(store, lambda file: file._counts.update(deals=7))
    assert check(store.path) == ["deals has 2 lines and should have 7"]
    with pytest.raises(StoreDamaged):
        store.read().scan(RecordType.DEAL, ["id"])


def test_a_good_file_needs_no_acceptance(store: FileStore) -> None:
    before = store.path.read_bytes()
    assert not accept(store)
    assert store.path.read_bytes() == before


def test_an_accepted_edit_is_the_next_generation(store: FileStore) -> None:
    edit(store, "deal 2", "Acme")
    assert accept(store)
    found = store.read().get("D-2")
    assert found is not None
    assert (found.title, store.read().generation, check(store.path)) == ("Acme", 2, [])


def test_an_accepted_edit_keeps_the_order_of_keys(store: FileStore) -> None:
    before = store.path.read_text()
    edit(
        store,
        '{"id":"D-2","record":"deal","title":"deal 2"}',
        '{"title":"deal 2", "record": "deal", "id":"D-2"}',
    )
    accept(store)
    assert store.path.read_text().splitlines()[4:] == before.splitlines()[4:]


def test_a_line_added_by_hand_moves_the_counters_beyond_it(store: FileStore, add: Add) -> None:
    edit(store, ',"2": {"id":"D-2"', ',"40": {"id":"D-40","record":"deal"}\n,"2": {"id":"D-2"')
    accept(store)
    assert [record.id for record in store.read().records(RecordType.DEAL)] == ["D-1", "D-2", "D-40"]
    assert add(store) == "D-41"


def test_a_line_removed_by_hand_does_not_free_its_id(store: FileStore, add: Add) -> None:
    with store.write() as writer:
        writer.purge("D-3")
        writer.commit()
    edit(store, '\n,"2": {"id":"D-2","record":"deal","title":"deal 2"}', "")
    accept(store)
    assert (store.read().count(RecordType.DEAL), add(store)) == (1, "D-4")


def test_counters_spoilt_by_hand_are_mended(store: FileStore, add: Add) -> None:
    edit(store, '"D":4', '"D":1')
    accept(store)
    assert (check(store.path), add(store)) == ([], "D-4")


def test_a_file_without_meta_is_accepted_with_counters_beyond_its_ids(store: FileStore, add: Add) -> None:
    content = json.loads(store.path.read_bytes())
    del content["meta"]
    store.path.write_text(json.dumps(content, indent=2))
    assert accept(store)
    assert (check(store.path), store.read().count(RecordType.DEAL), add(store)) == ([], 2, "D-4")


@pytest.mark.parametrize("name", ["_default", 'таблица "x"\n'])
def test_tables_of_others_are_kept(store: FileStore, add: Add, name: str) -> None:
    edit(store, '"contacts": {', f'{json.dumps(name)}: {{"1": {{"a": null}}}},\n"contacts": {{')
    accept(store)
    add(store)
    assert json.loads(store.path.read_bytes())[name] == {"1": {"a": None}}
    assert store.read().count(RecordType.DEAL) == 3


def test_a_file_saved_with_a_byte_order_mark_and_other_line_ends_is_accepted(store: FileStore) -> None:
    before = store.path.read_bytes()
    store.path.write_bytes(b"\xef\xbb\xbf" + before.replace(b"\n", b"\r\n"))
    accept(store)
    assert store.path.read_bytes().splitlines()[4:] == before.splitlines()[4:]


def test_accepting_at_a_mistyped_path_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        accept(FileStore(tmp_path / "cmr.json"))
    assert list(tmp_path.iterdir()) == []


def test_the_file_as_it_was_edited_is_kept(store: FileStore) -> None:
    edit(store, "deal 2", "Acme")
    edited = store.path.read_bytes()
    accept(store)
    assert store.backups is not None
    assert store.backups.all()[-1].path.read_bytes() == edited


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"id":"D-2"', '{"id":"D-5"'),
        ('"title":"deal 2"', '"title":null'),
        ('"title":"deal 2"', '"title":"deal 2","title":"x"'),
        ('"title":"deal 2"', '"title":NaN'),
        ('"title":"deal 2"}', '"title":"deal 2"'),
        ('"title":"deal 2"', '"title":1e999'),
        ('"op":"create"', '"op":7'),
        ('"gen":1,"at"', '"id":"first","gen":1,"at"'),
        ('{"id":"D-1","gen"', '{"id":"first","gen"'),
        ('"2": {"id":"D-2"', '"02": {"id":"D-2"'),
        ('"views": {', '"\\ud800": {'),
    ],
)
def test_what_no_store_would_have_written_is_not_accepted(store: FileStore, old: str, new: str) -> None:
    edit(store, old, new)
    edited = store.path.read_bytes()
    with pytest.raises(StoreDamaged):
        accept(store)
    assert store.path.read_bytes() == edited
