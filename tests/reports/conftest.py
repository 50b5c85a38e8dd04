from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import pytest

from crmctl.model.records import RecordType, Value
from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.facts import Population, Window
from crmctl.reports.spend import Spend

ALL_TIME = Window()


class ToldFacts:
    """Facts made of what a test says of its records."""

    mode = "leads"
    spent: Sequence[Spend] | None = None

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

    def spend(self) -> Sequence[Spend] | None:
        return self.spent


@pytest.fixture(scope="session")
def facts() -> Callable[..., Any]:
    """Return what makes the facts of a report out of its populations: at `now`, in a `window`, with options."""

    def make(
        *told: Population, now: str = "2026-12-01T00:00:00+00:00", window: Window = ALL_TIME, **options: str
    ) -> ToldFacts:
        return ToldFacts(told, now, window, options)

    return make
