"""What an undo keeps beside the records that changed since: those that hang together with them."""

from collections.abc import Callable, Mapping

from crmctl.model.change import Change
from crmctl.model.field import Field
from crmctl.model.records import Record, RecordType
from crmctl.storage.interface import Reader
from crmctl.workspace.referrers import named_in
from crmctl.workspace.undo_merge import Answers, held_together

Pointing = Callable[[RecordType], Mapping[str, Field]]
"""The fields of a type that name other records."""


def kept_together(
    kept: set[str], answers: Answers, reader: Reader, heirs: Mapping[str, str], pointing: Pointing
) -> set[str]:
    """Return the records to keep with those that changed since, so that nothing kept refers to what is gone.

    New records that a kept one refers to stay, and so does a change that made a record refer to a kept one.
    """
    waiting = {name: each for name, each in answers.items() if isinstance(each, Change)}
    kept |= held_together(kept, answers, heirs, reader)
    while kept:
        referred = {one for name in kept for one in named_by(reader.get(name), pointing)}
        more = {
            name
            for name, change in waiting.items()
            if (change.after is None and name in referred)
            or not kept.isdisjoint(_changed_references(change, pointing))
        } | held_together(kept, answers, heirs, reader)
        if more <= kept:
            break
        kept = kept | more
    return kept


def _changed_references(change: Change, pointing: Pointing) -> set[str]:
    """Return the ids in the values that an undo would take back from a record that stays."""
    if change.after is None or change.before is None:
        return set()
    before = {name: old for name, (old, _) in change.differences().items()}
    return named_in(before, pointing(change.record.type))


def named_by(record: Record | None, pointing: Pointing) -> set[str]:
    """Return the ids that a record names."""
    return named_in(record.values, pointing(record.type)) if record else set()
