"""Where a file has what: the columns of its rows, by position, sorted by what they are for."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from crmctl.importer.targets import ENTERED, ITEM, OTHERS
from crmctl.model.import_profile import CLOSED_AS
from crmctl.model.records import RecordType


class Entered(msgspec.Struct, frozen=True):
    """A column of moments at which records came to a stage, named as the file names it."""

    at: int
    stage: str
    pipeline: str = ""


class ColumnMap(msgspec.Struct, frozen=True):
    """Where each field's cells are, by position in a row.

    `fields` are to be written, each from one column or, many-valued, from several; `separate` are `id`,
    `revision` and `external_id`; `kept` are the upkeep fields whose originals come along; `typed` the columns
    of `TYPED_FORMS`. `passed` names the columns that nobody reads, `computed` those that crmctl works out.

    `linked` has the columns of the records that a row brings along, `others` that of further companies; `items` those
    of the line that it is; `entered` and `closed_as` tell of its past. Of references, `several` are the fields whose
    cells may name more records than they hold, `lenient` those that do without a record that is not there. `made` are
    the fields that a profile puts together of several columns. `head` stands before the names of fields in messages,
    as `contact.`.
    """

    header: tuple[str, ...]
    fields: Mapping[str, tuple[int, ...]]
    separate: Mapping[str, int]
    kept: Mapping[str, int]
    typed: Mapping[str, int]
    passed: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()
    linked: Mapping[RecordType, ColumnMap] = {}
    items: Mapping[str, int] = {}
    entered: tuple[Entered, ...] = ()
    closed_as: int | None = None
    others: int | None = None
    several: frozenset[str] = frozenset()
    lenient: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    head: str = ""

    def place(self, field: str) -> int | None:
        """Return where a field's first cell is, or nothing where no column holds it."""
        head, dot, name = field.partition(".")
        if field == OTHERS:
            return self.others
        if dot and head == ITEM:
            return self.items.get(name)
        if dot:
            part = next((part for kind, part in self.linked.items() if kind.value == head), None)
            return part.place(name) if part else None
        if field == CLOSED_AS:
            return self.closed_as
        several = self.fields.get(field)
        return several[0] if several else {**self.separate, **self.kept, **self.typed}.get(field)

    @property
    def brings(self) -> frozenset[RecordType]:
        """The types of the records that rows may bring along."""
        others = () if self.others is None else (RecordType.COMPANY,)
        return frozenset((*self.linked, *others, *((RecordType.PRODUCT,) if self.items else ())))

    def places(self) -> list[int]:
        """Return where the cells that are read are, in the order of the file."""
        return [at for at, _ in self._found()]

    def pairs(self) -> list[tuple[str, str]]:
        """Return the names of the columns that are read, each with its field, in the order of the file."""
        return [(self.header[at], name) for at, name in self._found()]

    def _found(self) -> list[tuple[int, str]]:
        one = {**self.separate, **self.kept, **self.typed}
        found = [(at, name) for name, at in one.items()]
        found += [(at, name) for name, places in self.fields.items() for at in places]
        found += [(at, f"{ITEM}.{name}") for name, at in self.items.items()]
        found += [(each.at, f"{ENTERED}.{each.stage}") for each in self.entered]
        if self.closed_as is not None:
            found.append((self.closed_as, CLOSED_AS))
        if self.others is not None:
            found.append((self.others, OTHERS))
        for kind, part in self.linked.items():
            found += [(at, f"{kind.value}.{name}") for at, name in part._found()]
        return sorted(found)
