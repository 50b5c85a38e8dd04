"""Which records are of one client by the workspace's match rules, as `duplicates` has them; hints never say so."""

from collections.abc import Iterator, Mapping

from crmctl.model.configuration import Configuration
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.standard_fields import NAME_PARTS
from crmctl.rules.alike import Alike, name_words, names_agree
from crmctl.storage.interface import Row, column
from crmctl.workspace.duplicates import MOST_SHARING, held_against

_LOOKED_AT = 8
"""Known records of one name that a name is held against."""
_PATRONYMIC = "middle_name"
Key = tuple[int, str]
Values = Mapping[str, Value | None]


class Likenesses:
    """The records of one type as the match rules tell them apart; they are added, then asked for."""

    def __init__(self, kind: RecordType, configuration: Configuration) -> None:
        known = configuration.fields_of(kind)
        self._kind = kind
        self._alike = Alike(kind, configuration)
        self._telling = frozenset(at for at, rule in enumerate(self._alike.rules) if not rule.hint)
        self._by_person = frozenset(at for at, rule in enumerate(self._alike.rules) if rule.by_person)
        more = [name for name in NAME_PARTS if name in known] if self._by_person else []
        self.fields = tuple(dict.fromkeys((*self._alike.fields, *more)))
        self._columns = [(name, column(name)) for name in self.fields]
        self._first: dict[Key, str] = {}
        self._held: dict[Key, list[str]] = {}
        self._named: dict[str, list[str]] = {}
        self.shared: dict[Key, int] = {}

    def add(self, row: Row) -> None:
        """Learn of a record by its row, which has its id and the `fields`."""
        record_id, values = row.f_id, {name: get(row) for name, get in self._columns}
        for key in self._alike.keys(values):
            if key[0] not in self._telling:
                continue
            known = self._first.setdefault(key, record_id)
            if known != record_id:
                held = self._held.setdefault(key, [known])
                if held[-1] != record_id:
                    held.append(record_id)
            if key[0] in self._by_person and values.get(_PATRONYMIC):
                self._named[record_id] = self._words(values)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield records that are of one; a number that too many have is found to be shared, and tells nothing."""
        for key, ids in self._held.items():
            if len(ids) > MOST_SHARING and self._alike.is_number(key[0]):
                self.shared[key] = len(ids)
            elif key[0] in self._by_person:
                yield from (pair for pair in held_against(ids) if self._agree(*pair))
            else:
                yield from ((ids[0], each) for each in ids[1:])

    def known(self, values: Values) -> Iterator[str]:
        """Yield the records that values of another type are of; those that are of one are not all named."""
        for key in self._alike.keys(values):
            at = key[0]
            if key not in self._first or key in self.shared or at not in self._telling:
                continue
            if at not in self._by_person:
                yield self._first[key]
                continue
            words = self._words(values)
            for record_id in self._held.get(key, [self._first[key]])[:_LOOKED_AT]:
                if record_id not in self._named or names_agree(words, self._named[record_id]):
                    yield record_id

    def has_number(self, number: str) -> bool:
        """Tell whether a number is known, and of not too many."""
        keys = ((at, number) for at in self._telling if self._alike.is_number(at))
        return any(key in self._first and key not in self.shared for key in keys)

    def _agree(self, one: str, other: str) -> bool:
        # Only patronymics, where both have one, tell apart those who have the other names in common.
        mine, theirs = self._named.get(one), self._named.get(other)
        return mine is None or theirs is None or names_agree(mine, theirs)

    def _words(self, values: Values) -> list[str]:
        named = {name: value for name in NAME_PARTS if (value := values.get(name)) is not None}
        return name_words(Record({"record": self._kind.value, **named}))
