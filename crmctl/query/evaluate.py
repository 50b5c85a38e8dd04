"""What a bound condition needs to read, and how it becomes a test of rows."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import msgspec

from crmctl.model.records import RecordType, Value

Row = Any
"""A record, whole or some of its fields; only what `columns` returns looks into it."""
Getter = Callable[[Row], Value | None]
RowTest = Callable[[Row], bool]


class Lookups(Protocol):
    """What a test asks beyond the row itself."""

    def reference(self, record_id: str, field: str) -> Value | None:
        """Return another record's field, an amount with its currency; nothing where there is none."""

    def changes(self, record_id: str, field: str) -> Sequence[str]:
        """Return the kept moments at which a field was changed, ascending, its creation left out."""

    def stage_since(self, record_id: str) -> str | None:
        """Return the kept moment at which the record entered its present stage."""


class PassedOver:
    """Counts the records that a comparison could not judge, such as amounts in another currency."""

    def __init__(self) -> None:
        self.count = 0
        self._last: Row = None

    def add(self, row: Row) -> None:
        """Count a row, once however many comparisons pass over it."""
        if row is not self._last:
            self.count += 1
            self._last = row


class Access(msgspec.Struct, frozen=True):
    """How tests reach what they read: `columns` returns the getter of a field."""

    columns: Callable[[str], Getter]
    lookups: Lookups
    passed_over: PassedOver


class Reference(msgspec.Struct, frozen=True):
    """Fields that are read from the records of a type that the field `via` points to."""

    via: str
    record: RecordType
    fields: tuple[str, ...]


class Plan(msgspec.Struct, frozen=True):
    """A bound condition: `make` returns its test; the rest is what must be there to be read.

    `fields` are the row's; `histories` the fields whose changes are asked for.
    """

    make: Callable[[Access], RowTest]
    fields: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    histories: tuple[str, ...] = ()


def joined(plans: Sequence[Plan], combine: Callable[[Sequence[RowTest]], RowTest]) -> Plan:
    """Return the plan whose test combines those of several."""
    return Plan(
        lambda access: combine([plan.make(access) for plan in plans]),
        _distinct(name for plan in plans for name in plan.fields),
        _merged(reference for plan in plans for reference in plan.references),
        _distinct(name for plan in plans for name in plan.histories),
    )


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
