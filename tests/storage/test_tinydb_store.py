"""The data file as a TinyDB: stock TinyDB reads it, and TinyDB's own methods work on it line by line."""

import pytest
from tinydb import TinyDB, where
from tinydb.table import Document

from crmctl.model.change import Entry
from crmctl.model.records import Record
from crmctl.storage.lines import DataFile, empty
from crmctl.storage.parsing import parse
from crmctl.storage.store import FileStore
from crmctl.storage.tinydb_store import LineDatabase, LineTable


@pytest.fixture
def file() -> DataFile:
    made = empty()
    for number in (1, 2, 5):
        made.put("deals", number, {"id": f"D-{number}", "stage": "new"})
    return parse(b"".join(made.render(1)))


@pytest.fixture
def deals(file: DataFile) -> LineTable:
    table = LineDatabase(file).table("deals")
    assert isinstance(table, LineTable)
    return table


def numbers(table: LineTable) -> list[int]:
    return [document.doc_id for document in table]


def test_stock_tinydb_reads_the_same_documents(store: FileStore) -> None:
    known = [{"id": f"D-{n}", "record": "deal", "title": f"Угода\n{n}", "tags": ["a"]} for n in range(1, 31)]
    with store.write() as writer:
        for values in known:
            writer.put(Record(values))
        writer.add_history([Entry("D-1", 0, "2026-01-02T03:04:05Z", "anna", "create")])
        writer.discard("D-30")
        writer.commit()
    with TinyDB(store.path) as stock:
        assert stock.table("deals").all() == known[:29]
        assert [document.doc_id for document in stock.table("deals")] == list(range(1, 30))
        assert stock.table("deals").get(where("id") == "D-7") == known[6]
        assert stock.table("trash").all() == known[29:]
        assert stock.table("meta").all()[0]["generation"] == 1
        assert stock.table("history").all()[0]["op"] == "create"


def test_stock_tinydb_finds_every_table(store: FileStore) -> None:
    with TinyDB(store.path) as stock:
        expected = "leads contacts companies deals tasks products runs trash blacklist views history meta"
        assert stock.tables() == set(expected.split())


def test_reading_by_stock_tinydb_leaves_the_file_as_it_was(store: FileStore) -> None:
    before = store.path.read_bytes()
    with TinyDB(store.path) as stock:
        stock.table("deals").all()
    assert store.path.read_bytes() == before


def test_a_document_is_got_by_its_number(deals: LineTable) -> None:
    assert deals.get(doc_id=2) == {"id": "D-2", "stage": "new"}
    assert deals.get(doc_id=3) is None
    assert (deals.contains(doc_id=5), deals.contains(doc_id=6), len(deals)) == (True, False, 3)


def test_a_table_is_searched(deals: LineTable) -> None:
    assert [deal.doc_id for deal in deals.search(where("id") != "D-2")] == [1, 5]


def test_a_document_inserted_under_a_number_is_found_by_it(deals: LineTable) -> None:
    deals.insert(Document({"id": "D-3"}, 3))
    assert (deals.get(doc_id=3), numbers(deals)) == ({"id": "D-3"}, [1, 2, 3, 5])


def test_a_number_that_is_taken_is_refused(deals: LineTable) -> None:
    with pytest.raises(ValueError, match="already exists"):
        deals.insert(Document({"id": "other"}, 2))
    assert deals.get(doc_id=2) == {"id": "D-2", "stage": "new"}


def test_numbers_given_out_are_never_those_of_removed_documents(deals: LineTable) -> None:
    first = deals.insert({"id": "a"})
    deals.remove(doc_ids=[first])
    assert (first, deals.insert({"id": "b"}), deals.insert_multiple([{"id": "c"}, {"id": "d"}])) == (
        6,
        7,
        [8, 9],
    )


def test_an_update_by_number_changes_the_fields_given(deals: LineTable) -> None:
    assert deals.update({"stage": "won"}, doc_ids=[2, 9]) == [2]
    assert [deal["stage"] for deal in deals] == ["new", "won", "new"]


def test_an_update_by_condition_changes_what_fits(deals: LineTable) -> None:
    deals.update(lambda deal: deal.pop("stage"), where("id") == "D-5")
    assert deals.get(doc_id=5) == {"id": "D-5"}


def test_an_upsert_keeps_other_fields_and_a_replacement_does_not(deals: LineTable) -> None:
    deals.upsert(Document({"title": "x"}, 1))
    deals.replace(2, {"title": "x"})
    assert (deals.get(doc_id=1), deals.get(doc_id=2)) == (
        {"id": "D-1", "stage": "new", "title": "x"},
        {"title": "x"},
    )


def test_documents_are_removed_by_number_and_condition(deals: LineTable) -> None:
    deals.remove(doc_ids=[1])
    deals.remove(where("id") == "D-5")
    assert numbers(deals) == [2]


def test_a_table_is_emptied(deals: LineTable) -> None:
    deals.truncate()
    assert (numbers(deals), len(deals), deals.insert({"id": "x"})) == ([], 0, 6)


def test_a_change_that_fails_half_way_changes_nothing(deals: LineTable) -> None:
    def fail(deal: dict[str, object]) -> None:
        deal["stage"] = "won"
        if deal["id"] == "D-5":
            raise LookupError

    with pytest.raises(LookupError):
        deals.update(fail)  # type: ignore[arg-type]
    assert [deal["stage"] for deal in deals] == ["new", "new", "new"]


def test_a_search_after_a_change_sees_it(deals: LineTable) -> None:
    assert deals.count(where("stage") == "won") == 0
    deals.update({"stage": "won"}, doc_ids=[1])
    assert deals.count(where("stage") == "won") == 1


def test_what_tinydb_writes_whole_is_staged_too(file: DataFile) -> None:
    database = LineDatabase(file)
    database.storage.write({"deals": {"2": {"id": "D-2", "stage": "won"}, "7": {"id": "D-7"}}})
    assert dict(file.documents("deals")) == {2: {"id": "D-2", "stage": "won"}, 7: {"id": "D-7"}}
    database.drop_table("deals")
    assert file.count("deals") == 0
    assert parse(b"".join(file.render(2))).count("deals") == 0


def test_meta_is_read_and_never_written(file: DataFile) -> None:
    with LineDatabase(file) as database:
        assert {"meta", "deals", "history"} <= database.tables()
        assert database.table("meta").all()[0]["counts"]["deals"] == 3
        with pytest.raises(ValueError, match="meta"):
            database.table("meta").insert({})
