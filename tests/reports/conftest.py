from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import pytest

from crmctl.model.pipeline import Outcome
from crmctl.model.records import RecordType, Value
from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.facts import Population, Window
from crmctl.reports.people import Circles, Enquiry, People, Win, people_among

ALL_TIME = Window()


class ToldFacts:
    """Facts made of what a test says of its records."""

    mode = "leads"

    def __init__(self, told: Iterable[Population], now: str, window: Window, options: dict[str, str]) -> None:
        self.told = list(told)
        self.now = now
        self.window = window
        self.options = options

    def option(self, name: str) -> str:
        return self.options.get(name, "")

    def day(self, moment: str) -> date:
        return date.fromisoformat(moment[:10])

    def show(self, kind: RecordType, field: str, value: Value | None) -> str:
        return "(none)" if value is None else str(value)

    def populations(
        self,
        event: Event | None,
        fields: Sequence[str] = (),
        *,
        kinds: Sequence[RecordType] = (),
        history: bool = True,
    ) -> list[Population]:
        told = [each for each in self.told if not kinds or each.pipeline.record in kinds]
        if event is None:
            return told
        cohort = Cohort(event, "", self.window.start, self.window.end)
        return [Population(each.pipeline, cohort.members(each.journeys), each.by) for each in told]

    def every(self, kind: RecordType, fields: Sequence[str] = ()) -> list[Population]:
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
            Win(each.id, each.closed, person.get(str(each.values.get("origin_lead")), each.id))
            for one in self.every(RecordType.DEAL)
            for each in one.journeys
            if each.closed and one.pipeline.outcome_of(each.stage) is Outcome.WON
        ]
        return people_among(
            [Enquiry(each.id, each.created, person[each.id]) for one in enquiries for each in one.journeys],
            wins,
            circles,
        )


@pytest.fixture(scope="session")
def facts() -> Callable[..., Any]:
    """Return what makes the facts of a report out of its populations: at `now`, in a `window`, with options."""

    def make(
        *told: Population, now: str = "2026-12-01T00:00:00+00:00", window: Window = ALL_TIME, **options: str
    ) -> ToldFacts:
        return ToldFacts(told, now, window, options)

    return make
