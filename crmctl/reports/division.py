"""What the records of a report are divided by: a field, such as the source or the owner."""

from collections.abc import Callable

import msgspec

from crmctl.model.table import Column, Row


class Division(msgspec.Struct, frozen=True):
    """What records are divided by: the name of a field, and what gives the text of a value or of none.

    `told` gives a value as programs are told it; `show` takes it in that form, too.
    """

    name: str
    show: Callable[[str | None], str]
    told: Callable[[str | None], str | None] = lambda value: value
    title: str = ""

    @property
    def key(self) -> str:
        """The key of the value in rows, another than those that rows of a funnel have."""
        return f"by_{self.name}" if self.name in _TAKEN else self.name

    @property
    def column(self) -> Column:
        """The column that names the group a row is of."""
        return Column(self.key, self.title)

    def shown(self, row: Row) -> str:
        """Return the text of the value that a row is of, as programs are told it."""
        told = row[self.key]
        return self.show(None if told is None else str(told))


_TAKEN = frozenset(
    {"stage", "title", "outcome", "bar", "count", "share", "amount", "conversion", "cumulative", "open"}
    | {"reason", "ids", "pipeline"}
)
"""Keys of rows that mean something else than the field of the same name."""
