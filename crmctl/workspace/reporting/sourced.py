"""Leads and deals by source: counted while they are read, with a journey of each only where one is needed."""

from collections.abc import Sequence
from functools import partial

import msgspec

from crmctl.model.records import RecordType, Value
from crmctl.reports.cohort import Event
from crmctl.reports.facts import Window
from crmctl.reports.journey import Journey
from crmctl.storage.interface import Reader, Row
from crmctl.workspace.reporting.amounts import CountedAmounts
from crmctl.workspace.reporting.journeys import one_by_one
from crmctl.workspace.reporting.part import Gathered, Part, Wanted, parts_of
from crmctl.workspace.reporting.scope import ReportScope, window_of
from crmctl.workspace.reporting.snapshot import SeveralValues
from crmctl.workspace.reporting.tally import DealTally, LeadTally, Tally, period_of
from crmctl.workspace.workspace import Workspace

FIELDS = {RecordType.LEAD: ("source", "converted_to"), RecordType.DEAL: ("source", "origin_lead")}
"""What must be read to know the source of a record, and what came of it."""


class Sourcing:
    """What a report by source is made of."""

    def __init__(self, workspace: Workspace, reader: Reader, scope: ReportScope, wanted: Wanted) -> None:
        self.workspace, self.reader, self.scope, self._wanted = workspace, reader, scope, wanted
        self.amounts = CountedAmounts(workspace, reader, scope)
        # Of a cohort that is named all counts, whenever it was.
        self.window = Window() if scope.cohort else Window(*window_of(workspace, scope))
        self._deals: set[str] | None = None

    def gathered(self, *, alone: bool) -> list[Gathered]:
        """Return the records of each pipeline, those alike as one unless each is to be `alone`."""
        parts = self._parts()
        named = {part.cohort.event for part in parts if part.cohort}
        if not alone and Event.ENTERED not in named:
            try:
                return self._counted(parts)
            except SeveralValues:
                parts = self._parts()
        found = one_by_one(self.workspace, self.reader, parts, self.amounts, history=False)
        return [self._told(each) for each in found]

    def came_of(self, became: Value | None) -> bool:
        """Tell whether any of the records that a lead became is a deal that is there."""
        if not isinstance(became, list):
            return False
        if self._deals is None:
            self._deals = {row.f_id for row in self.reader.scan(RecordType.DEAL, ("id",))}
        return not self._deals.isdisjoint(became)

    def _parts(self) -> list[Part]:
        return parts_of(self.workspace, self.reader, self.scope, self._wanted)

    def _counted(self, parts: Sequence[Part]) -> list[Gathered]:
        tallies = [self._tally(part) for part in parts]
        for kind in dict.fromkeys(part.pipeline.record for part in parts):
            here = [tally for tally in tallies if tally.part.pipeline.record is kind]
            names = dict.fromkeys(name for tally in here for name in tally.fields)
            self.reader.scan_in_batches(kind, tuple(names), partial(_take, here))
        return [tally.gathered(self.amounts) for tally in tallies]

    def _tally(self, part: Part) -> Tally:
        where = self.workspace.filter(part.bound, self.reader)
        if part.pipeline.record is RecordType.LEAD:
            return LeadTally(part, where, self.came_of)
        return DealTally(part, where, self.window)

    def _told(self, gathered: Gathered) -> Gathered:
        """Return records that were read one by one with the values that are to be told of them."""
        of_leads = gathered.pipeline.record is RecordType.LEAD
        told = [self._lead(each) if of_leads else self._deal(each) for each in gathered.journeys]
        return msgspec.structs.replace(gathered, journeys=told)

    def _lead(self, lead: Journey) -> Journey:
        values = {**lead.values, "converted": self.came_of(lead.values["converted_to"])}
        return msgspec.structs.replace(lead, values=values)

    def _deal(self, deal: Journey) -> Journey:
        values = {**deal.values, **period_of(deal.created, deal.closed, self.window)}
        return msgspec.structs.replace(deal, values=values)


def _take(tallies: Sequence[Tally], rows: list[Row]) -> None:
    for tally in tallies:
        tally.take(rows)
