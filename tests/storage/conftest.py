"""What the tests of the storage room share: a store in an empty folder, and the shortest way to fill it."""

import os
import struct
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
def let_somebody_read() -> Callable[[Path], bytes]:
    """Give a file a list of rights by which somebody else may read it; returns the list."""

    def give(path: Path) -> bytes:
        entries = [(1, 6, 0), (2, 4, 65534), (4, 0, 0), (16, 4, 0), (32, 0, 0)]  # setfacl -m user:65534:r
        rights = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
        try:
            os.setxattr(path, "system.posix_acl_access", rights)
        except (AttributeError, OSError):
            pytest.skip("this file system knows no lists of rights")
        return os.getxattr(path, "system.posix_acl_access")

    return give


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
