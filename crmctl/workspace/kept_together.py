"""What an undo keeps beside the records that changed since: those that hang together with them."""

from collections.abc import Mapping

from crmctl.model.change import Change
from crmctl.model.records import Record, Value, read_id
from crmctl.storage.interface import Reader
from crmctl.workspace.undo_merge import Answers, held_together


def kept_together(kept: set[str], answers: Answers, reader: Reader, heirs: Mapping[str, str]) -> set[str]:
    """Return the records to keep with those that changed since, so that nothing kept refers to what is gone.

    New records that a kept one refers to stay, and so does a change that made a record refer to a kept one.
    """
    waiting = {name: each for name, each in answers.items() if isinstance(each, Change)}
    kept |= held_together(kept, answers, heirs, reader)
    while kept:
        referred = {one for name in kept for one in named_by(reader.get(name))}
        more = {
            name
            for name, change in waiting.items()
            if (change.after is None and name in referred) or not kept.isdisjoint(_changed_references(change))
        } | held_together(kept, answers, heirs, reader)
        if more <= kept:
            break
        kept = kept | more
    return kept


def _changed_references(change: Change) -> set[str]:
    """Return the ids in the values that an undo would take back from a record that stays."""
    if change.after is None or change.before is None:
        return set()
    return {one for before, _ in change.differences().values() if before is not None for one in _ids(before)}


def named_by(record: Record | None) -> set[str]:
    """Return the ids in the values of a record."""
    return {one for value in record.values.values() for one in _ids(value)} if record else set()


def _ids(value: Value) -> list[str]:
    texts = value if isinstance(value, list) else [value]
    # A line of a deal begins with the product that it is of.
    words = [one.partition(" ")[0] for one in texts if isinstance(one, str) and one[1:2] == "-"]
    return [word for word in words if read_id(word) == word]
