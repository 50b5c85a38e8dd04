"""What is left of history when a record is purged."""

from crmctl.model.change import Entry


def bare(entry: Entry) -> Entry:
    """Return a line of history without anything of the record: that something was done, when and by whom."""
    return Entry(entry.id, entry.gen, entry.at, entry.by, entry.op, run=entry.run, undoes=entry.undoes)
