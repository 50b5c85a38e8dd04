"""A record's way through its pipeline, as reports see it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

import msgspec

from crmctl.model.change import Entry
from crmctl.text import name_key

Amounts = dict[str, str]
"""A sum a currency, as decimal text: unlike currencies are never added."""


class Journey(msgspec.Struct, frozen=True, gc=False):
    """Where a record is and was in a pipeline. `stages` are those it entered in order, the last one last.

    `group` is what the report is divided by, `reason` why it was lost. A `transferred` record has gone on to
    another pipeline: here it is neither open nor won nor lost any more.
    """

    id: str
    pipeline: str
    stage: str
    amount: str | None = None
    currency: str | None = None
    reason: str | None = None
    group: str | None = None
    stages: tuple[str, ...] = ()
    transferred: bool = False


def stays(pipeline: str, stage: str, entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """Return the pipeline and the stage of every stay of a record in order, the present one last.

    A creation's stage is not in its entry: it is what the first change of stage started from, and so is the
    pipeline. `entries` may be in any order.
    """
    moves = sorted(
        (entry for entry in entries if "stage" in entry.changes or "pipeline" in entry.changes),
        key=lambda entry: (entry.at, entry.gen),
    )
    found = [(_first(moves, "pipeline") or pipeline, _first(moves, "stage") or stage)]
    for entry in moves:
        before = dict(zip(("pipeline", "stage"), found[-1], strict=True))
        after = {name: str(entry.changes[name][1] or "") for name in before if name in entry.changes}
        here = {**before, **after}
        found.append((here["pipeline"], here["stage"]))
    return found


def _first(moves: Sequence[Entry], name: str) -> str:
    """Return what a field was before its first change, empty where it never changed."""
    changes = (entry.changes[name][0] for entry in moves if name in entry.changes)
    return str(next(changes, None) or "")


def grouped(
    journeys: Iterable[Journey], name: Callable[[Journey], str | None]
) -> list[tuple[str | None, list[Journey]]]:
    """Return the journeys by what `name` returns, the largest group first.

    Names that differ only in case are one, called as it was first; journeys without a name are a group too.
    """
    groups: dict[str, list[Journey]] = {}
    for journey in journeys:
        groups.setdefault(name_key(name(journey) or ""), []).append(journey)
    named = [(name(group[0]), group) for group in groups.values()]
    return sorted(named, key=lambda pair: (-len(pair[1]), pair[0] or ""))


def summed(journeys: Iterable[Journey]) -> Amounts:
    """Return the sum of the amounts, a currency each, in the order of the codes."""
    counted = Counter((j.currency or "", j.amount) for j in journeys if j.amount is not None)
    sums: dict[str, Decimal] = {}
    for (currency, amount), count in counted.items():
        sums[currency] = sums.get(currency, Decimal(0)) + Decimal(str(amount)) * count
    return {currency: f"{sums[currency]:f}" for currency in sorted(sums)}


def share(part: int, whole: int) -> float | None:
    """Return a rate from 0 to 1, nothing where there is nothing to divide by."""
    return part / whole if whole else None
