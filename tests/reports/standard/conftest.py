"""What the tests of standard reports share: facts that a test tells, as a workspace would tell them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

import msgspec
import pytest

from crmctl.dates import over_at
from crmctl.errors import WrongUse
from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.model.records import RecordType, Value
from crmctl.model.standard_fields import STANDARD_FIELDS
from crmctl.reports.attribute import OUTCOME, Attribute, outcome_of
from crmctl.reports.closing import closed_in
from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.division import Division
from crmctl.reports.facts import Population, Records, Window
from crmctl.reports.journey import Journey
from crmctl.reports.people import Circles, Enquiry, People, Win, people_among
from crmctl.reports.shift import Shifts
from crmctl.reports.spend import Spend

ALL_TIME = Window()


class ToldFacts:
    """Facts made of what a test says of its records."""

    mode = "leads"
    spent: Sequence[Spend] | None = None
    shifted: Sequence[Shifts] = ()
    firsts: Mapping[str, str | None] = MappingProxyType({})

    def __init__(
        self, told: Iterable[Population | Records], now: str, window: Window, options: dict[str, str]
    ) -> None:
        every = list(told)
        self.told = [each for each in every if isinstance(each, Population)]
        self.others = [each for each in every if isinstance(each, Records)]
        self.now = now
        self.window = window
        self.options = options

    def option(self, name: str) -> str:
        return self.options.get(name, "")

    def day(self, moment: str) -> date:
        return date.fromisoformat(moment[:10])

    def is_over(self, moment: str) -> bool:
        return over_at(datetime.fromisoformat(self.now), "UTC")(moment)

    def show(self, kind: RecordType, field: str, value: Value | None) -> str:
        return "(none)" if value is None else str(value)

    def populations(
        self,
        event: Event | None,
        fields: Sequence[str] = (),
        *,
        kinds: Sequence[RecordType] = (),
        history: bool = True,
        amount: str = "",
    ) -> list[Population]:
        told = [each for each in self.told if not kinds or each.pipeline.record in kinds]
        return [self._narrowed(each, event, fields, history=history, amount=amount) for each in told]

    def _narrowed(
        self, told: Population, event: Event | None, fields: Sequence[str], *, history: bool, amount: str = ""
    ) -> Population:
        # A cohort that a test tells of is one that was named: it stands instead of the usual one.
        cohort = told.cohort or self._cohort(event)
        present = [each for each in told.journeys if history or not each.transferred]
        members = cohort.members(present, told.pipeline) if cohort else present
        seen = [_seen(each, fields, history=history) for each in members]
        if amount not in ("", "amount"):
            seen = [_worth(now, each.values, amount) for now, each in zip(seen, members, strict=True)]
        return msgspec.structs.replace(told, journeys=seen, cohort=cohort)

    def _cohort(self, event: Event | None) -> Cohort | None:
        if event is None or (event is Event.CREATED and self.window == ALL_TIME):
            return None
        return Cohort(event, "", self.window.start, self.window.end, undated=self.window.all_time)

    def records(
        self,
        kind: RecordType,
        fields: Sequence[str] = (),
        *,
        event: Event | None = None,
        asked: bool = True,
        amount: str = "",
    ) -> Records:
        told = next((each for each in self.others if each.kind is kind), Records(kind, ()))
        if not asked:
            return Records(kind, [_seen(each, fields, grouped=False) for each in told.journeys])
        cohort = told.cohort or (None if self.window == ALL_TIME else self._cohort(event))
        members = cohort.members(told.journeys) if cohort else told.journeys
        seen = [_seen(each, fields) for each in members]
        if amount:
            seen = [_worth(now, each.values, amount) for now, each in zip(seen, members, strict=True)]
        return msgspec.structs.replace(told, journeys=seen, cohort=cohort)

    def attribute(self, kind: RecordType, name: str, option: str) -> Attribute:
        if kind.staged and name == OUTCOME:
            return outcome_of(kind)
        field = next((each for each in STANDARD_FIELDS[kind] if each.name == name), None)
        if field is None:
            raise WrongUse(f'{option}: unknown field "{name}"')
        return Attribute(kind, field)

    def unnarrowed(self) -> list[Population]:
        return [
            Population(one.pipeline, [_seen(each, grouped=False) for each in one.journeys])
            for one in self.told
        ]

    def every(self, kind: RecordType, fields: Sequence[str] = ()) -> list[Population]:
        return [
            Population(
                one.pipeline, [_seen(each, fields, history=False, grouped=False) for each in one.journeys]
            )
            for one in self._of(kind)
        ]

    def _of(self, kind: RecordType) -> list[Population]:
        return [each for each in self.told if each.pipeline.record is kind]

    def deals_of_leads(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for deals in self._of(RecordType.DEAL):
            for deal in deals.journeys:
                if lead := deal.values.get("origin_lead"):
                    found.setdefault(str(lead), []).append(deal.id)
        return found

    def people(self) -> People:
        """Each enquiry is of whom its field `person` says, each deal of whom its lead is of."""
        circles = Circles({}, self.deals_of_leads())
        enquiries = self._of(RecordType.LEAD if self.mode == "leads" else RecordType.DEAL)
        person = {each.id: str(each.values["person"]) for one in enquiries for each in one.journeys}
        wins = [
            Win(
                each.id,
                each.closed,
                person.get(each.id) or person.get(str(each.values.get("origin_lead")), each.id),
            )
            for one in self._of(RecordType.DEAL)
            for each in one.journeys
            if one.pipeline.outcome_of(each.stage) is Outcome.WON
        ]
        return people_among(
            [Enquiry(each.id, each.created, person[each.id]) for one in enquiries for each in one.journeys],
            wins,
            circles,
        )

    def spend(self) -> Sequence[Spend] | None:
        return self.spent

    def local(self, moment: str) -> str:
        return moment

    def stretch(self, since: str, until: str) -> Window:
        return Window(since, until)

    def shifts(self, window: Window) -> list[Shifts]:
        return list(self.shifted)

    @property
    def pipelines(self) -> dict[str, Pipeline]:
        return {each.pipeline.id: each.pipeline for each in self.shifted}

    def sourced(self, kind: RecordType, *, alone: bool = False) -> list[Population]:
        came_of = self.deals_of_leads()
        fields = ("source",) if kind is RecordType.LEAD else ("source", "origin_lead")

        def told(each: Journey, window: Window) -> Journey:
            if kind is RecordType.LEAD:
                more = {"converted": each.id in came_of}
            else:
                closed = closed_in(window, each.closed)
                more = {"created": window.has(each.created), "closed": closed}
            return msgspec.structs.replace(each, values={**each.values, **more})

        event = Event.CREATED if kind is RecordType.LEAD else None
        return [
            msgspec.structs.replace(
                now, journeys=[told(each, ALL_TIME if one.cohort else self.window) for each in now.journeys]
            )
            for one in self._of(kind)
            for now in [self._narrowed(one, event, fields, history=False)]
        ]

    def values(self, kind: RecordType, ids: Collection[str], field: str) -> dict[str, Value]:
        every = {each.id: each.values.get(field) for one in self._of(kind) for each in one.journeys}
        return {each: value for each in ids if (value := every.get(each)) is not None}

    def first_sources(self) -> Mapping[str, str | None]:
        return self.firsts


def _seen(
    journey: Journey, fields: Sequence[str] = (), *, history: bool = True, grouped: bool = True
) -> Journey:
    """Return what a report that asked for some fields is told of a record, and no more."""
    way = journey if history else _PLACELESS
    return msgspec.structs.replace(
        journey,
        stages=way.stages,
        entered=way.entered,
        left=way.left,
        group=journey.group if grouped else None,
        values={name: journey.values.get(name) for name in fields},
    )


_PLACELESS = Journey("", "", "")


def _worth(journey: Journey, values: Mapping[str, Value | None], name: str) -> Journey:
    """Return a record with what it holds in a field of money as its amount."""
    amount, _, currency = str(values.get(name) or "").partition(" ")
    return msgspec.structs.replace(journey, amount=amount or None, currency=currency or None)


class FactsOf:
    """Makes the facts of a report out of its populations: at `now`, in a `window`, with options."""

    def __init__(self, sales: Pipeline) -> None:
        self._sales = sales

    def __call__(
        self,
        *told: Population | Records,
        now: str = "2026-12-01T00:00:00+00:00",
        window: Window = ALL_TIME,
        **options: str,
    ) -> ToldFacts:
        return ToldFacts(told, now, window, options)

    def sales(self, deals: Sequence[Journey], by: Division | None = None) -> Population:
        """Return deals of the pipeline that tests share."""
        return Population(self._sales, deals, by)


@pytest.fixture(scope="session")
def facts(sales: Pipeline) -> FactsOf:
    return FactsOf(sales)
