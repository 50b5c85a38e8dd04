"""A bound expression: what it reads, and the test that it becomes."""

from collections.abc import Callable

import msgspec

from crmctl.query.evaluate import Access, Getter, Lookups, Narrow, PassedOver, Plan, Reference, RowTest


class Bound(msgspec.Struct, frozen=True):
    """An expression whose names are resolved. Its tests count what they pass over."""

    plan: Plan
    _tally: PassedOver = msgspec.field(default_factory=PassedOver)

    @property
    def fields(self) -> tuple[str, ...]:
        """The stored fields of the row that the test reads."""
        return self.plan.fields

    @property
    def references(self) -> tuple[Reference, ...]:
        """The fields of other records that it looks up."""
        return self.plan.references

    @property
    def histories(self) -> tuple[str, ...]:
        """The fields whose history it looks up."""
        return self.plan.histories

    @property
    def passed_over(self) -> int:
        """How many of the records tested so far no comparison could judge: amounts in other currencies."""
        return self._tally.count

    def predicate(self, columns: Callable[[str], Getter], lookups: Lookups) -> RowTest:
        """Return the test of rows: `columns` gives the getter of each of `fields`."""
        return self.plan.make(Access(columns, lookups, self._tally))

    def narrowing(self, columns: Callable[..., Getter], lookups: Lookups) -> Narrow:
        """Return the function that leaves the rows that pass; here `columns` takes several names, too."""
        self._tally.remember()
        return self.plan.narrowing(Access(columns, lookups, self._tally, columns))


class Filter(msgspec.Struct, frozen=True):
    """A bound expression with what it looks up: what a store narrows a scan by.

    A store that has a language of its own may translate `bound.plan`; any other asks `narrowing`.
    """

    bound: Bound
    lookups: Lookups

    @property
    def fields(self) -> tuple[str, ...]:
        """The stored fields that it reads."""
        return self.bound.fields

    def narrowing(self, columns: Callable[..., Getter]) -> Narrow:
        """Return what leaves the rows that pass, of all rows at once or of one batch after the other."""
        return self.bound.narrowing(columns, self.lookups)
