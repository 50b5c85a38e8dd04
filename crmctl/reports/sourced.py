"""What came of each source: the records of several figures, and what was spent, told apart by source."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from crmctl.model.records import Value
from crmctl.reports.division import Division
from crmctl.reports.journey import Journey, size
from crmctl.reports.spend import Spend
from crmctl.text import name_key

Records = Mapping[str, Sequence[Journey]]
"""The records behind some figures, by the name of the figure."""


class Sourced(msgspec.Struct, frozen=True):
    """A source, or none, with the records behind its figures and what was spent on it."""

    source: str | None
    records: Records
    spend: Sequence[Spend] = ()

    def of(self, figure: str) -> Sequence[Journey]:
        """Return the records behind a figure."""
        return self.records.get(figure, ())


def split(records: Records, name: Callable[[Journey], str | None]) -> list[tuple[str | None, Records]]:
    """Return records by what `name` returns of each, none being a part too.

    Names that differ only in case are one, called as most are.
    """
    raw: dict[str | None, dict[str, list[Journey]]] = {}
    for figure, journeys in records.items():
        for journey in journeys:
            raw.setdefault(name(journey), {}).setdefault(figure, []).append(journey)
    alike: dict[str, list[str | None]] = {}
    for each in raw:
        alike.setdefault(name_key(each or ""), []).append(each)
    return [_united(names, raw) for names in alike.values()]


def _united(names: Sequence[str | None], raw: Mapping[str | None, Records]) -> tuple[str | None, Records]:
    counts = Counter({each: sum(map(size, raw[each].values())) for each in names})
    called = min(counts, key=lambda each: (-counts[each], (each or "").swapcase()))
    figures = dict.fromkeys(figure for each in names for figure in raw[each])
    together = {
        figure: [journey for each in names for journey in raw[each].get(figure, ())] for figure in figures
    }
    return called or None, together


def by_source(
    records: Records, source: Callable[[Journey], str | None], spend: Iterable[Spend] = ()
) -> list[Sourced]:
    """Return what came of each source: of none too, and of those on which money was spent and nothing came of it."""
    spent: dict[str, list[Spend]] = {}
    for line in spend:
        spent.setdefault(name_key(line.source), []).append(line)
    found = [
        Sourced(name, figures, spent.pop(name_key(name or ""), ()))
        for name, figures in split(records, source)
    ]
    return found + [Sourced(lines[0].source, {}, lines) for lines in spent.values()]


class Part(NamedTuple):
    """The records of one group, and what was spent for it, if that is known."""

    value: str | None
    records: Records
    spend: Sequence[Spend] | None


def parts_of(records: Records, by: Division, spend: Iterable[Spend]) -> list[Part]:
    """Return records by their group, the one with the most leads first; spend is known by campaign alone."""
    groups = sorted(split(records, lambda each: each.group), key=_order)
    if by.name != CAMPAIGN:
        return [Part(value, group, None) for value, group in groups]
    spent: dict[str, list[Spend]] = {}
    for line in spend:
        spent.setdefault(name_key(line.campaign), []).append(line)
    found = []
    for value, group in groups:
        names = {name_key(value or ""), name_key(by.show(value))}
        found.append(Part(value, group, [line for name in names for line in spent.pop(name, ())]))
    return found + [Part(lines[0].campaign or None, {}, lines) for lines in spent.values()]


CAMPAIGN = "campaign"
"""The field of records that has the campaign of spend."""


def _order(group: tuple[str | None, Records]) -> tuple[int, bool, str]:
    value, records = group
    return -size(records.get("leads", ())), value is None, value or ""


def text_of_source(value: Value | None) -> str | None:
    """Return a source as rows have it."""
    return "; ".join(value) if isinstance(value, list) else str(value) if value else None
