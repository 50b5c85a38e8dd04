"""A process of its own that creates, edits and deletes, and tells what it has been promised to find again.

    writing_process.py DATABASE COMMITS [SEED]

Each commit is told after it returned, a line each: the operation, the id and the title. What is refused, as where
the lock file was deleted, is tried again.
"""

import random
import sys
from pathlib import Path

from crmctl.errors import LockTimeout, StoreUnreadable
from crmctl.model.change import Entry
from crmctl.model.records import Record, RecordType
from crmctl.storage.interface import Writer
from crmctl.storage.open import open_store
from crmctl.storage.store import FileStore

KINDS = (RecordType.LEAD, RecordType.DEAL, RecordType.TASK)


def operate(writer: Writer, mine: list[str], title: str, chance: random.Random) -> tuple[str, str]:
    """Do one thing to a record of this process."""
    op = chance.choice(["create", "edit", "delete"]) if mine else "create"
    kind = chance.choice(KINDS)
    record_id = writer.new_id(kind) if op == "create" else chance.choice(mine)
    if op == "delete":
        writer.discard(record_id)
        mine.remove(record_id)
    else:
        known = writer.get(record_id) or Record({"id": record_id, "record": kind.value})
        writer.put(known.having({"title": title}))
    if op == "create":
        mine.append(record_id)
    writer.add_history([Entry(record_id, 0, "2026-01-02T03:04:05Z", "anna", op, note=title)])
    return op, record_id


def committed(
    store: FileStore, mine: list[str], title: str, chance: random.Random
) -> tuple[str, str, list[str]] | None:
    """Do one thing and return what, or nothing where it was refused."""
    after = list(mine)
    try:
        with store.write() as writer:
            op, record_id = operate(writer, after, title, chance)
            writer.commit()
    except (LockTimeout, StoreUnreadable):
        return None
    return op, record_id, after


def main(path: str, commits: str, seed: str = "1") -> None:
    chance = random.Random(seed)
    store = open_store(Path(path), backups=Path(path).parent / "backups", timeout=60)
    mine: list[str] = []
    for number in range(int(commits)):
        title = f"{seed}-{number}"
        while (done := committed(store, mine, title, chance)) is None:
            pass
        op, record_id, mine = done
        print(op, record_id, title, flush=True)


main(*sys.argv[1:])
