"""What the tests of the storage room share: a store in an empty folder, and the shortest way to fill it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crmctl.model.records import Record, RecordType
from crmctl.storage.open import create_store
from crmctl.storage.store import FileStore

Add = Callable[..., str]


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return create_store(tmp_path / "crm.json", backups=tmp_path / ".crmctl" / "backups")


@pytest.fixture
def add() -> Add:
    """Commit one more record and return its id."""

    def add_record(store: FileStore, kind: RecordType = RecordType.DEAL, **values: object) -> str:
        with store.write() as writer:
            record_id = writer.new_id(kind)
            writer.put(Record({"id": record_id, "record": kind.value, **values}))
            writer.commit()
        return record_id

    return add_record
