"""The facts of a workspace, gathered as a report asks for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING

import msgspec

from crmctl.dates import day_of, local_text, over_at, stored_moment
from crmctl.errors import WrongUse
from crmctl.model.field import Conventions
from crmctl.model.pipeline import Pipeline
from crmctl.model.records import RecordType, Value
from crmctl.model.table import NO_VALUE
from crmctl.reports.attribute import Attribute
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition
from crmctl.reports.facts import Population, Records, Window
from crmctl.reports.shared_options import AmountAt
from crmctl.workspace.reporting.amounts import AMOUNT, CountedAmounts, money_of
from crmctl.workspace.reporting.division import division_of
from crmctl.workspace.reporting.journeys import one_by_one
from crmctl.workspace.reporting.part import Gathered, Wanted, parts_of
from crmctl.workspace.reporting.records import GatheredRecords, WantedRecords, gather_records
from crmctl.workspace.reporting.scope import ReportScope, named_pipelines, pipelines_of, window_of
from crmctl.workspace.workspace import Workspace

if TYPE_CHECKING:
    from crmctl.reports.people import People
    from crmctl.reports.shift import Pipelines, Shifts
    from crmctl.reports.spend import Spend
    from crmctl.workspace.reporting.clients import Clients


class WorkspaceFacts:
    """What one report asks: `gathered` are the records it was given, `beside` the types of others it knows about.

    `records_gathered` are those without pipelines.
    """

    def __init__(
        self, workspace: Workspace, definition: Definition, scope: ReportScope, options: Mapping[str, str]
    ) -> None:
        self.gathered: list[Gathered] = []
        self.records_gathered: list[GatheredRecords] = []
        self.beside: set[RecordType] = set()
        self.scope = scope
        self._workspace = workspace
        self._definition = definition
        self._options = options
        self._reader = workspace.read()
        self._day = cache(self._local_day)

    @cached_property
    def now(self) -> str:
        """The moment that the report is true of."""
        return stored_moment(self._workspace.now)

    @cached_property
    def window(self) -> Window:
        """The period asked for. Raises WrongUse."""
        return Window(*window_of(self._workspace, self.scope))

    @property
    def mode(self) -> str:
        """Whether enquiries are leads or deals."""
        return self._workspace.configuration.mode

    def option(self, name: str) -> str:
        """Return what the report's own option was given."""
        return self._options.get(name, "")

    def day(self, moment: str) -> date:
        """Return the local day of a moment."""
        return self._day(moment)

    def is_over(self, moment: str) -> bool:
        """Tell whether a moment is over."""
        return self._over(moment)

    def show(self, kind: RecordType, field: str, value: Value | None) -> str:
        """Return a field's value as people read it."""
        known = self._workspace.configuration.fields_of(kind).get(field)
        if value is None or known is None:
            return NO_VALUE if value is None else str(value)
        return known.display(value, self._conventions)

    def populations(
        self,
        event: Event | None,
        fields: Sequence[str] = (),
        *,
        kinds: Sequence[RecordType] = (),
        history: bool = True,
        amount: str = "",
    ) -> list[Population]:
        """Return the records of each pipeline. Raises NotFound, WrongUse."""
        workspace, reader, scope = self._workspace, self._reader, self.scope
        money = money_of(workspace, kinds[0] if kinds else RecordType.DEAL, amount) if amount else AMOUNT
        wanted = Wanted(self._pipelines(kinds), event, tuple(fields), money, self._beside(kinds))
        parts = parts_of(workspace, reader, scope, wanted)
        amounts = CountedAmounts(workspace, reader, scope)
        found = one_by_one(workspace, reader, parts, amounts, history=history)
        self.gathered += found
        return [self._population(each) for each in found]

    def records(
        self,
        kind: RecordType,
        fields: Sequence[str] = (),
        *,
        event: Event | None = None,
        asked: bool = True,
        amount: str = "",
    ) -> Records:
        """Return the records of a type that has no pipelines. Raises WrongUse."""
        workspace = self._workspace
        money = money_of(workspace, kind, amount) if amount else None
        scope = self.scope if asked else ReportScope()
        found = gather_records(
            workspace, self._reader, scope, WantedRecords(kind, event, tuple(fields), money)
        )
        if asked:
            self.records_gathered.append(found)
        return found

    def attribute(self, kind: RecordType, name: str, option: str) -> Attribute:
        """Return the field that was named. Raises WrongUse."""
        from crmctl.workspace.reporting.attributes import attribute_of

        return attribute_of(self._workspace, self._reader, kind, name, option)

    def unnarrowed(self) -> list[Population]:
        """Return all records of the pipelines that the report has asked for. Their amounts are as they stand."""
        workspace, reader = self._workspace, self._reader
        everything = msgspec.structs.replace(
            self.scope, where="", cohort="", period="", by="", currency="", amount=AmountAt.CURRENT
        )
        parts = parts_of(workspace, reader, everything, Wanted([each.pipeline for each in self.gathered]))
        amounts = CountedAmounts(workspace, reader, everything)
        found = one_by_one(workspace, reader, parts, amounts, history=True)
        return [self._population(each) for each in found]

    def every(self, kind: RecordType) -> list[Population]:
        """Return all records of a type in the pipelines asked for. Raises NotFound, WrongUse."""
        workspace, reader = self._workspace, self._reader
        unnarrowed = ReportScope(currency=self.scope.currency, amount=self.scope.amount)
        wanted = Wanted(self._pipelines((kind,)), None)
        parts = parts_of(workspace, reader, unnarrowed, wanted)
        amounts = CountedAmounts(workspace, reader, unnarrowed)
        found = one_by_one(workspace, reader, parts, amounts, history=False)
        self.beside.add(kind)
        return [self._population(each) for each in found]

    def deals_of_leads(self) -> Mapping[str, Sequence[str]]:
        """Return the deals that came of each lead."""
        self.beside |= {RecordType.LEAD, RecordType.DEAL}
        return self._became

    def people(self) -> People:
        """Return who enquired and who bought."""
        from crmctl.workspace.reporting.forebears import Forebears
        from crmctl.workspace.reporting.people import people_of
        from crmctl.workspace.reporting.ways import Ways

        configuration = self._workspace.configuration
        forebears = Forebears(self._reader, configuration, self._workspace.present)
        ways = Ways(self._reader, configuration, forebears)
        return people_of(self._clients, self._became, configuration, ways)

    def spend(self) -> list[Spend] | None:
        """Return what advertising cost on the days of the period. Raises NotFound, NotConfigured, WrongUse."""
        if not self._workspace.configuration.spend:
            return None
        from crmctl.workspace.reporting.spend import spend_of

        return spend_of(self._workspace, self.scope)

    def sourced(self, kind: RecordType, *, alone: bool = False) -> list[Population]:
        """Return leads or deals with the values that say what came of which source. Raises NotFound, WrongUse."""
        from crmctl.workspace.reporting.sourced import FIELDS, Sourcing

        event = Event.CREATED if kind is RecordType.LEAD else None
        wanted = Wanted(self._pipelines((kind,)), event, FIELDS[kind], beside=self._beside((kind,)))
        sourcing = Sourcing(self._workspace, self._reader, self.scope, wanted)
        found = sourcing.gathered(alone=alone or self.scope.ids or self.scope.explain)
        self.gathered += found
        return [self._population(each) for each in found]

    def values(self, kind: RecordType, ids: Collection[str], field: str) -> Mapping[str, Value]:
        """Return what some records of a type hold in a field, by id."""
        from crmctl.workspace.reporting.sources import values_of

        return values_of(self._reader, kind, ids, field)

    def first_sources(self) -> Mapping[str, str | None]:
        """Return the source of the first enquiry of the client of every deal."""
        from crmctl.workspace.reporting.sources import first_sources_of

        return first_sources_of(self._clients)

    def local(self, moment: str) -> str:
        """Return a moment with the workspace's offset."""
        return local_text(moment, self._workspace.configuration.timezone)

    def stretch(self, since: str, until: str) -> Window:
        """Return a stretch of time. Raises WrongUse."""
        from crmctl.workspace.reporting.shifts import stretch

        return stretch(self._workspace, self.scope, since, until)

    def shifts(self, window: Window) -> list[Shifts]:
        """Return what became of the records of each pipeline. Raises NotFound, WrongUse."""
        from crmctl.workspace.reporting.shifts import shifts_in

        found = shifts_in(self._workspace, self.scope, self._pipelines(()), window)
        self.gathered += [gathered for gathered, _ in found]
        return [shifts for _, shifts in found]

    @cached_property
    def pipelines(self) -> Pipelines:
        """The pipelines by their id."""
        return {pipeline.id: pipeline for pipeline in self._workspace.configuration.pipelines}

    @cached_property
    def _over(self) -> Callable[[str], bool]:
        return over_at(self._workspace.now, self._workspace.configuration.timezone)

    @cached_property
    def _conventions(self) -> Conventions:
        return self._workspace.conventions

    @cached_property
    def _became(self) -> Mapping[str, Sequence[str]]:
        from crmctl.workspace.reporting.lineage import deals_of_leads

        return deals_of_leads(self._reader)

    @cached_property
    def _clients(self) -> Clients:
        from crmctl.workspace.reporting.clients import Clients

        self.beside |= {RecordType.LEAD, RecordType.DEAL}
        return Clients(self._reader, self._workspace.configuration)

    def _pipelines(self, kinds: Sequence[RecordType]) -> list[Pipeline]:
        """Return the pipelines meant; where those named are of other records, all of the kinds asked for."""
        if not kinds:
            return list(pipelines_of(self._workspace, self.scope, self._definition.kinds))
        if self._definition.of_type:
            self._check_pipelines(kinds)
        named = [each for each in named_pipelines(self._workspace, self.scope) if each.record in kinds]
        every = msgspec.structs.replace(self.scope, pipelines=())
        return named or list(pipelines_of(self._workspace, every, kinds))

    def _beside(self, kinds: Sequence[RecordType]) -> list[Pipeline]:
        """Return the pipelines that the report is over, too, where some kinds of records are asked for."""
        if not kinds or self._definition.of_type:
            return []
        others = [each for each in self._definition.kinds if each not in kinds]
        return [pipeline for kind in others for pipeline in self._pipelines((kind,))]

    def _check_pipelines(self, kinds: Sequence[RecordType]) -> None:
        """Raise WrongUse where a pipeline is named of other records than those that were asked for."""
        for each in named_pipelines(self._workspace, self.scope):
            if each.record not in kinds:
                told = f'pipeline "{each.id}" is of {each.record.table}, not of {kinds[0].table}'
                raise WrongUse(told, hint=f"leave out --pipeline {each.id}")

    def _population(self, gathered: Gathered) -> Population:
        part = gathered.part
        by = division_of(self._workspace, part.pipeline, part.by)
        return Population(part.pipeline, gathered.journeys, by, part.cohort, gathered.left_out)

    def _local_day(self, moment: str) -> date:
        return day_of(datetime.fromisoformat(moment), self._workspace.configuration.timezone)
