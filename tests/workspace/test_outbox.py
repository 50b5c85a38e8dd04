"""The letters that wait in the store, and those that wait no more."""

from crmctl.model.records import Record, RecordType
from crmctl.storage.memory import MemoryStore
from crmctl.workspace import outbox
from crmctl.workspace.outbox import Waiting


def asked(generation: int, count: int, *, undone: bool = False) -> list[Waiting]:
    return [
        Waiting(generation, "2026-11-21T08:00:00Z", "anna", f"D-{number}", "parcel.txt", undone=undone)
        for number in range(1, count + 1)
    ]


def deals(count: int) -> MemoryStore:
    store = MemoryStore()
    with store.write() as writer:
        for _ in range(count):
            writer.put(Record({"id": writer.new_id(RecordType.DEAL), "record": "deal", "title": "x"}))
        writer.commit()
    return store


def test_an_undo_brings_back_every_letter_of_a_commit_however_many() -> None:
    count = 600
    with deals(count).write() as writer:
        outbox.put(writer, asked(1, count))
        outbox.take_out(writer, [each.key for each in outbox.waiting(writer)], taken=2)
        assert outbox.waiting(writer) == []
        outbox.take_back(writer, 2, undone=True)
        assert len(outbox.waiting(writer)) == count


def test_the_letters_of_the_oldest_commits_are_forgotten_whole() -> None:
    with deals(3).write() as writer:
        for generation in range(1, outbox.MOST_KEPT + 2):
            outbox.put(writer, asked(generation, 3, undone=True))
        assert len(outbox.kept(writer)) == 3 * outbox.MOST_KEPT
        outbox.take_back(writer, 1, undone=False)
        assert outbox.waiting(writer) == []
        outbox.take_back(writer, 2, undone=False)
        assert len(outbox.waiting(writer)) == 3
