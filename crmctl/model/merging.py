"""What merged records leave behind: where they went, and what came with the record that stands for them now."""

from crmctl.model.change import Change, Entry

MERGE = "merge"
"""The operation of all that a merge changes."""
INTO = "merged_into"
"""What a record in the trash has that went into another one: the id of that."""
FROM = "merged_from"
"""The field of the records that went into one, those that had gone into them included."""
_ENDS = frozenset({"delete", "purge"})


def is_end(entry: Entry) -> bool:
    """Tell whether an entry is the end of its record: deleted, removed for good, or gone into another one."""
    return entry.op in _ENDS or is_merged_away(entry)


def is_merged_away(entry: Entry) -> bool:
    """Tell whether with an entry its record went into another one; what one does to other records changes them."""
    return entry.op == MERGE and not entry.changes


def goes_into(change: Change) -> str:
    """Return the id of the record that another one goes into with a change; empty for other changes."""
    return change.record.text(INTO) if change.op == MERGE and change.after is None else ""
