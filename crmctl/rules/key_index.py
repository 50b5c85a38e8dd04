"""The keys that the records of a type have by the match rules, found in one pass over them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from crmctl.model.records import Value
from crmctl.rules.alike import Alike

MOST_SHARING = 5
"""Records that may share a phone number: one of more is an office's or a switchboard's, and no reason to match."""
_ALL_PAIRS = 8
"""Records of a key up to which each is held against each; of more, all are held against the first."""
Key = tuple[int, str]
"""A rule, by its place, and what records that agree in it have in common."""


class KeyIndex:
    """Which records have which keys. Numbers that too many share tell nothing: they are `shared`, and of nobody."""

    def __init__(self, alike: Alike, *, hints: bool = True) -> None:
        self._alike = alike
        self._rules = frozenset(at for at, rule in enumerate(alike.rules) if hints or not rule.hint)
        self._numbers = frozenset(filter(alike.is_number, self._rules))
        self._first: dict[Key, str] = {}
        self._held: dict[Key, list[str]] = {}

    def add(self, record_id: str, values: Mapping[str, Value | None]) -> None:
        """Learn of a record by the values that the rules read."""
        for key in self._alike.keys(values):
            if key[0] not in self._rules:
                continue
            known = self._first.setdefault(key, record_id)
            if known != record_id:
                held = self._held.setdefault(key, [known])
                if held[-1] != record_id:
                    held.append(record_id)

    def of(self, key: Key) -> Sequence[str]:
        """Return the records that have a key, in the order in which they were added."""
        if key in self._held:
            return () if self._is_shared(key) else self._held[key]
        return (self._first[key],) if key in self._first else ()

    def has_number(self, number: str) -> bool:
        """Tell whether a number is known, and of not too many."""
        return any(self.of((at, number)) for at in self._numbers)

    @property
    def several(self) -> dict[Key, Sequence[str]]:
        """The keys that several records have, with these."""
        return {key: ids for key, ids in self._held.items() if not self._is_shared(key)}

    @property
    def shared(self) -> dict[Key, int]:
        """The numbers that too many records share, with how many these are."""
        return {key: len(ids) for key, ids in self._held.items() if self._is_shared(key)}

    def _is_shared(self, key: Key) -> bool:
        return key[0] in self._numbers and len(self._held[key]) > MOST_SHARING


def held_against(ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of records with a key in common that are looked at."""
    if len(ids) <= _ALL_PAIRS:
        return combinations(ids, 2)
    return ((ids[0], each) for each in ids[1:])
