"""Records that are not any more what somebody looked at."""

from crmctl.model.records import Record
from crmctl.storage.interface import Reader


def moved_on(record: Record, revision: int, reader: Reader) -> str:
    """Return what became of a record since a revision, empty where nothing did."""
    since = record.revision - revision
    if since == 0:
        return ""
    told = f"{record.label} is at revision {record.revision}, the plan at {revision}"
    entries = [each for each in reader.history([record.id]) if each.changes][-since:] if since > 0 else []
    names = list(dict.fromkeys(name for entry in entries for name in entry.changes))
    return f"{told}: {', '.join(names)} changed since" if names else told
