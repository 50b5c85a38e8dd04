"""What came of each source: the records of several figures, and what was spent, told apart by source."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain
from typing import NamedTuple

import msgspec

from crmctl.model.records import RecordType
from crmctl.model.table import Row
from crmctl.reports.attribution import attributed
from crmctl.reports.division import Division
from crmctl.reports.facts import Facts, Population
from crmctl.reports.journey import Amounts, Journey, by_size, parted, size
from crmctl.reports.made import ALL, Line, Section, in_group
from crmctl.reports.spend import NOT_STATED, Spend, spent
from crmctl.reports.sums import Sums, minus, per, ratio, several_currencies, told
from crmctl.text import name_key

ByFigure = Mapping[str, Sequence[Journey]]
"""The records behind some figures, by the name of the figure."""


class Cost(NamedTuple):
    """What was spent, if that is `known`; `coming` is the last day, where days count that are still to come."""

    lines: Sequence[Spend] = ()
    known: bool = True
    coming: date | None = None

    @property
    def sums(self) -> Sums:
        """The sum a currency."""
        return spent(self.lines)

    def told(self) -> Amounts | None:
        """Return the sum as it is told."""
        return told(self.sums) if self.known else None

    def returned(self, revenue: Sums) -> float | None:
        """Return what came back of it besides itself, over it: nothing where all is not in one currency."""
        return ratio(minus(revenue, self.sums), self.sums)

    def of_each(self, number: int) -> Amounts | None:
        """Return what one of a number cost, as it is told."""
        return told(per(self.sums, number)) if self.known else None


def cost_of(facts: Facts) -> Cost:
    """Return what is spent on the days of the period; where no file tells it, that is not known."""
    spend = facts.spend()
    if spend is None:
        return Cost((), known=False)
    today = facts.day(facts.now)
    last = max((line.until for line in spend), default=today)
    return Cost(spend, coming=last if last > today else None)


class Sourced(msgspec.Struct, frozen=True):
    """A source, or none, with the records behind its figures and what was spent on it."""

    source: str | None
    records: ByFigure
    cost: Cost

    def of(self, figure: str) -> Sequence[Journey]:
        """Return the records behind a figure."""
        return self.records.get(figure, ())


Naming = Callable[[Journey], str | None]


def split(records: ByFigure, name: Naming) -> list[tuple[str | None, ByFigure]]:
    """Return records by what `name` returns of each, as `grouped` does."""
    pairs = ((figure, each) for figure, journeys in records.items() for each in journeys)
    parts = parted(pairs, lambda pair: name(pair[1]), lambda pair: pair[1].count)
    return [(value, _figures(records, part)) for value, part in parts]


def _figures(figures: Iterable[str], pairs: Iterable[tuple[str, Journey]]) -> ByFigure:
    found: dict[str, list[Journey]] = {figure: [] for figure in figures}
    for figure, journey in pairs:
        found[figure].append(journey)
    return found


def by_source(records: ByFigure, source: Naming, cost: Cost) -> list[Sourced]:
    """Return what came of each source: of none too, and of those on which money was spent and nothing came of it."""
    spent_on = _keyed(cost.lines, lambda line: line.source)
    found = [
        Sourced(name, figures, cost._replace(lines=spent_on.pop(name_key(name or ""), ())))
        for name, figures in split(records, source)
    ]
    alone = [Sourced(lines[0].source, {}, cost._replace(lines=lines)) for lines in spent_on.values()]
    return found + alone


class BySource(msgspec.Struct, frozen=True):
    """What a report by source is made of: records, what was spent, and what both are divided by.

    `figures` makes the row of a source. `behind` names columns, each with the figures whose records stand behind it.
    """

    records: ByFigure
    cost: Cost
    by: Division | None
    figures: Callable[[Sourced], Row]
    behind: Mapping[str, Sequence[str]]

    @property
    def totals(self) -> Row:
        """The figures of all sources."""
        return self.figures(Sourced(None, self.records, self.cost))


def sourced_section(facts: Facts, table: BySource) -> Section:
    """Return the rows of all sources, or of those of each group, with the totals below."""
    by, total = table.by, {**table.totals, "source": ALL}
    source = attributed(facts, chain.from_iterable(table.records.values()))
    line = partial(_line, facts, table)
    if by is None:
        return Section(_lines(by_source(table.records, source, table.cost), line), total=total)
    called = _called_alike(table.records, source)
    lines = [
        in_group(each, by, value)
        for value, group, of_group in _groups(table.records, by, table.cost)
        for each in _lines(by_source(group, called, of_group), line)
    ]
    return Section(lines, by=by.column, total={**total, by.key: ""})


def _called_alike(records: ByFigure, source: Naming) -> Naming:
    """Return what calls a source by one name, however it is spelt in a group: as it mostly is in all."""
    names = {name_key(name or ""): name for name, _ in split(records, source)}
    return lambda journey: names[name_key(source(journey) or "")]


def _line(facts: Facts, table: BySource, found: Sourced) -> Line:
    behind = {
        name: [each.id for figure in figures for each in found.of(figure)]
        for name, figures in table.behind.items()
    }
    return Line(table.figures(found), behind, {"source": facts.show(RecordType.DEAL, "source", found.source)})


def _lines(found: Iterable[Sourced], line: Callable[[Sourced], Line]) -> list[Line]:
    """Return a line a source, the one with the most records of the first figure first."""
    return [line(each) for each in sorted(found, key=_place)]


def _place(sourced: Sourced) -> tuple[int, str]:
    first = next(iter(sourced.records), "")
    return by_size(size(sourced.of(first)), sourced.source)


CAMPAIGN = "campaign"
"""The field of records that has the campaign of spend: only by it is known what was spent for a group."""


def _groups(records: ByFigure, by: Division, cost: Cost) -> list[tuple[str | None, ByFigure, Cost]]:
    groups = split(records, lambda each: each.group)
    if by.name != CAMPAIGN or not cost.known:
        return [(value, group, Cost((), known=False)) for value, group in groups]
    spent_for = _keyed(cost.lines, lambda line: line.campaign)
    found: list[tuple[str | None, ByFigure, Cost]] = []
    for value, group in groups:
        names = {name_key(value or ""), name_key(by.show(value))}
        lines = [line for name in names for line in spent_for.pop(name, ())]
        found.append((value, group, cost._replace(lines=lines)))
    found += [(rest[0].campaign or None, {}, cost._replace(lines=rest)) for rest in spent_for.values()]
    return found


def _keyed(lines: Iterable[Spend], name: Callable[[Spend], str]) -> dict[str, Sequence[Spend]]:
    found: dict[str, list[Spend]] = {}
    for line in lines:
        found.setdefault(name_key(name(line)), []).append(line)
    return dict(found)


def spend_noted(table: BySource, populations: Iterable[Population]) -> list[str]:
    """Return what to know of what was spent; `populations` are the records as they were narrowed."""
    cost = table.cost
    return [
        *_costs_noted(cost, table.by),
        *([f"what was spent includes days to come, until {cost.coming}"] if cost.coming else []),
        *_narrowing_noted(populations, cost),
    ]


def _costs_noted(cost: Cost, by: Division | None) -> list[str]:
    """Return a note where what was spent is not known, or not of each group."""
    if not cost.known:
        return [NOT_STATED]
    if by and by.name != CAMPAIGN:
        return [f"what was spent is not known by {by.title or by.name}: only the totals tell it"]
    return []


def _narrowing_noted(populations: Iterable[Population], cost: Cost) -> list[str]:
    """Return a note where a filter left records out: it leaves none of what was spent out."""
    narrowed = any(each.left_out.keys() & {"filter", "currency"} for each in populations)
    return ["what was spent is not narrowed by --where"] if narrowed and cost.lines else []


def currencies_noted(won: Iterable[Journey], cost: Cost) -> list[str]:
    """Return a note where what was won and spent is in several currencies, so that there is no return."""
    return several_currencies([*(each.currency or "" for each in won if each.amount is not None), *cost.sums])
