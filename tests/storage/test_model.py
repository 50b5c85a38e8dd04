"""Whatever is done to a data file, it holds what a store in memory holds after the same."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from crmctl.model.change import Entry, Run
from crmctl.model.records import Record, RecordType
from crmctl.storage.check import check
from crmctl.storage.interface import Reader, Writer
from crmctl.storage.memory import MemoryStore
from crmctl.storage.open import create_store

FIELDS = ["id", "title", "stage", "tags"]
values = st.fixed_dictionaries(
    {},
    optional={
        "title": st.text(min_size=1, max_size=8),
        "stage": st.sampled_from(["new", "won"]),
        "tags": st.lists(st.text(max_size=3), min_size=1, max_size=2),
        "score": st.floats(allow_nan=False, allow_infinity=False),
        "employees": st.integers(-(2**53), 2**53),
    },
)
kinds = st.sampled_from([RecordType.LEAD, RecordType.DEAL])


def whole(state: Reader) -> list[object]:
    """Return all that a state tells."""
    records = [(kind, list(state.records(kind)), state.count(kind)) for kind in RecordType]
    rows = [
        [getattr(row, f"f_{name}") for name in FIELDS]
        for kind in RecordType
        for row in state.scan(kind, FIELDS)
    ]
    ids = [f"{prefix}-{number}" for prefix in "LD" for number in range(1, 40)]
    given_out = [state.was_given(record_id) for record_id in ids]
    trash = sorted(record.id for record in state.trash())
    known = [
        (state.get(record_id), state.trashed(record_id), state.history([record_id])) for record_id in ids
    ]
    return [state.generation, records, rows, given_out, trash, known, state.history(), state.runs()]


class Stores(RuleBasedStateMachine):
    """A data file and a store in memory, told the same."""

    ids = Bundle("ids")

    @initialize()
    def create(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.file = create_store(self.folder / "crm.json", backups=self.folder / "backups")
        self.memory = MemoryStore()
        self.begin()

    def begin(self) -> None:
        self.opened = [self.file.write(), self.memory.write()]
        self.writers: list[Writer] = [opened.__enter__() for opened in self.opened]

    @rule(target=ids, kind=kinds, values=values)
    def put_new(self, kind: RecordType, values: dict[str, object]) -> str:
        first, second = (writer.new_id(kind) for writer in self.writers)
        assert first == second
        for writer in self.writers:
            writer.put(Record({"id": first, "record": kind.value, **values}))  # type: ignore[dict-item]
        return first

    @rule(target=ids, kind=kinds, number=st.integers(1, 39), values=values)
    def put_claimed(self, kind: RecordType, number: int, values: dict[str, object]) -> object:
        record_id = f"{kind.prefix}-{number}"
        if self.writers[0].was_given(record_id):
            return multiple()
        for writer in self.writers:
            writer.claim_id(record_id)
            writer.put(Record({"id": record_id, "record": kind.value, **values}))  # type: ignore[dict-item]
        return record_id

    @rule(record_id=ids, values=values)
    def put_again(self, record_id: str, values: dict[str, object]) -> None:
        kind = "lead" if record_id[0] == "L" else "deal"
        for writer in self.writers:
            writer.put(Record({"id": record_id, "record": kind, **values}))  # type: ignore[dict-item]

    @rule(record_id=ids)
    def discard(self, record_id: str) -> None:
        for writer in self.writers:
            writer.discard(record_id)

    @rule(record_id=consumes(ids))
    def purge(self, record_id: str) -> None:
        for writer in self.writers:
            writer.purge(record_id)

    @rule(record_id=ids, note=st.text(max_size=5), value=st.none() | st.text(max_size=3))
    def add_history(self, record_id: str, note: str, value: str | None) -> None:
        entry = Entry(
            record_id, 0, "2026-01-02T03:04:05Z", "anna", "update", note=note, changes={"x": (value, "y")}
        )
        for writer in self.writers:
            if writer.was_given(record_id):  # unless its writer was left without a commit
                writer.add_history([entry])

    @rule(rows=st.integers(0, 5))
    def put_run(self, rows: int) -> None:
        for writer in self.writers:
            writer.put_run(Run(writer.new_run_id(), 1, "2026-01-02T03:04:05Z", "anna", "import", rows=rows))

    @rule()
    def commit(self) -> None:
        first, second = (writer.commit() for writer in self.writers)
        assert first == second
        self.end()

    @rule()
    def leave_without_commit(self) -> None:
        self.end()

    def end(self) -> None:
        self.release()
        assert whole(self.file.read()) == whole(self.memory.read())
        assert check(self.file.path) == []
        self.begin()

    def release(self) -> None:
        for opened in self.opened:
            opened.__exit__(None, None, None)

    @invariant()
    def both_tell_the_same(self) -> None:
        if hasattr(self, "writers"):
            first, second = self.writers
            assert whole(first) == whole(second)

    def teardown(self) -> None:
        if hasattr(self, "writers"):
            self.release()
            shutil.rmtree(self.folder)


def test_a_data_file_behaves_as_a_store_in_memory(amount, tally) -> None:
    chosen = settings(
        max_examples=amount(25, 1500), stateful_step_count=amount(25, 50), deadline=None, print_blob=True
    )
    run_state_machine_as_test(Stores, settings=chosen)
    tally("sequences held against a model", chosen.max_examples)
