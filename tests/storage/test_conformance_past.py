"""What every store does with the past: the trash, history, runs; and with named documents."""

from pathlib import Path

import pytest

from crmctl.model.change import Entry, Run
from crmctl.model.records import Record, RecordType
from crmctl.storage.interface import Store
from crmctl.storage.memory import MemoryStore
from crmctl.storage.open import create_store

LEAD = RecordType.LEAD


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return create_store(tmp_path / "crm.json") if request.param == "file" else MemoryStore()


def lead(number: int, **values: object) -> Record:
    return Record({"id": f"L-{number}", "record": "lead", **values})


def entry(record_id: str, op: str = "update", **more: object) -> Entry:
    return Entry(record_id, 0, "2026-01-02T03:04:05Z", "anna", op, **more)


def write(store: Store, *records: Record, entries: tuple[Entry, ...] = ()) -> int:
    with store.write() as writer:
        for record in records:
            writer.put(record)
        writer.add_history(entries)
        return writer.commit()


def test_a_discarded_record_is_in_the_trash_as_it_was(store: Store) -> None:
    write(store, lead(1, title="Ann"), Record({"id": "D-1", "record": "deal"}))
    with store.write() as writer:
        writer.discard("L-1")
        writer.discard("D-1")
        writer.commit()
    state = store.read()
    assert (state.get("L-1"), state.count(LEAD), state.scan(LEAD, ["id"])) == (None, 0, [])
    assert state.trashed("L-1") == lead(1, title="Ann")
    assert [record.id for record in state.trash()] == ["L-1", "D-1"]


def test_a_record_put_comes_out_of_the_trash(store: Store) -> None:
    write(store, lead(1), lead(2), lead(3))
    with store.write() as writer:
        writer.discard("L-1")
        writer.discard("L-2")
        writer.commit()
    write(store, lead(1, title="back"))
    state = store.read()
    assert (state.get("L-1"), state.trashed("L-1")) == (lead(1, title="back"), None)
    assert [record.id for record in state.trash()] == ["L-2"]


def test_a_record_discarded_and_put_by_one_writer_is_there_once(store: Store) -> None:
    write(store, lead(1))
    with store.write() as writer:
        writer.discard("L-1")
        writer.put(lead(1, title="back"))
        writer.commit()
    assert (store.read().get("L-1"), list(store.read().trash())) == (lead(1, title="back"), [])


def test_a_purged_record_is_neither_there_nor_in_the_trash(store: Store) -> None:
    write(store, lead(1), lead(2))
    with store.write() as writer:
        writer.discard("L-2")
        writer.purge("L-1")
        writer.purge("L-2")
        writer.commit()
    state = store.read()
    assert (state.get("L-1"), state.trashed("L-1"), state.trashed("L-2"), list(state.trash())) == (
        None,
        None,
        None,
        [],
    )


def test_purging_takes_the_values_from_a_record_s_history_and_leaves_its_lines(store: Store) -> None:
    told = {"message": "for Ann", "note": "called Ann", "key": "k1", "changes": {"title": (None, "Ann")}}
    known = (entry("L-1", "create", run="R-1", **told), entry("L-2", "create", **told))
    write(store, lead(1), lead(2), entries=known)
    with store.write() as writer:
        writer.add_history([entry("L-1", "note", note="Ann again")])
        writer.purge("L-1")
        writer.commit()
    history = store.read().history(["L-1"])
    assert [(line.op, line.gen, line.run) for line in history] == [("create", 1, "R-1"), ("note", 2, "")]
    assert all(not (line.message or line.note or line.key or line.changes) for line in history)
    assert store.read().history(["L-2"])[0].changes == {"title": (None, "Ann")}


def test_history_is_in_the_order_of_recording_and_carries_its_generation(store: Store) -> None:
    write(store, lead(1), lead(2), entries=(entry("L-1", "create"), entry("L-2", "create")))
    write(store, entries=(entry("L-2", "move"), entry("L-1", "move")))
    assert [(line.id, line.op, line.gen) for line in store.read().history()] == [
        ("L-1", "create", 1),
        ("L-2", "create", 1),
        ("L-2", "move", 2),
        ("L-1", "move", 2),
    ]


