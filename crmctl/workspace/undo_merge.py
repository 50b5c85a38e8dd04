"""What the undo of a merge, and the undo of that, adds: winner and losers go together, and in an order that holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from crmctl.model.change import Change, Entry
from crmctl.model.merging import INTO
from crmctl.storage.interface import Reader

Answers = Mapping[str, Change | str]
"""The change that takes each record back, or `kept` or `failed`."""


def heirs_of(entries: Sequence[Entry]) -> dict[str, str]:
    """Return by each record that the entries of a merge let go the one that it went into; nothing for other entries."""
    return {entry.id: entry.into for entry in entries if entry.into}


def going_again(change: Change, heirs: Mapping[str, str]) -> Change:
    """Return the change by which a merge is done again, with where the record goes."""
    record = change.before
    if change.after is not None or record is None or record.id not in heirs:
        return change
    return replace(change, before=record.having({INTO: heirs[record.id]}))


def held_together(kept: set[str], answers: Answers, heirs: Mapping[str, str], reader: Reader) -> set[str]:
    """Return the records to keep with those kept: losers stay where their winner does, and winners where they do."""
    found: set[str] = set()
    for loser, winner in heirs.items():
        trashed = reader.trashed(winner) if answers.get(winner) == "failed" else None
        gone_on = trashed is not None and trashed.get(INTO) is not None
        if winner in kept or gone_on:
            found |= {loser} if isinstance(answers.get(loser), Change) else set()
        if loser in kept:
            found |= {winner} if isinstance(answers.get(winner), Change) else set()
    return found


def in_order(changes: Sequence[Change]) -> list[Change]:
    """Return changes so that nobody holds a unique value at the same time as another: who gives it up is first."""
    return sorted(changes, key=lambda each: 0 if each.after is None else 2 if each.before is None else 1)
