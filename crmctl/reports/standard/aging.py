"""`aging`: which open records are longer where they are than they should be."""

from collections.abc import Iterable, Sequence

import msgspec

from crmctl.model.pipeline import Pipeline, Stage
from crmctl.model.table import Column, Kind, Row
from crmctl.reports.definition import Definition
from crmctl.reports.duration import DAY, days_between
from crmctl.reports.facts import Facts, Window, window_of
from crmctl.reports.journey import Journey, text_of
from crmctl.reports.made import Line, Made, by_pipeline
from crmctl.reports.standing import open_now
from crmctl.reports.sums import summed
from crmctl.reports.why import Why
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
    """An open record with the stage it is on, its days there, and how many these should be at most."""

    journey: Journey
    stage: Stage
    days: float
    limit: float

    @property
    def place(self) -> tuple[float, str, str]:
        """The most overdue first, and then by name."""
        return self.limit - self.days, str(self.journey.values.get("title") or ""), self.journey.id


class _Judged(msgspec.Struct, frozen=True):
    """The overdue records of some of a pipeline, the most overdue first, and how many could not be judged."""

    pipeline: str
    overdue: Sequence[_Aged]
    unlimited: int
    backward: int


def make(facts: Facts) -> Made:
    """Return the open records that are overdue on their stage, the most overdue first."""
    populations = facts.populations(REPORT.event, ("title", "owner"))
    now, window = facts.now, window_of(facts, populations)
    every: list[_Judged] = []

    def lines(pipeline: Pipeline, journeys: Sequence[Journey]) -> Iterable[Line]:
        judged = _judged(now, window, pipeline, journeys)
        every.append(judged)
        return (_line(facts, pipeline, aged) for aged in judged.overdue)

    sections = by_pipeline(populations, lines)
    overdue = [aged.journey for judged in every for aged in judged.overdue]
    totals: Row = {**dict.fromkeys(column.name for column in REPORT.columns), "amount": summed(overdue)}
    backward = sum(judged.backward for judged in every)
    notes = [
        f"{each.pipeline.title}: {plural(unlimited, 'open record')} on stages without max_age, not judged"
        for each in populations
        if (unlimited := sum(judged.unlimited for judged in every if judged.pipeline == each.pipeline.id))
    ]
    notes += [f"{plural(backward, 'record')} {Why.BACKWARD.words} left out"] if backward else []
    return Made(sections, totals, notes, {Why.BACKWARD: backward})


def _judged(now: str, window: Window, pipeline: Pipeline, journeys: Sequence[Journey]) -> _Judged:
    overdue, unlimited, backward = [], 0, 0
    for journey in _open(pipeline, journeys, window):
        stage = pipeline.stage(journey.stage)
        if stage is None or stage.max_age is None:
            unlimited += 1
        elif journey.entered[-1] > now:
            backward += 1
        else:
            days, limit = days_between(journey.entered[-1], now), stage.max_age.total_seconds() / DAY
            overdue += [_Aged(journey, stage, days, limit)] if days > limit else []
    return _Judged(pipeline.id, sorted(overdue, key=lambda each: each.place), unlimited, backward)


def _open(pipeline: Pipeline, journeys: Iterable[Journey], window: Window) -> Iterable[Journey]:
    """Yield the open records that came in the period to the stage they are on."""
    for journey in journeys:
        if open_now(journey, pipeline) and journey.entered and window.has(journey.entered[-1]):
            yield journey


def _line(facts: Facts, pipeline: Pipeline, aged: _Aged) -> Line:
    journey, owner = aged.journey, aged.journey.values.get("owner")
    row: Row = {
        "id": journey.id,
        "title": text_of(journey.values.get("title")),
        "stage": journey.stage,
        "days": aged.days,
        "max_age": aged.limit,
        "amount": summed([journey]),
        "owner": text_of(owner),
    }
    shown: Row = {"stage": aged.stage.title, "owner": facts.show(pipeline.record, "owner", owner)}
    return Line(row, {"": [journey.id]}, shown)
