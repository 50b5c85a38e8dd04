"""What was set by a change and does not look right: told, and kept as it is."""

from collections.abc import Sequence

from crmctl.model.change import Change
from crmctl.model.configuration import Configuration
from crmctl.model.field_types import field_type
from crmctl.workspace.lookalike import mixed_addresses

MOST_DOUBTED = 20
"""Changes up to which phones are looked at one by one; an import counts its own."""


def doubts(changes: Sequence[Change], configuration: Configuration) -> list[str]:
    """Return a note on phones set now that are no valid numbers, and on addresses that only look like others."""
    if len(changes) > MOST_DOUBTED:
        return []
    return [*_doubtful_phones(changes), *mixed_addresses(changes, configuration)]


def _doubtful_phones(changes: Sequence[Change]) -> list[str]:
    numbers = {number for change in changes for number in new_phones(change)}
    doubtful = sorted(number for number in numbers if field_type("phone").match_key(number) is None)
    if not doubtful:
        return []
    told = "is no valid phone number" if len(doubtful) == 1 else "are no valid phone numbers"
    return [f"{', '.join(doubtful)} {told}: kept as typed, and never a reason to match"]


def new_phones(change: Change) -> set[str]:
    """Return the phones that a change adds to its record."""
    if change.after is None:
        return set()
    return set(change.after.many("phone")) - set(change.before.many("phone") if change.before else ())
