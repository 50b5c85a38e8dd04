from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import msgspec
import pytest
from hypothesis import strategies as st

from crmctl.dates import over_at
from crmctl.errors import WrongUse
from crmctl.model.field import Field
from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import RecordType, Value
from crmctl.model.standard_fields import STANDARD_FIELDS
from crmctl.reports.attribute import OUTCOME, Attribute, outcome_of
from crmctl.reports.cohort import Cohort, Event
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
        if event is None:
            return told
        cohort = Cohort(event, "", self.window.start, self.window.end)
        return [Population(each.pipeline, cohort.members(each.journeys), each.by) for each in told]

    def records(
        self,
        kind: RecordType,
        fields: Sequence[str] = (),
        *,
        event: Event | None = None,
        asked: bool = True,
    ) -> Records:
        return next((each for each in self.others if each.kind is kind), Records(kind, ()))

    def attribute(self, kind: RecordType, name: str, option: str) -> Attribute:
        if kind.staged and name == OUTCOME:
            return outcome_of(kind)
        field = next((each for each in STANDARD_FIELDS[kind] if each.name == name), None)
        if field is None:
            raise WrongUse(f'{option}: unknown field "{name}"')
        return Attribute(kind, field)

    def with_amounts(self, journeys: Sequence[Journey], field: Field) -> list[Journey]:
        return [
            msgspec.structs.replace(
                each, amount=each.values.get(field.name), currency=each.values.get(field.paired)
            )
            for each in journeys
        ]

    def unnarrowed(self) -> list[Population]:
        return self.told

    def every(self, kind: RecordType) -> list[Population]:
        return [each for each in self.told if each.pipeline.record is kind]

    def deals_of_leads(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for deals in self.every(RecordType.DEAL):
            for deal in deals.journeys:
                if lead := deal.values.get("origin_lead"):
                    found.setdefault(str(lead), []).append(deal.id)
        return found

    def people(self) -> People:
        """Each enquiry is of whom its field `person` says, each deal of whom its lead is of."""
        circles = Circles({}, self.deals_of_leads())
        enquiries = self.every(RecordType.LEAD if self.mode == "leads" else RecordType.DEAL)
        person = {each.id: str(each.values["person"]) for one in enquiries for each in one.journeys}
        wins = [
            Win(
                each.id,
                each.closed,
                person.get(each.id) or person.get(str(each.values.get("origin_lead")), each.id),
            )
            for one in self.every(RecordType.DEAL)
            for each in one.journeys
            if each.closed and one.pipeline.outcome_of(each.stage) is Outcome.WON
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

        def told(each: Journey) -> Journey:
            if kind is RecordType.LEAD:
                more = {"converted": each.id in came_of}
            else:
                closed = each.closed is not None and self.window.has(each.closed)
                more = {"created": self.window.has(each.created), "closed": closed}
            return msgspec.structs.replace(each, values={**each.values, **more})

        found = self.populations(Event.CREATED if kind is RecordType.LEAD else None, kinds=(kind,))
        return [Population(one.pipeline, [*map(told, one.journeys)], one.by) for one in found]

    def values(self, kind: RecordType, ids: Collection[str], field: str) -> dict[str, Value]:
        every = {each.id: each.values.get(field) for one in self.every(kind) for each in one.journeys}
        return {each: value for each in ids if (value := every.get(each)) is not None}

    def first_sources(self) -> Mapping[str, str | None]:
        return self.firsts


@pytest.fixture(scope="session")
def facts() -> Callable[..., Any]:
    """Return what makes the facts of a report out of its populations: at `now`, in a `window`, with options."""

    def make(
        *told: Population | Records,
        now: str = "2026-12-01T00:00:00+00:00",
        window: Window = ALL_TIME,
        **options: str,
    ) -> ToldFacts:
        return ToldFacts(told, now, window, options)

    return make


SALES = Pipeline(
    "sales",
    "Sales",
    RecordType.DEAL,
    (
        Stage("call", "Call", max_age=timedelta(days=2)),
        Stage("offer", "Offer", max_age=timedelta(days=30)),
        Stage("order", "Order"),
        Stage("won", "Won", Outcome.WON),
        Stage("paid", "Paid", Outcome.WON),
        Stage("lost", "Lost", Outcome.LOST),
    ),
)


@pytest.fixture(scope="session")
def sales() -> Pipeline:
    """The pipeline whose records `journeys` draws."""
    return SALES


@pytest.fixture(scope="session")
def journeys() -> Callable[..., st.SearchStrategy[list[Journey]]]:
    """Return a strategy of records that went any way through `sales`, from March to November 2026.

    Forward, back, reopened, on an archived stage, to another pipeline and back, won or lost at any point; moments
    agree with one another and may coincide. `values` draws further fields, `unseen` adds records that came closed.
    """

    def make(values: Any = None, *, unseen: bool = True) -> st.SearchStrategy[list[Journey]]:
        drawn = _journey(st.just({}) if values is None else values, unseen=unseen)
        return st.lists(drawn, max_size=8).map(_numbered)

    return make


_START = datetime(2026, 3, 1, tzinfo=UTC)
_MINUTES = 270 * 24 * 60


@st.composite
def _journey(draw: st.DrawFn, values: st.SearchStrategy[dict[str, Value | None]], *, unseen: bool) -> Journey:
    way = draw(
        st.lists(st.sampled_from([*(stage.id for stage in SALES.stages), "trial"]), min_size=1, max_size=6)
    )
    minutes = sorted(draw(st.lists(st.integers(0, _MINUTES), min_size=len(way) + 1, max_size=len(way) + 1)))
    moments = [(_START + timedelta(minutes=each)).isoformat() for each in minutes]
    left = moments[1:]
    # Now and then it was in another pipeline until its next stay here began.
    entered = [moments[0], *(draw(st.sampled_from([each, each, after])) for each, after in pairwise(left))]
    gone = draw(st.sampled_from([False, False, False, True]))
    closed = entered[-1] if not gone and SALES.outcome_of(way[-1]) is not Outcome.OPEN else None
    known = not unseen or closed is None or draw(st.booleans())
    return Journey(
        "",
        "sales",
        way[-1],
        draw(st.none() | st.decimals(0, 9999, places=2).map(str)),
        draw(st.sampled_from(["EUR", "UAH"])),
        draw(st.sampled_from([None, "price", "Price", "silent"])),
        draw(st.sampled_from([None, "anna", "Anna", "oleg"])),
        tuple(way) if known else (),
        tuple(entered) if known else (),
        moments[0],
        closed if known else draw(st.sampled_from([closed, None])),
        transferred=gone,
        left=(*left[:-1], left[-1] if gone else "") if known else (),
        values=draw(values),
    )


def _numbered(drawn: list[Journey]) -> list[Journey]:
    return [msgspec.structs.replace(each, id=f"D-{at}") for at, each in enumerate(drawn, start=1)]
