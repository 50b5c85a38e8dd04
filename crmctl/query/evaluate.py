"""What a bound condition needs to read, and how it becomes a test of rows."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import msgspec

from crmctl.model.records import RecordType, Value

Row = Any
"""A record, whole or some of its fields; only what `columns` returns looks into it."""
Getter = Callable[[Row], Value | None]
RowTest = Callable[[Row], bool]
Narrow = Callable[[list[Row]], list[Row]]
"""Returns those of some rows that pass."""


class Lookups(Protocol):
    """What a test asks beyond the row itself."""

    def reference(self, record_id: str, field: str) -> Value | None:
        """Return another record's field, an amount with its currency; nothing where there is none."""

    def changes(self, record_id: str, field: str) -> Sequence[str]:
        """Return the kept moments at which a field was changed, ascending, its creation left out."""

    def stage_since(self, record_id: str) -> str | None:
        """Return the kept moment at which the record entered its present stage."""

    def commit_of(self, record_id: str, field: str) -> int:
        """Return the number of the commit that changed a field last, 0 where none is known."""

    def has_open_task(self, record_id: str) -> bool:
        """Tell whether any open task is for a record."""


class PassedOver:
    """Counts the records that a comparison could not judge, such as amounts in another currency."""

    def __init__(self) -> None:
        self.count = 0
        self._last: Row = None
        self._rows: dict[int, Row] | None = None

    def remember(self) -> None:
        """Hold the rows that are counted: comparisons are about to look at all rows one after the other.

        Else they come row by row, and to know the last is enough, and all there is room for in an import.
        """
        self._rows = {}

    def add(self, row: Row) -> None:
        """Count a row, once however many comparisons pass over it."""
        if row is self._last or (self._rows is not None and id(row) in self._rows):
            return
        self.count += 1
        self._last = row
        if self._rows is not None:
            self._rows[id(row)] = row


class Access(msgspec.Struct, frozen=True):
    """How tests reach what they read: `columns` returns the getter of a field, `together` that of several."""

    columns: Callable[[str], Getter]
    lookups: Lookups
    passed_over: PassedOver
    together: Callable[[str, str], Callable[[Row], Any]] | None = None

    def pair(self, first: str, second: str) -> Callable[[Row], Any]:
        """Return the function that takes two fields out of a row, in one step where the rows allow it."""
        if self.together:
            return self.together(first, second)
        one, other = self.columns(first), self.columns(second)
        return lambda row: (one(row), other(row))


class Reference(msgspec.Struct, frozen=True):
    """Fields that are read from the records of a type that the field `via` points to."""

    via: str
    record: RecordType
    fields: tuple[str, ...]


class Plan(msgspec.Struct, frozen=True):
    """A bound condition: `make` returns its test; the rest is what must be there to be read.

    `fields` are the row's; `histories` the fields whose changes are asked for. `narrow` says the same as the
    test of a hundred thousand rows at once, where that spares a call for each.
    """

    make: Callable[[Access], RowTest]
    fields: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    histories: tuple[str, ...] = ()
    narrow: Callable[[Access], Narrow] | None = None

    def narrowing(self, access: Access) -> Narrow:
        """Return the function that leaves the rows that pass."""
        if self.narrow:
            return self.narrow(access)
        passes = self.make(access)
        return lambda rows: [row for row in rows if passes(row)]


def joined(plans: Sequence[Plan], combine: Callable[[Sequence[RowTest]], RowTest]) -> Plan:
    """Return the plan whose test combines those of several."""
    return Plan(
        lambda access: combine([plan.make(access) for plan in plans]),
        _distinct(name for plan in plans for name in plan.fields),
        _merged(reference for plan in plans for reference in plan.references),
        _distinct(name for plan in plans for name in plan.histories),
    )


def all_of(plans: Sequence[Plan]) -> Plan:
    """Return the plan that all of several must hold; each looks only at the rows that those before it left."""

    def narrow(access: Access) -> Narrow:
        steps = [plan.narrowing(access) for plan in plans]

        def left(rows: list[Row]) -> list[Row]:
            for step in steps:
                rows = step(rows)
            return rows

        return left

    return msgspec.structs.replace(joined(plans, every), narrow=narrow)


def every(tests: Sequence[RowTest]) -> RowTest:
    """Return the test that all of some tests pass, tried in order."""
    if len(tests) == 1:
        return tests[0]
    # Halves, so that a long chain is no deep one.
    first, second = every(tests[: len(tests) // 2]), every(tests[len(tests) // 2 :])
    return lambda row: first(row) and second(row)


def some(tests: Sequence[RowTest]) -> RowTest:
    """Return the test that any of some tests passes, tried in order."""
    if len(tests) == 1:
        return tests[0]
    first, second = some(tests[: len(tests) // 2]), some(tests[len(tests) // 2 :])
    return lambda row: first(row) or second(row)


def none(tests: Sequence[RowTest]) -> RowTest:
    """Return the test that one test fails."""
    (test,) = tests
    return lambda row: not test(row)


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _merged(references: Iterable[Reference]) -> tuple[Reference, ...]:
    found: dict[tuple[str, RecordType], tuple[str, ...]] = {}
    for reference in references:
        key = (reference.via, reference.record)
        found[key] = (*found.get(key, ()), *reference.fields)
    return tuple(Reference(via, kind, _distinct(names)) for (via, kind), names in found.items())
