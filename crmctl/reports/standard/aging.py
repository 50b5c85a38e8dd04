"""`aging`: which open records are longer where they are than they should be."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import msgspec

from crmctl.model.pipeline import Pipeline
from crmctl.model.table import Column, Kind, Row
from crmctl.reports.definition import Definition
from crmctl.reports.duration import DAY, days_between
from crmctl.reports.facts import Facts, Window, window_of
from crmctl.reports.journey import Journey, text_of
from crmctl.reports.made import Line, Made, by_pipeline
from crmctl.reports.standing import open_now
from crmctl.reports.staying import BACKWARD
from crmctl.reports.sums import summed
from crmctl.text import plural

REPORT = Definition(
    name="aging",
    question="Which open deals are too long where they are?",
    columns=(
        Column("id", "Id"),
        Column("title", "Title"),
        Column("stage", "Stage"),
        Column("days", "Days", Kind.DAYS),
        Column("max_age", "At most", Kind.DAYS),
        Column("amount", "Amount", Kind.AMOUNT),
        Column("owner", "Owner"),
    ),
    meanings={
        "days": "days since the record came to the stage it is on; the most overdue record is first",
        "max_age": "days that a record should stay there at most, by the stage's max_age",
    },
    period="open records that came to their stage",
    examples=(
        "crmctl report aging wholesale",
        "crmctl report aging --where 'owner = anna' --in EUR",
    ),
    chart="days",
)


class _Aged(msgspec.Struct, frozen=True):
    """An open record with its days on the stage it is on, and how many it should be there at most."""

    journey: Journey
    days: float
    limit: float

    @property
    def place(self) -> tuple[float, str, str]:
        """The most overdue first, and then by name."""
        return self.limit - self.days, str(self.journey.values.get("title") or ""), self.journey.id


class _Judged(msgspec.Struct, frozen=True):
    """The overdue records of some, the most overdue first, and how many could not be judged."""

    overdue: Sequence[_Aged]
    unlimited: int
    backward: int


Judge = Callable[[Pipeline, Sequence[Journey]], _Judged]


def make(facts: Facts) -> Made:
    """Return the open records that are overdue on their stage, the most overdue first."""
    populations = facts.populations(REPORT.event, ("title", "owner"))
    judge = partial(_judged, facts.now, window_of(facts, populations))
    every = [(each.pipeline, judge(each.pipeline, each.journeys)) for each in populations]
    overdue = [aged.journey for _, judged in every for aged in judged.overdue]
    totals: Row = {**dict.fromkeys(column.name for column in REPORT.columns), "amount": summed(overdue)}
    backward = sum(judged.backward for _, judged in every)
    notes = [
        f"{pipeline.title}: {plural(judged.unlimited, 'open record')} on stages without max_age, not judged"
        for pipeline, judged in every
        if judged.unlimited
    ]
    notes += [f"{plural(backward, 'record')} {BACKWARD} left out"] if backward else []
    sections = by_pipeline(populations, partial(_lines, facts, judge))
    return Made(sections, totals, notes, {BACKWARD: backward})


def _judged(now: str, window: Window, pipeline: Pipeline, journeys: Sequence[Journey]) -> _Judged:
    overdue, unlimited, backward = [], 0, 0
    for journey in _open(pipeline, journeys, window):
        stage = pipeline.stage(journey.stage)
        if stage is None or stage.max_age is None:
            unlimited += 1
        elif journey.entered[-1] > now:
            backward += 1
        else:
            aged = _Aged(journey, days_between(journey.entered[-1], now), stage.max_age.total_seconds() / DAY)
            overdue += [aged] if aged.days > aged.limit else []
    return _Judged(sorted(overdue, key=lambda each: each.place), unlimited, backward)


def _open(pipeline: Pipeline, journeys: Iterable[Journey], window: Window) -> Iterable[Journey]:
    """Yield the open records that came in the period to the stage they are on."""
    for journey in journeys:
        if open_now(journey, pipeline) and journey.entered and window.has(journey.entered[-1]):
            yield journey


def _lines(facts: Facts, judge: Judge, pipeline: Pipeline, journeys: Sequence[Journey]) -> Iterable[Line]:
    for aged in judge(pipeline, journeys).overdue:
        journey = aged.journey
        stage, owner = pipeline.stage(journey.stage), journey.values.get("owner")
        row: Row = {
            "id": journey.id,
            "title": text_of(journey.values.get("title")),
            "stage": journey.stage,
            "days": aged.days,
            "max_age": aged.limit,
            "amount": summed([journey]),
            "owner": text_of(owner),
        }
        shown: Row = {
            "stage": stage.title if stage else journey.stage,
            "owner": facts.show(pipeline.record, "owner", owner),
        }
        yield Line(row, {"": [journey.id]}, shown)