def test_history_of_some_records_is_theirs_alone(store: Store) -> None:
    write(store, entries=tuple(entry(f"L-{number}") for number in (1, 11, 2, 1)))
    state = store.read()
    assert [line.id for line in state.history(["L-2", "L-1"])] == ["L-1", "L-2", "L-1"]
    assert state.history(["L-3"]) == state.history([]) == []


def test_history_of_many_records_is_theirs_alone(store: Store) -> None:
    write(store, entries=tuple(entry(f"L-{number}") for number in range(1, 101)))
    wanted = [f"L-{number}" for number in range(10, 60)]
    assert [line.id for line in store.read().history(wanted)] == wanted


def test_text_that_looks_like_a_line_of_history_is_not_taken_for_one(store: Store) -> None:
    write(store, entries=(entry("L-2", note='{"id":"L-1","gen":1,"at":"'),))
    assert store.read().history(["L-1"]) == []


def test_the_entries_of_a_commit_are_those_recorded_by_it(store: Store) -> None:
    for number in range(1, 13):
        write(store, entries=(entry(f"L-{number}"),))
    assert [line.id for line in store.read().entries_of(1)] == ["L-1"]
    assert [line.id for line in store.read().entries_of(11)] == ["L-11"]
    assert store.read().entries_of(13) == []


def test_an_entry_is_read_as_it_was_added(store: Store) -> None:
    known = entry(
        "L-1", message="m", note="n", key="k", undoes=3, changes={"tags": (None, ["a"]), "n": (1, 2.5)}
    )
    write(store, entries=(known,))
    (found,) = store.read().history()
    assert (found.changes, found.undoes, found.note) == ({"tags": (None, ["a"]), "n": (1, 2.5)}, 3, "n")


def test_runs_are_listed_oldest_first_and_replaced_by_id(store: Store) -> None:
    first, second = (
        Run(f"R-{n}", n, "2026-01-02T03:04:05Z", "anna", "import", files=("a.csv",)) for n in (1, 2)
    )
    undone = Run("R-1", 1, "2026-01-02T03:04:05Z", "anna", "import", undone=3)
    with store.write() as writer:
        for run in (second, first, undone):
            writer.put_run(run)
        writer.commit()
    assert store.read().runs() == [undone, second]


def test_a_named_document_is_read_as_it_was_put(store: Store) -> None:
    views = {"hot": {"type": "deal", "where": "open"}, "empty": None}
    with store.write() as writer:
        writer.put_document("views", views)
        writer.put_document("blacklist", {"phones": ["+380501234567"]})
        assert writer.document("views") == views
        writer.commit()
    assert store.read().document("views") == views
    assert store.read().document("nothing") is None


def test_entries_are_found_by_what_their_key_begins_with_and_undos_with_them(store: Store) -> None:
    entries = (
        entry("L-1", key="message:a:b:c"),
        entry("L-2", key="8f42fc8f8794bd76"),
        entry("L-3", op="undo", undoes=1),
        entry("L-4", note='"key":"message:', message='"undoes":1'),
    )
    write(store, lead(1), entries=entries)
    assert [each.id for each in store.read().keyed("message:")] == ["L-1", "L-3"]
    with store.write() as writer:
        writer.add_history([entry("L-5", key="message:d:e:f")])
        assert [each.id for each in writer.keyed("message:")] == ["L-1", "L-3", "L-5"]


def test_the_changes_of_some_fields_are_found_among_all(store: Store) -> None:
    changed = [
        entry("L-1", changes={"amount": ("1", "2")}),
        entry("L-2", changes={"title": ('"amount":[', "b")}),
        entry("L-3", op="create"),
        entry("L-4", changes={"title": ("a", "b"), "stage": ("new", "won")}),
    ]
    write(store, lead(1), entries=tuple(changed))
    found = store.read().changes_of(("amount", "stage"))
    assert [each.id for each in found] == ["L-1", "L-4"]
    with store.write() as writer:
        writer.add_history([entry("L-5", changes={"amount": (None, "3")})])
        assert [each.id for each in writer.changes_of(("amount",))] == ["L-1", "L-5"]
