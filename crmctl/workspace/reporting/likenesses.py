"""Which records are of one client by the workspace's match rules, as `duplicates` has them; hints never say so."""

from collections.abc import Iterator, Mapping

from crmctl.model.configuration import Configuration
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.standard_fields import NAME_PARTS
from crmctl.rules.alike import Alike, name_words, names_agree
from crmctl.rules.key_index import KeyIndex, held_against
from crmctl.storage.interface import Row, column

_LOOKED_AT = 8
"""Known records of one name that a name is held against."""
_PATRONYMIC = "middle_name"
Values = Mapping[str, Value | None]


class Likenesses:
    """The records of one type as the match rules tell them apart; they are added, then asked for."""

    def __init__(self, kind: RecordType, configuration: Configuration) -> None:
        known = configuration.fields_of(kind)
        self._kind = kind
        self._alike = Alike(kind, configuration)
        self._by_person = frozenset(at for at, rule in enumerate(self._alike.rules) if rule.by_person)
        more = [name for name in NAME_PARTS if name in known] if self._by_person else []
        self.fields = tuple(dict.fromkeys((*self._alike.fields, *more)))
        self._columns = [(name, column(name)) for name in self.fields]
        self.index = KeyIndex(self._alike, hints=False)
        self._named: dict[str, list[str]] = {}

    def add(self, row: Row) -> None:
        """Learn of a record by its row, which has its id and the `fields`."""
        values = {name: get(row) for name, get in self._columns}
        self.index.add(row.f_id, values)
        if self._by_person and values.get(_PATRONYMIC):
            self._named[row.f_id] = self._words(values)

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield records that are of one."""
        for key, ids in self.index.several.items():
            if key[0] in self._by_person:
                yield from (pair for pair in held_against(ids) if self._agree(*pair))
            else:
                yield from ((ids[0], each) for each in ids[1:])

    def known(self, values: Values) -> Iterator[str]:
        """Yield the records that values of another type are of; those that are of one are not all named."""
        for key in self._alike.keys(values):
            found = self.index.of(key)
            if key[0] not in self._by_person:
                yield from found[:1]
                continue
            words = self._words(values)
            for record_id in found[:_LOOKED_AT]:
                if record_id not in self._named or names_agree(words, self._named[record_id]):
                    yield record_id

    def _agree(self, one: str, other: str) -> bool:
        # Only patronymics, where both have one, tell apart those who have the other names in common.
        mine, theirs = self._named.get(one), self._named.get(other)
        return mine is None or theirs is None or names_agree(mine, theirs)

    def _words(self, values: Values) -> list[str]:
        named = {name: value for name in NAME_PARTS if (value := values.get(name)) is not None}
        return name_words(Record({"record": self._kind.value, **named}))
