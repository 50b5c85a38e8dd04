"""Records of one pipeline that are counted while they are read, those alike in stage, source and group as one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from crmctl.model.pipeline import Outcome
from crmctl.model.records import Value
from crmctl.reports.closing import closed_in
from crmctl.reports.cohort import Event
from crmctl.reports.facts import Window
from crmctl.reports.journey import Journey, text_of
from crmctl.storage.interface import Row, column
from crmctl.workspace.reporting.amounts import Amount, CountedAmounts
from crmctl.workspace.reporting.part import Gathered, Part
from crmctl.workspace.reporting.snapshot import SeveralValues
from crmctl.workspace.reporting.ways import present_of

if TYPE_CHECKING:
    from crmctl.query.bound import Filter

_END = "~"
"""Later than any moment in its kept form."""


class Tally(ABC):
    """The counts of one pipeline's records. Its cohort, if it has one, is of creation or of closing."""

    def __init__(self, part: Part, where: Filter | None) -> None:
        self.part = part
        self._narrow = where.narrowing(column) if where else None
        self._names = tuple(dict.fromkeys(("stage", "source", *part.by_names)))
        self._key = column(*self._names)
        self._filtered = self._outside = self._undated = 0
        over = (Outcome.WON, Outcome.LOST)
        self._over = {name for name, outcome in part.pipeline.outcomes.items() if outcome in over}

    @property
    def fields(self) -> list[str]:
        """The fields to be read of each record."""
        return self.part.fields("created_at")

    def take(self, rows: list[Row]) -> None:
        """Count those of some rows that are in the pipeline, pass its filter and are in its cohort."""
        pipeline = self.part.pipeline.id
        rows = [row for row in rows if row.f_pipeline == pipeline]
        if not rows:
            return
        if self._narrow:
            before = len(rows)
            rows = self._narrow(rows)
            self._filtered += before - len(rows)
        try:
            self._count(self._members(rows))
        except TypeError as error:  # a list is no key
            raise SeveralValues from error

    def gathered(self, amounts: CountedAmounts) -> Gathered:
        """Return what was counted."""
        try:
            journeys = amounts.converted(self._journeys(amounts))
        except TypeError as error:
            raise SeveralValues from error
        return Gathered(self.part, journeys, self._filtered, self._outside, self._undated)

    @abstractmethod
    def _count(self, rows: list[Row]) -> None:
        """Count some rows."""

    @abstractmethod
    def _journeys(self, amounts: CountedAmounts) -> list[Journey]:
        """Return what was counted, and the records that are told one by one."""

    def _members(self, rows: list[Row]) -> list[Row]:
        cohort = self.part.cohort
        if cohort is None:
            return rows
        start, end = cohort.start, cohort.end or _END
        if cohort.event is Event.CREATED:
            members = [row for row in rows if start <= (row.f_created_at or "") < end]
            undated = 0
        else:
            members = [row for row in rows if row.f_closed_at is not None and start <= row.f_closed_at < end]
            undated = sum(row.f_closed_at is None and row.f_stage in self._over for row in rows)
        self._undated += undated
        self._outside += len(rows) - len(members) - undated
        return members

    def _together(
        self, key: tuple[Value | None, ...], count: int, *, dated: bool = True, **told: bool
    ) -> Journey:
        """Return the journey of several records that are alike; if over and `dated`, it is known when they closed."""
        found: dict[str, Any] = dict(zip(self._names, key, strict=True))
        by = self.part.by
        values = {name: value for name, value in found.items() if value is not None}
        return Journey(
            id="",
            pipeline=self.part.pipeline.id,
            stage=found["stage"],
            group=text_of(by.read(values)) if by else None,
            closed="" if dated and found["stage"] in self._over else None,
            count=count,
            values={"source": found["source"], **told},
        )


class LeadTally(Tally):
    """The counts of leads, by whether a deal came of them, too."""

    def __init__(self, part: Part, where: Filter | None, came_of: Callable[[Value | None], bool]) -> None:
        super().__init__(part, where)
        self._came_of = came_of
        self._plain = Counter[tuple[Value | None, ...]]()
        self._converted: list[Row] = []

    @property
    def fields(self) -> list[str]:
        """No more than what tells leads apart: there are many."""
        cohort, bound = self.part.cohort, self.part.bound
        dates = ("created_at", "closed_at") if cohort else ()
        return ["pipeline", *self._names, "converted_to", *dates, *(bound.fields if bound else ())]

    def _count(self, rows: list[Row]) -> None:
        plain = [row for row in rows if row.f_converted_to is None]
        self._plain.update(map(self._key, plain))
        if len(plain) < len(rows):
            self._converted += [row for row in rows if row.f_converted_to is not None]

    def _journeys(self, amounts: CountedAmounts) -> list[Journey]:
        counts = {False: self._plain, True: Counter[tuple[Value | None, ...]]()}
        for row in self._converted:
            counts[self._came_of(row.f_converted_to)][self._key(row)] += 1
        return [
            self._together(key, count, converted=converted)
            for converted, alike in counts.items()
            for key, count in alike.items()
        ]


class DealTally(Tally):
    """The counts of deals, by whether they were created and closed in the period, too.

    Told one by one are the deals won in it, and those whose lead alone tells their source.
    """

    def __init__(self, part: Part, where: Filter | None, window: Window) -> None:
        super().__init__(part, where)
        self._window = window
        outcomes = part.pipeline.outcomes
        self._won = {name for name, outcome in outcomes.items() if outcome is Outcome.WON}
        self._counts: dict[tuple[bool, bool, bool], Counter[tuple[Value | None, ...]]] = {}
        self._alone: list[Row] = []

    def _count(self, rows: list[Row]) -> None:
        won, start, end = self._won, self._window.start, self._window.end or _END
        always = self._window.all_time
        alike: dict[tuple[bool, bool, bool], list[Row]] = {}
        for row in rows:
            at = row.f_closed_at
            closed = always or (at is not None and start <= at < end)
            if (closed and row.f_stage in won) or (row.f_source is None and row.f_origin_lead is not None):
                self._alone.append(row)
            else:
                created = start <= (row.f_created_at or "") < end
                alike.setdefault((created, closed, at is not None), []).append(row)
        for flags, group in alike.items():
            self._counts.setdefault(flags, Counter()).update(map(self._key, group))

    def _journeys(self, amounts: CountedAmounts) -> list[Journey]:
        alike = [
            self._together(key, count, dated=dated, created=created, closed=closed)
            for (created, closed, dated), counts in self._counts.items()
            for key, count in counts.items()
        ]
        changed = amounts.at_closing(self._alone)
        return alike + [self._single(row, changed) for row in self._alone]

    def _single(self, row: Row, changed: Mapping[str, Amount]) -> Journey:
        values = {
            "source": row.f_source,
            "origin_lead": row.f_origin_lead,
            **period_of(row.f_created_at, row.f_closed_at, self._window),
        }
        return present_of(row, self.part, changed, values)


def period_of(created: str | None, closed: str | None, window: Window) -> dict[str, Value | None]:
    """Return the values `created` and `closed` of a deal: whether it was in a period.

    `closed` says something of those alone that are over.
    """
    return {"created": window.has(created or ""), "closed": closed_in(window, closed)}
