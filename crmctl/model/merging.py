"""What merged records leave behind: where they went, and what came with the record that stands for them now."""

from crmctl.model.change import Entry

MERGE = "merge"
"""The operation of all that a merge changes."""
INTO = "merged_into"
"""What a record in the trash has that went into another one: the id of that."""
FROM = "merged_from"
"""The field of the records that went into one, those that had gone into them included."""
_WENT = "into "
_ENDS = frozenset({"delete", "purge"})


def is_end(entry: Entry) -> bool:
    """Tell whether an entry is the end of its record: deleted, removed for good, or gone into another one."""
    return entry.op in _ENDS or is_merged_away(entry)


def is_merged_away(entry: Entry) -> bool:
    """Tell whether with an entry its record went into another one; what one does to other records changes them."""
    return entry.op == MERGE and not entry.changes


def note_of(winner: str) -> str:
    """Return what the history of a record says that goes into another one."""
    return f"{_WENT}{winner}"


def went_into(entry: Entry) -> str:
    """Return the id of the record that another one went into with an entry; empty for other entries."""
    return entry.note.removeprefix(_WENT) if is_merged_away(entry) and entry.note.startswith(_WENT) else ""
