"""Records that went into others: which one stands for them now, and what it goes by beside its own values."""

from collections.abc import Iterator
from functools import cache

from crmctl.model.merging import FROM, INTO, MERGE
from crmctl.model.records import Record, RecordType
from crmctl.storage.interface import Reader


def heir(reader: Reader, record_id: str) -> str:
    """Return the id of the record that is there for one that was merged away; empty where none is.

    One that went into another may have gone on with that.
    """
    seen: set[str] = set()
    while record_id not in seen:
        seen.add(record_id)
        trashed = reader.trashed(record_id)
        record_id = trashed.text(INTO) if trashed else ""
        if not record_id or reader.get(record_id):
            return record_id
    return ""


def present(reader: Reader, record_id: str) -> str:
    """Return the id of a record, or of the one that it went into; empty where neither is there."""
    return record_id if reader.get(record_id) else heir(reader, record_id)


def absorbed(reader: Reader, record: Record) -> list[str]:
    """Return the ids of the records that went into one, and did not come back."""
    return [each for each in record.many(FROM) if reader.get(each) is None]


def any_merged(reader: Reader) -> bool:
    """Tell whether any records were ever merged: the ledger is quickly looked at."""
    return any(run.op == MERGE for run in reader.runs())


def merged_away(reader: Reader, kind: RecordType) -> Iterator[tuple[str, Record]]:
    """Yield each record of a type that went into another, with the id of the one that is there for it."""
    # The trash may hold a hundred thousand records of an import that was undone.
    if not any_merged(reader):
        return
    gone = {each.id: each for each in reader.trash() if each.get(INTO)}
    is_there = cache(lambda record_id: reader.get(record_id) is not None)
    for trashed in gone.values():
        found, steps = trashed.text(INTO), 0
        while found in gone and not is_there(found) and steps <= len(gone):
            found, steps = gone[found].text(INTO), steps + 1
        if trashed.type is kind and is_there(found):
            yield found, trashed
