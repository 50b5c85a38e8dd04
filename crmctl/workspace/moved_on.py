"""Records that are not any more what somebody looked at."""

from crmctl.model.records import Record, Value
from crmctl.storage.interface import Reader


def moved_on(record: Record, revision: int, reader: Reader, seen: str) -> str:
    """Return what became of a record since a revision; empty where nothing did, or all of it was taken back.

    `seen` is where somebody looked at that revision.
    """
    since = record.revision - revision
    if since == 0:
        return ""
    told = f"{record.label} is at revision {record.revision}, {seen} at {revision}"
    counted = [each for each in reader.history([record.id]) if each.changes or each.op == "restore"]
    if not 0 < since <= len(counted):
        return told
    then: dict[str, Value | None] = {}
    for entry in counted[-since:]:
        for name, (before, _) in entry.changes.items():
            then.setdefault(name, before)
    names = [name for name, before in then.items() if record.get(name) != before]
    return f"{told}: {', '.join(names)} changed since" if names else ""
