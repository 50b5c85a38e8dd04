"""Records as they stand in their pipelines, counted while they are read: a snapshot asks for no journey of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from crmctl.model.records import Value
from crmctl.reports.journey import Journey, text_of
from crmctl.storage.interface import Reader, Row, column
from crmctl.workspace.reporting.amounts import CountedAmounts
from crmctl.workspace.reporting.part import Gathered, Part
from crmctl.workspace.workspace import Workspace

if TYPE_CHECKING:
    from crmctl.query.evaluate import Narrow

Key = tuple[Value | None, ...]

CLOSED = ""
"""Stands for the moment of a closing where it does not matter."""


class SeveralValues(Exception):
    """A record has several values in a field by which records are told apart."""


def snapshot(
    workspace: Workspace, reader: Reader, parts: Sequence[Part], amounts: CountedAmounts
) -> list[Gathered]:
    """Return the records that are in each pipeline now, those alike as one. Raises SeveralValues."""
    tallies = []
    for part in parts:
        where = workspace.filter(part.bound, reader)
        tallies.append(_Tally(part, where.narrowing(column) if where else None, amounts))
    for kind in dict.fromkeys(part.pipeline.record for part in parts):
        here = [tally for tally in tallies if tally.part.pipeline.record is kind]
        names = dict.fromkeys(name for tally in here for name in tally.part.fields())
        reader.scan_in_batches(kind, tuple(names), partial(_take, here))
    return [Gathered(tally.part, tally.journeys(), tally.filtered) for tally in tallies]


def _take(tallies: Sequence[_Tally], rows: list[Row]) -> None:
    for tally in tallies:
        tally.take(rows)


class _Tally:
    """The amounts of the records of one pipeline, by all that a snapshot tells them apart by."""

    def __init__(self, part: Part, narrow: Narrow | None, amounts: CountedAmounts) -> None:
        self.part = part
        self.filtered = 0
        self._narrow = narrow
        self._counted = amounts
        self._names = part.told_apart_by()
        self._open: dict[Key, list[str | None]] = defaultdict(list)
        self._closed: dict[Key, list[str | None]] = defaultdict(list)
        self._late: list[Row] = []

    def take(self, rows: list[Row]) -> None:
        """Count those of some rows that are in the pipeline and pass its filter."""
        pipeline = self.part.pipeline.id
        rows = [row for row in rows if row.f_pipeline == pipeline]
        if self._narrow:
            before = len(rows)
            rows = self._narrow(rows)
            self.filtered += before - len(rows)
        key: Callable[[Row], Key] = column(*self._names)
        open_, closed, late = self._open, self._closed, self._counted.may_have_changed
        try:
            for row in rows:
                if row.f_closed_at is None:
                    open_[key(row)].append(row.f_amount)
                elif late(row):
                    self._late.append(row)
                else:
                    closed[key(row)].append(row.f_amount)
        except TypeError as error:  # a list is no key
            raise SeveralValues from error

    def journeys(self) -> list[Journey]:
        """Return what was counted: one by one where an amount may have changed after the closing."""
        return [
            *self._late_ones(),
            *(journey for alike, amounts in self._open.items() for journey in self._together(alike, amounts)),
            *(
                journey
                for alike, amounts in self._closed.items()
                for journey in self._together(alike, amounts, closed=CLOSED)
            ),
        ]

    def _late_ones(self) -> Iterator[Journey]:
        key, changed = column(*self._names), self._counted.at_closing(self._late)
        for row in self._late:
            amount, currency = changed.get(row.f_id) or (row.f_amount, row.f_currency)
            one = self._one(key(row), closed=CLOSED)
            yield msgspec.structs.replace(one, id=row.f_id, amount=amount, currency=currency)

    def _together(
        self, key: Key, amounts: Sequence[str | None], *, closed: str | None = None
    ) -> Iterator[Journey]:
        """Yield a journey for those that have an amount, and one for those that have none."""
        one = self._one(key, closed=closed)
        known = [amount for amount in amounts if amount is not None]
        if known:
            total = f"{sum(map(Decimal, known), Decimal(0)):f}"
            yield msgspec.structs.replace(one, count=len(known), amount=total)
        if len(known) < len(amounts):
            yield msgspec.structs.replace(one, count=len(amounts) - len(known))

    def _one(self, key: Key, *, closed: str | None) -> Journey:
        values: dict[str, Any] = dict(zip(self._names, key, strict=True))
        return Journey(
            id="",
            pipeline=self.part.pipeline.id,
            stage=values["stage"],
            currency=values["currency"],
            reason=text_of(values[self.part.pipeline.reason_field]),
            group=text_of(self.part.by.read(_filled(values))) if self.part.by else None,
            closed=closed,
        )


def _filled(values: dict[str, Any]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None}
