"""What every store does, run on each of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crmctl.errors import Refused
from crmctl.model.change import Entry
from crmctl.model.records import Record, RecordType
from crmctl.storage.interface import Reader, Store, Writer, column
from crmctl.storage.memory import MemoryStore
from crmctl.storage.open import create_store

LEAD, DEAL = RecordType.LEAD, RecordType.DEAL


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return create_store(tmp_path / "crm.json") if request.param == "file" else MemoryStore()


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    with store.write() as opened:
        yield opened


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


def test_a_new_store_is_empty(store: Store) -> None:
    state = store.read()
    assert [state.count(kind) for kind in RecordType] == [0] * 6
    assert (state.generation, state.history(), state.runs(), list(state.trash())) == (0, [], [], [])


def test_a_record_is_read_as_it_was_put(store: Store) -> None:
    known = lead(
        1, title='Ё \n " \\ \u2028 😀', tags=["a", "b"], employees=5, score=0.5, agreed=False, amount="1.50"
    )
    write(store, known)
    assert store.read().get("L-1") == known


def test_a_record_put_again_loses_the_fields_it_no_longer_has(store: Store) -> None:
    write(store, lead(1, title="Ann", phone=["+380501234567"]))
    write(store, lead(1, title="Anna"))
    assert store.read().get("L-1") == lead(1, title="Anna")


def test_a_record_that_is_not_there_is_none(store: Store) -> None:
    assert store.read().get("L-1") is None


def test_records_come_by_number_whatever_the_order_they_were_put_in(store: Store) -> None:
    write(store, lead(10), lead(2), lead(30))
    write(store, lead(1), lead(11))
    assert [record.id for record in store.read().records(LEAD)] == ["L-1", "L-2", "L-10", "L-11", "L-30"]


def test_a_type_knows_only_its_own_records(store: Store) -> None:
    write(store, lead(1), Record({"id": "D-1", "record": "deal"}))
    state = store.read()
    assert [record.id for record in state.records(DEAL)] == ["D-1"]
    assert (state.count(LEAD), state.count(DEAL), state.count(RecordType.TASK)) == (1, 1, 0)


def test_a_scan_returns_the_fields_asked_for_and_none_for_what_a_record_lacks(store: Store) -> None:
    write(store, lead(1, stage="new", owner="anna"), lead(2, stage="done"))
    stage, owner = column("stage"), column("owner")
    rows = store.read().scan(LEAD, ["stage", "owner"])
    assert [(stage(row), owner(row)) for row in rows] == [("new", "anna"), ("done", None)]


def test_a_scan_copes_with_names_that_are_words_of_python_and_with_one_asked_for_twice(store: Store) -> None:
    write(store, lead(1, **{"class": "a", "from": "b", "def_1": "c"}))
    (row,) = store.read().scan(LEAD, ["class", "from", "def_1", "class"])
    assert [column(name)(row) for name in ("class", "from", "def_1")] == ["a", "b", "c"]


class Big:
    """A filter as a store sees it: amounts of ten and more."""

    fields = ("amount",)

    def narrowing(self, columns: Callable) -> Callable[[list], list]:
        amount = columns("amount")
        return lambda rows: [row for row in rows if (amount(row) or 0) >= 10]


def test_a_scan_with_a_filter_returns_what_passes_also_where_its_fields_were_not_asked_for(
    store: Store,
) -> None:
    write(store, lead(1, title="a", amount=5), lead(2, title="b", amount=10), lead(3, title="c"))
    title = column("title")
    assert [title(row) for row in store.read().scan(LEAD, ("title",), Big())] == ["b"]
    with store.write() as opened:
        opened.put(lead(4, title="d", amount=99))
        assert [title(row) for row in opened.scan(LEAD, ("title",), Big())] == ["b", "d"]


def test_a_scan_of_thousands_returns_each_once_and_in_order(store: Store) -> None:
    numbers = range(1, 3001)
    write(store, *(lead(number, title="x" * 50, amount=number % 20) for number in numbers))
    record_id = column("id")
    assert [record_id(row) for row in store.read().scan(LEAD, ("id",))] == [f"L-{each}" for each in numbers]
    passing = [f"L-{each}" for each in numbers if each % 20 >= 10]
    assert [record_id(row) for row in store.read().scan(LEAD, ("id",), Big())] == passing


@pytest.mark.parametrize(("first", "found"), [(1, 1), (150, 150), (3000, 3000), (9999, 3000), (0, 3000)])
def test_a_scan_of_the_first_stops_there(store: Store, first: int, found: int) -> None:
    write(store, *(lead(number, comment="x" * 50, amount=number % 20) for number in range(1, 3001)))
    every = [row.f_id for row in store.read().scan(LEAD, ("id",))]
    assert [row.f_id for row in store.read().scan(LEAD, ("id",), first=first)] == every[:found]
    with store.write() as writer:
        writer.discard("L-1")
        assert [row.f_id for row in writer.scan(LEAD, ("id",), first=first)] == every[1 : found + 1]
        passing = [row.f_id for row in writer.scan(LEAD, ("id",), Big())]
        assert [row.f_id for row in writer.scan(LEAD, ("id",), Big(), first=7)] == passing[:7]


def test_records_that_a_prefilter_does_not_rule_out_are_all_there_and_in_order(store: Store) -> None:
    write(store, *(lead(number, title=f"x{number % 7}", comment="y" * 50) for number in range(1, 3001)))
    seventh = [f"L-{number}" for number in range(1, 3001) if number % 7 == 3]

    def found(state: Reader) -> list[str]:
        records = list(state.records(LEAD, lambda raw: b'"x3"' in raw))
        numbers = [int(record.id[2:]) for record in records]
        assert numbers == sorted(numbers)
        return [record.id for record in records if record.title == "x3"]

    assert found(store.read()) == seventh
    assert {record.id for record in store.read().records(LEAD, lambda raw: False)} <= {
        record.id for record in store.read().records(LEAD)
    }
    with store.write() as writer:
        writer.put(lead(3, title="other"))
        writer.put(lead(4, title="x3"))
        writer.put(lead(3001, title="x3"))
        writer.discard("L-10")
        assert found(writer) == ["L-4", *seventh[2:], "L-3001"]


def test_a_state_read_is_unmoved_by_later_writers(store: Store) -> None:
    write(store, lead(1, title="old"))
    state = store.read()
    write(store, lead(1, title="new"), lead(2), entries=(entry("L-1"),))
    assert state.get("L-1") == lead(1, title="old")
    assert (state.count(LEAD), state.history(), state.generation) == (1, [], 1)


def test_a_writer_reads_what_it_wrote(store: Store, writer: Writer) -> None:
    writer.put(lead(2, stage="new"))
    writer.put(lead(1, stage="done"))
    writer.add_history([entry("L-1")])
    assert writer.get("L-1") == lead(1, stage="done")
    assert [record.id for record in writer.records(LEAD)] == ["L-1", "L-2"]
    assert [column("stage")(row) for row in writer.scan(LEAD, ["stage"])] == ["done", "new"]
    assert (writer.count(LEAD), [line.id for line in writer.history()]) == (2, ["L-1"])
    assert store.read().count(LEAD) == 0


def test_a_writer_scans_old_records_with_the_changes_in_their_places(store: Store) -> None:
    write(store, lead(1, stage="a"), lead(3, stage="c"), lead(5, stage="e"))
    with store.write() as writer:
        writer.put(lead(3, stage="C"))
        writer.discard("L-5")
        writer.put(lead(2, stage="b"))
        rows = writer.scan(LEAD, ["id", "stage"])
        assert [(row.f_id, row.f_stage) for row in rows] == [("L-1", "a"), ("L-2", "b"), ("L-3", "C")]
        assert [record.text("stage") for record in writer.records(LEAD)] == ["a", "b", "C"]


def test_records_may_be_put_while_they_are_gone_through(store: Store) -> None:
    write(store, lead(1), lead(2), lead(3))
    with store.write() as writer:
        for record in writer.records(LEAD):
            writer.put(record.having({"stage": "new"}))
        writer.commit()
    assert [record.stage for record in store.read().records(LEAD)] == ["new"] * 3


def test_leaving_without_commit_changes_nothing(store: Store) -> None:
    with store.write() as writer:
        writer.put(lead(1))
    assert (store.read().get("L-1"), store.read().generation) == (None, 0)


def test_an_error_inside_changes_nothing(store: Store) -> None:
    def fail() -> None:
        with store.write() as writer:
            writer.put(lead(1))
            raise Refused("no")

    with pytest.raises(Refused):
        fail()
    assert store.read().count(LEAD) == 0


def test_a_draft_can_be_changed_for_a_look_and_is_never_written(store: Store) -> None:
    write(store, lead(1))
    draft = store.draft()
    assert draft.new_id(LEAD) == "L-2"
    draft.put(lead(2))
    draft.discard("L-1")
    assert [record.id for record in draft.records(LEAD)] == ["L-2"]
    with pytest.raises(RuntimeError):
        draft.commit()
    assert [record.id for record in store.read().records(LEAD)] == ["L-1"]


def test_a_draft_does_not_wait_for_the_lock(store: Store) -> None:
    with store.write():
        assert store.draft().generation == 0


def test_every_commit_is_one_generation(store: Store) -> None:
    assert [write(store, lead(number)) for number in (1, 2, 3)] == [1, 2, 3]
    assert store.read().generation == 3


def test_a_commit_of_nothing_is_none(store: Store) -> None:
    write(store, lead(1))
    with store.write() as writer:
        assert writer.commit() == 1
    assert store.read().generation == 1


def test_a_commit_of_what_is_there_already_is_none(store: Store) -> None:
    write(store, lead(1, stage="new"))
    with store.write() as writer:
        writer.put(lead(1, stage="won"))
        writer.discard("L-1")
        writer.put(lead(1, stage="new"))
        writer.discard("L-2")
        writer.purge("L-3")
        assert writer.commit() == 1


def test_a_writer_takes_no_change_after_its_commit(store: Store, writer: Writer) -> None:
    writer.put(lead(1))
    writer.commit()
    assert (writer.generation, writer.get("L-1")) == (1, lead(1))
    with pytest.raises(RuntimeError):
        writer.put(lead(2))


def test_a_writer_takes_no_change_once_its_lock_is_released(store: Store) -> None:
    with store.write() as writer:
        pass
    with pytest.raises(RuntimeError):
        writer.commit()


def test_ids_are_counted_by_type(writer: Writer) -> None:
    given = [writer.new_id(kind) for kind in (LEAD, DEAL, LEAD, RecordType.COMPANY)]
    assert [*given, writer.new_run_id(), writer.new_run_id()] == ["L-1", "D-1", "L-2", "O-1", "R-1", "R-2"]


def test_an_id_is_never_given_again_even_if_its_record_was_purged(store: Store) -> None:
    write(store, lead(1), lead(2))
    with store.write() as writer:
        writer.discard("L-1")
        writer.purge("L-2")
        writer.commit()
    with store.write() as writer:
        assert (writer.was_given("L-1"), writer.was_given("L-2"), writer.was_given("L-3")) == (
            True,
            True,
            False,
        )
        assert writer.new_id(LEAD) == "L-3"


def test_new_ids_are_beyond_one_that_was_claimed(store: Store) -> None:
    with store.write() as writer:
        writer.claim_id("L-40")
        writer.put(lead(40))
        writer.commit()
    with store.write() as writer:
        assert writer.new_id(LEAD) == "L-41"


def test_ids_that_a_claim_jumped_over_can_be_claimed_but_are_not_given_out(store: Store) -> None:
    write(store, lead(40))
    with store.write() as writer:
        assert not writer.was_given("L-17")
        writer.claim_id("L-17")
        writer.put(lead(17))
        writer.commit()
    with store.write() as writer:
        assert [writer.was_given(f"L-{number}") for number in (16, 17, 18, 40)] == [False, True, False, True]
        assert writer.new_id(LEAD) == "L-41"


def test_an_id_given_out_cannot_be_claimed(store: Store, writer: Writer) -> None:
    writer.new_id(LEAD)
    with pytest.raises(Refused, match="L-1 was given out before"):
        writer.claim_id("L-1")


def test_a_record_put_under_an_unknown_id_claims_it(store: Store) -> None:
    write(store, lead(5))
    with store.write() as writer:
        assert writer.new_id(LEAD) == "L-6"
