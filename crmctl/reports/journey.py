"""A record's way through its pipeline, as reports see it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

import msgspec

from crmctl.model.change import Entry, before_all, by_date
from crmctl.model.records import Value
from crmctl.text import name_key

Item = TypeVar("Item")
Spelling = TypeVar("Spelling")
Amounts = dict[str, str]
"""A sum a currency, as decimal text: unlike currencies are never added."""


class Stay(msgspec.Struct, frozen=True, gc=False):
    """A record's time on one stage, from the moment it entered (kept form, UTC) until its next stay begins."""

    pipeline: str
    stage: str
    entered: str


NO_VALUES: Mapping[str, Value | None] = MappingProxyType({})


class Journey(msgspec.Struct, frozen=True, gc=False):
    """Where a record is and was in a pipeline. `stages` are those it is known to have entered, in order.

    `entered` has the moment of each entry and `left` that of each leaving, empty for a stage it is on; `closed` is that
    of its end on a won or lost stage, if it is on one.
    A record that came to us closed, without its way there, entered none that we know of.
    `group` is what the report is divided by, `reason` why it was lost. A `transferred` record has gone on to
    another pipeline: here it is neither open nor won nor lost any more; `over` is when it closed, in whatever
    pipeline. `values` are the further fields that the report asked for, as they are kept.

    One journey may stand for several records, `count` of them, that a report need not tell apart: then it has no
    id and no moments, and the sum of their amounts.
    """

    id: str
    pipeline: str
    stage: str
    amount: str | None = None
    currency: str | None = None
    reason: str | None = None
    group: str | None = None
    stages: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    created: str = ""
    closed: str | None = None
    transferred: bool = False
    count: int = 1
    left: tuple[str, ...] = ()
    values: Mapping[str, Value | None] = NO_VALUES
    over: str | None = None


def size(journeys: Iterable[Journey]) -> int:
    """Return how many records there are in some journeys."""
    return sum(journey.count for journey in journeys)


def stays(pipeline: str, stage: str, created: str, entries: Sequence[Entry]) -> list[Stay]:
    """Return every stay of a record in order.

    A creation's stage is not in its entry: it is what the first change of stage started from, and so is the
    pipeline. Moves go by their dates, `entries` may be in any order.
    """
    moves = by_date(entry for entry in entries if "stage" in entry.changes or "pipeline" in entry.changes)
    first = Stay(
        str(before_all(moves, "pipeline") or pipeline), str(before_all(moves, "stage") or stage), created
    )
    found = [first]
    for entry in moves:
        now_on = {name: str(entry.changes[name][1] or "") for name in _PLACE if name in entry.changes}
        found.append(msgspec.structs.replace(found[-1], **now_on, entered=entry.at))
    return found


_PLACE = ("pipeline", "stage")


def grouped(
    journeys: Iterable[Journey], name: Callable[[Journey], str | None]
) -> list[tuple[str | None, list[Journey]]]:
    """Return the journeys by what `name` returns, the largest group first.

    Names that differ only in case are one, called as most are; journeys without a name are a group too, the first
    of those that are as large.
    """
    return parted(journeys, name, lambda journey: journey.count)


def parted(
    items: Iterable[Item], name: Callable[[Item], str | None], count: Callable[[Item], int]
) -> list[tuple[str | None, list[Item]]]:
    """Return things of journeys in the same way, each as many as `count` returns."""
    every = list(items)
    spelt: dict[str | None, list[Item]] = {}
    for item in every:
        spelt.setdefault(name(item), []).append(item)
    alike: dict[str, list[str | None]] = {}
    for spelling in spelt:
        alike.setdefault(name_key(spelling or ""), []).append(spelling)
    named = []
    for spellings in alike.values():
        counts = {each: sum(map(count, spelt[each])) for each in spellings}
        # In the order in which they came, however each is spelt.
        group = [each for each in every if name(each) in counts] if len(counts) > 1 else spelt[spellings[0]]
        named.append((commonest(counts) or None, group, sum(counts.values())))
    return [
        (called, group) for called, group, number in sorted(named, key=lambda each: by_size(each[2], each[0]))
    ]


def by_size(number: int, name: str | None) -> tuple[int, str]:
    """Return the place of a group of so many: the largest is first, of those as large the one without a name."""
    return -number, name or ""


def commonest(counts: Mapping[Spelling, int]) -> Spelling:
    """Return the spelling that is met most often; of several one in lower case, as ids are."""
    # Whichever came first would hang on the order in which records were created.
    return min(counts, key=lambda each: (-counts[each], str(each or "").swapcase()))


def text_of(value: object) -> str | None:
    """Return a value as reports name it, several together; nothing for none."""
    if isinstance(value, list):
        return "; ".join(map(str, value)) or None
    return None if value is None else str(value) or None


def share(part: int, whole: int) -> float | None:
    """Return a rate from 0 to 1, nothing where there is nothing to divide by."""
    return part / whole if whole else None
