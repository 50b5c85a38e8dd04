"""Which ids were given out: counters that only ever go up, and the numbers an import jumped over."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter

from crmctl.errors import Refused

PREFIXES = ("L", "C", "O", "D", "T", "P", "R")
"""The letters of the six record types and of runs."""

Range = tuple[int, int]
"""First and last number."""


class Ids:
    """The next number of every prefix, and the ranges below it that were never given out.

    Such ranges come from ids brought by an import: after `D-40` in an empty store, `D-1` to `D-39`
    may still be brought, but are not given to new records.
    """

    def __init__(
        self, following: Mapping[str, int] | None = None, skipped: Mapping[str, Iterable[Range]] | None = None
    ) -> None:
        self.next = dict.fromkeys(PREFIXES, 1) | dict(following or {})
        self.skipped: dict[str, list[Range]] = {
            prefix: [(first, last) for first, last in ranges] for prefix, ranges in (skipped or {}).items()
        }

    @classmethod
    def beyond(cls, ids: Iterable[str]) -> "Ids":
        """Return counters for which every number up to the largest of some ids was given out."""
        largest: dict[str, int] = {}
        for record_id in ids:
            largest[record_id[0]] = max(largest.get(record_id[0], 0), int(record_id[2:]))
        return cls({prefix: number + 1 for prefix, number in largest.items()})

    def new(self, prefix: str) -> str:
        """Give out the next id."""
        number = self.next[prefix]
        self.next[prefix] = number + 1
        return f"{prefix}-{number}"

    def was_given(self, record_id: str) -> bool:
        """Tell whether an id was ever given out."""
        return self.gave(record_id[0], int(record_id[2:]))

    def gave(self, prefix: str, number: int) -> bool:
        """Tell whether the id of a number was ever given out."""
        if not 0 < number < self.next.get(prefix, 1):
            return False
        return prefix not in self.skipped or self._hole(prefix, number) is None

    def claim(self, record_id: str) -> None:
        """Give out a certain id; the counter moves beyond it. Raises Refused for one given out before."""
        if self.was_given(record_id):
            raise Refused(f"{record_id} was given out before", record=record_id)
        prefix, number = record_id[0], int(record_id[2:])
        following = self.next[prefix]
        if number < following:
            self._fill(prefix, number)
            return
        if number > following:
            self.skipped.setdefault(prefix, []).append((following, number - 1))
        self.next[prefix] = number + 1

    def reserve(self, record_id: str) -> None:
        """Keep an id, and those below it that are free, from new records; it may still be claimed."""
        prefix, number = record_id[0], int(record_id[2:])
        following = self.next[prefix]
        if number >= following:
            self.skipped.setdefault(prefix, []).append((following, number))
            self.next[prefix] = number + 1

    def never_below(self, other: "Ids") -> None:
        """Count as given whatever the other counters gave: going back to an old state reuses no id."""
        for prefix in {*self.next, *other.next}:
            following = max(self.next.get(prefix, 1), other.next.get(prefix, 1))
            both = _common(self._unused(prefix, following), other._unused(prefix, following))
            self.next[prefix] = following
            self.skipped[prefix] = [hole for hole in both if hole[0] < following]

    def holes(self) -> dict[str, list[Range]]:
        """Return the skipped ranges of the prefixes that have any."""
        return {prefix: ranges for prefix, ranges in self.skipped.items() if ranges}

    def _hole(self, prefix: str, number: int) -> int | None:
        ranges = self.skipped.get(prefix)
        if not ranges:
            return None
        at = bisect_right(ranges, number, key=itemgetter(0)) - 1
        return at if at >= 0 and number <= ranges[at][1] else None

    def _fill(self, prefix: str, number: int) -> None:
        at = self._hole(prefix, number)
        assert at is not None
        first, last = self.skipped[prefix][at]
        parts = [(first, number - 1), (number + 1, last)]
        self.skipped[prefix][at : at + 1] = [part for part in parts if part[0] <= part[1]]

    def _unused(self, prefix: str, limit: int) -> list[Range]:
        return [*self.skipped.get(prefix, ()), (self.next.get(prefix, 1), limit)]


def _common(one: list[Range], other: list[Range]) -> Iterator[Range]:
    """Yield what two sorted lists of ranges share."""
    i = j = 0
    while i < len(one) and j < len(other):
        first, last = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if first <= last:
            yield first, last
        if one[i][1] <= other[j][1]:
            i += 1
        else:
            j += 1
