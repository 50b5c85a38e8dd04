"""What the tests of the storage room share: a store in an empty folder, and the shortest way to fill it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from crmctl.model.records import Record, RecordType
from crmctl.storage.alone import is_alone
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


@pytest.fixture
def leases(tmp_path: Path) -> None:
    """Pass over a test where the system cannot tell whether somebody else has a file open."""
    path = tmp_path / "asked"
    path.touch()
    handle = os.open(path, os.O_WRONLY)
    try:
        known = is_alone(handle)
    except OSError:
        known = False
    finally:
        os.close(handle)
        path.unlink()
    if not known:
        pytest.skip("this system cannot tell whether a file is open elsewhere")
