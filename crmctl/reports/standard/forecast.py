"""`forecast`: what the open deals are likely to bring, month by month, beside what was won."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

import msgspec

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.model.table import Column, Kind, Row
from crmctl.reports.chances import Chances
from crmctl.reports.definition import Definition, Option
from crmctl.reports.facts import Facts, Population, window_of
from crmctl.reports.journey import Journey
from crmctl.reports.made import ALL, Ids, Line, Made, by_pipeline
from crmctl.reports.months import ends_of, months_between
from crmctl.reports.standing import outcome_now
from crmctl.reports.sums import added, summed, told
from crmctl.reports.why import Why
from crmctl.text import plural

REPORT = Definition(
    name="forecast",
    question="What will the coming months bring?",
    columns=(
        Column("month", "Month"),
        Column("count", "Open", Kind.COUNT),
        Column("amount", "Amount", Kind.AMOUNT),
        Column("weighted", "Weighted", Kind.AMOUNT),
        Column("actual", "Actual", Kind.AMOUNT),
    ),
    meanings={
        "month": "that of the expected close of open deals, and of the closing of those won",
        "count": "open deals",
        "amount": "the sum of their amounts",
        "weighted": "the sum of their amounts, each times its probability, rounded once",
        "actual": "the sum of the amounts of the deals won in the month; those won at an unknown date have a row",
    },
    period="closing",
    options=(
        Option("live", "With the probabilities that stages have in the configuration today.", flag=True),
        Option(
            "from_history", "With the share of the closed records of a stage that came to be won.", flag=True
        ),
    ),
    examples=(
        "crmctl report forecast",
        "crmctl report forecast wholesale --period next-month --ids",
        "crmctl report forecast --by owner --from-history --in EUR",
    ),
    chart="weighted,actual",
)
OVERDUE = "overdue"
"""The row of the open deals that should have been closed by now."""
_SHOWN = {OVERDUE: "Overdue", None: "(no date)"}
_MOST_EMPTY = 36
"""Months without a deal that are rows, one after another: more come of a slip in the year of a date."""


class _Months(msgspec.Struct):
    """Deals by the row they count in; the open ones with the chance that they are won."""

    open: dict[str | None, list[tuple[Journey, Decimal]]] = {}
    won: dict[str | None, list[Journey]] = {}
    outside: int = 0
    undated: int = 0
    unknown: int = 0

    @property
    def expected(self) -> list[Journey]:
        """The open deals that count."""
        return [journey for pairs in self.open.values() for journey, _ in pairs]


def make(facts: Facts) -> Made:
    """Return what is expected in each month, and what came."""
    populations = facts.populations(None, ("close_date", "probability"), history=False)
    calendar, chances = _Calendar(facts, populations), Chances(facts)
    every = [_spread(each.pipeline, each.journeys, calendar, chances) for each in populations]
    whole = {each.pipeline.id: months for each, months in zip(populations, every, strict=True) if not each.by}
    rows = {each.pipeline.id: calendar.rows(months) for each, months in zip(populations, every, strict=True)}

    def lines(pipeline: Pipeline, journeys: Sequence[Journey]) -> Iterable[Line]:
        months = whole.get(pipeline.id) or _spread(pipeline, journeys, calendar, chances)
        return [_line(months, row) for row in rows[pipeline.id][0]]

    left_out = _left_out(every)
    sections = [
        msgspec.structs.replace(section, total={**_total([months]), "month": ALL} if section.lines else None)
        for section, months in zip(by_pipeline(populations, lines), every, strict=True)
    ]
    return Made(
        sections,
        _total(every),
        [
            *(note for _, gaps in rows.values() for note in gaps),
            *chances.notes(populations, [each.expected for each in every]),
            *(
                [f"{plural(unknown, 'record')} {Why.WON_UNDATED.words} left out"]
                if (unknown := left_out[Why.WON_UNDATED])
                else []
            ),
        ],
        left_out,
        chances.explained(populations),
    )


def _left_out(every: Sequence[_Months]) -> dict[Why, int]:
    return {
        Why.NO_CLOSE_DATE: sum(each.undated for each in every),
        Why.PERIOD: sum(each.outside for each in every),
        Why.WON_UNDATED: sum(each.unknown for each in every),
    }


class _Calendar:
    """In which row a deal counts."""

    def __init__(self, facts: Facts, populations: Sequence[Population]) -> None:
        ends = ends_of(window_of(facts, populations), facts.day)
        self._first, self._last = (day.isoformat() if day else "" for day in ends)
        self._today = facts.day(facts.now).isoformat()
        self._day = facts.day
        self.cut = bool(self._first or self._last)

    def within(self, day: str) -> bool:
        """Tell whether a day is in the period."""
        return self._first <= day and (not self._last or day <= self._last)

    def expected(self, day: str) -> str:
        """Return the row of an open deal that is expected to close on a day."""
        return OVERDUE if day < self._today else day[:7]

    def closed(self, moment: str) -> str:
        """Return the day of a closing."""
        return self._day(moment).isoformat()

    def rows(self, months: _Months) -> tuple[list[str | None], list[str]]:
        """Return the rows: what is overdue, every month from the first to the last, what has no date."""
        found = {*months.open, *months.won}
        ends = {self._first[:7], self._last[:7]} if self._first and self._last else set()
        dated = sorted({row for row in found if row and row != OVERDUE} | ends)
        named, gaps = _without_gaps(dated)
        rows: list[str | None] = [OVERDUE] if OVERDUE in found else []
        return [*rows, *named, *([None] if None in found else [])], gaps


def _without_gaps(months: Sequence[str]) -> tuple[list[str], list[str]]:
    found, notes = list(months[:1]), []
    for month in months[1:]:
        between = months_between(found[-1], month)[1:]
        if len(between) > _MOST_EMPTY:
            notes.append(f"nothing closes between {found[-1]} and {month}: those months are no rows")
            between = [month]
        found += between
    return found, notes


def _spread(
    pipeline: Pipeline, journeys: Sequence[Journey], calendar: _Calendar, chances: Chances
) -> _Months:
    """Sort the open deals and the won ones of a pipeline into months."""
    found = _Months()
    for journey in journeys:
        outcome = outcome_now(journey, pipeline)
        if outcome is Outcome.OPEN:
            _expect(journey, chances.of(pipeline, journey) or Decimal(0), found, calendar)
        elif outcome is Outcome.WON:
            _achieve(journey, found, calendar)
    return found


def _expect(journey: Journey, chance: Decimal, found: _Months, calendar: _Calendar) -> None:
    day = _date(str(journey.values.get("close_date") or ""))
    if day is None and calendar.cut:
        found.undated += 1
    elif day is not None and not calendar.within(day):
        found.outside += 1
    else:
        found.open.setdefault(calendar.expected(day) if day else None, []).append((journey, chance))


def _achieve(journey: Journey, found: _Months, calendar: _Calendar) -> None:
    day = calendar.closed(journey.closed) if journey.closed else None
    if day is None and calendar.cut:
        found.unknown += 1
    elif day is not None and not calendar.within(day):
        found.outside += 1
    else:
        found.won.setdefault(day[:7] if day else None, []).append(journey)


@lru_cache(maxsize=1 << 12)
def _date(value: str) -> str | None:
    """Return a day as it is kept, nothing for what is none: it may be from before the field held dates."""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return None


def _line(months: _Months, row: str | None) -> Line:
    expected, won = months.open.get(row, []), months.won.get(row, [])
    behind: Mapping[str, Ids] = {
        "count": [journey.id for journey, _ in expected],
        "actual": [journey.id for journey in won],
    }
    shown = {"month": _SHOWN[row]} if row in _SHOWN else {}
    return Line({"month": row, **_figures(expected, won)}, behind, shown)


def _total(every: Sequence[_Months]) -> Row:
    expected = [pair for months in every for pairs in months.open.values() for pair in pairs]
    won = [journey for months in every for journeys in months.won.values() for journey in journeys]
    return {"month": None, **_figures(expected, won)}


def _figures(expected: Sequence[tuple[Journey, Decimal]], won: Sequence[Journey]) -> Row:
    return {
        "count": len(expected),
        "amount": summed(journey for journey, _ in expected),
        "weighted": told(added(_weighted(expected))),
        "actual": summed(won),
    }


def _weighted(expected: Iterable[tuple[Journey, Decimal]]) -> Iterator[tuple[str, Decimal]]:
    for journey, chance in expected:
        if journey.amount is not None:
            yield journey.currency or "", Decimal(journey.amount) * chance
