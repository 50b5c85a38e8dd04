"""What a data file holds, in numbers."""

import msgspec

from crmctl.storage.backups import Backup
from crmctl.storage.store import FileStore


class Stats(msgspec.Struct, frozen=True):
    """A data file in numbers: bytes, commits, lines by table, and its backups, newest first."""

    path: str
    size: int
    generation: int
    counts: dict[str, int]
    backups: list[Backup]


def stats(store: FileStore) -> Stats:
    """Return a data file in numbers. Raises NotFound, StoreDamaged, StoreUnreadable."""
    meta = store.load().meta
    kept = store.backups.all() if store.backups else []
    return Stats(str(store.path), store.target.stat().st_size, meta.generation, meta.counts, kept)
