"""What a column may be for: a field of the row's record, one of a record that comes with it, or a part of its past.

Beside fields there are `contact.FIELD` and `company.FIELD`, whose records a row finds or makes and links;
`company.others`, further companies of a contact; `item.product`, `item.price` and `item.quantity`, the line of a
deal that a row is; `closed_as`, how a record ended
where its stage does not say so; and `entered.STAGE`, when it came to a stage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from crmctl.model.field import Field
from crmctl.model.import_profile import CLOSED_AS
from crmctl.model.records import RecordType
from crmctl.text import name_key

ENTERED = "entered"
ITEM = "item"
OTHERS = f"{RecordType.COMPANY.value}.others"
"""A column with the titles of further companies of a contact, a line each."""
ITEM_PARTS = ("product", "price", "quantity")
DERIVED = frozenset({"outcome"})
"""Columns that exports of crmctl have and no record."""


class Target(msgspec.Struct, frozen=True):
    """What a profile presumes a column to be for: `name` is what `--map` takes, `-` included.

    `several`: a cell may name several records, of which a field of one value takes the first. `lenient`: a record
    that is not there is told, and left out. `stage` and `pipeline` are those that a column `entered` is of;
    `made` is what is put together of several columns.
    """

    name: str
    several: bool = False
    lenient: bool = False
    stage: str = ""
    pipeline: str = ""
    made: bool = False


class Targets:
    """The names of what columns of one record type may be for.

    `linked` has the fields of the records that rows may bring along.
    """

    def __init__(
        self, fields: Mapping[str, Field], linked: Mapping[RecordType, Mapping[str, Field]] | None = None
    ) -> None:
        self.fields = fields
        self.linked = linked or {}
        self._linked = {kind.value: known for kind, known in self.linked.items()}
        self._own = _field_names(fields)
        self._names: dict[str, dict[str, str]] = {}

    def find(self, text: str) -> str | None:
        """Return what a name means: a field by id, title or alias, `contact.phone`, or another target."""
        key = name_key(text)
        own = self._own.get(key)
        if own is not None or not key:
            return own
        if key in (CLOSED_AS, ENTERED):
            return key if "stage" in self.fields else None
        head, dot, rest = key.partition(".")
        return self._beside(head, rest.strip(), text) if dot else None

    def field(self, target: str) -> Field | None:
        """Return the field that a target is, if it is one."""
        head, dot, name = target.partition(".")
        return self._linked.get(head, {}).get(name) if dot else self.fields.get(target)

    def is_known(self, target: str) -> bool:
        """Tell whether what was found is more than a column of exports."""
        head = target.partition(".")[0]
        return self.field(target) is not None or head in (CLOSED_AS, ENTERED, ITEM) or target == OTHERS

    def ids(self) -> list[str]:
        """Return what is written for each target that is a field, for hints."""
        return [*self.fields, *(f"{kind}.{name}" for kind, known in self._linked.items() for name in known)]

    def names(self) -> Iterator[str]:
        """Yield every name that a column may have for a field, for hints."""
        yield from self.ids()
        for field in self.fields.values():
            yield from filter(None, (field.title, *field.aliases))

    def _beside(self, head: str, rest: str, text: str) -> str | None:
        if text.casefold() == OTHERS and RecordType.COMPANY in self.linked and "companies" in self.fields:
            return OTHERS
        if head in self._linked:
            if head not in self._names:
                self._names[head] = _field_names(self._linked[head])
            name = self._names[head].get(rest)
            return f"{head}.{name}" if name and name not in DERIVED else None
        if head == ITEM and "items" in self.fields:
            return f"{ITEM}.{rest}" if rest in ITEM_PARTS else None
        if head == ENTERED and "stage" in self.fields and rest:
            return f"{ENTERED}.{text.partition('.')[2].strip()}"
        return None


def _field_names(fields: Mapping[str, Field]) -> dict[str, str]:
    """Return the field that each name means, by the name's key; ids win over titles, titles over aliases."""
    found = {name_key(name): name for name in fields}
    for field in fields.values():
        found.setdefault(name_key(field.title), field.name)
    for field in fields.values():
        for alias in field.aliases:
            found.setdefault(name_key(alias), field.name)
    for name in DERIVED:
        found.setdefault(name, name)
    found.pop("", None)
    return found
