"""The way in: a data file as a store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmctl.storage.store import FileStore

if TYPE_CHECKING:
    from crmctl.storage.lock import OnWait


def open_store(
    path: Path, *, backups: Path | None = None, timeout: float = 10.0, on_wait: OnWait | None = None
) -> FileStore:
    """Return the store in a data file; nothing is read yet, and nothing made.

    `backups` is the folder of superseded generations, None keeps none. A writer waits `timeout` seconds
    for the lock, and after one tells `on_wait` who holds it.
    """
    return FileStore(path, backups=backups, timeout=timeout, on_wait=on_wait)


def create_store(
    path: Path,
    *,
    backups: Path | None = None,
    documents: Mapping[str, Mapping[str, Any]] | None = None,
    on_commit: Callable[[], object] | None = None,
) -> FileStore:
    """Make a store without records and return it; `documents` are in it from the first.

    Raises Refused where there is a file already.
    """
    store = FileStore(path, backups=backups)
    if on_commit:
        store.on_commit = on_commit
    store.create(documents)
    return store
