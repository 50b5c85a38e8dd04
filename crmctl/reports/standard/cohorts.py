"""`cohorts`: how the months in which records were created compare by what was won of them since."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate

import msgspec

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.model.table import Column, Kind, Row
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition
from crmctl.reports.facts import Facts, Population
from crmctl.reports.journey import Journey, share
from crmctl.reports.made import ALL, Ids, Line, Made, Section, by_pipeline
from crmctl.reports.standing import outcome_now
from crmctl.reports.why import Why
from crmctl.text import plural

_HEAD = (Column("month", "Month"), Column("records", "Records", Kind.COUNT))

REPORT = Definition(
    name="cohorts",
    question="How do months compare?",
    columns=(*_HEAD, Column("m0", "m0", Kind.SHARE)),
    meanings={
        "records": "records that were created in the month",
        "m0": "the share of them won by the end of that month; m1 by the end of the next one, and so on",
    },
    event=Event.CREATED,
    examples=(
        "crmctl report cohorts --period 2026",
        "crmctl report cohorts retail --by source --explain",
    ),
    chart="m0",
)

_LONGEST = 600
"""Months back that are told of: fifty years are more than anybody sells, and less than a slip of the pen."""


class _Member(msgspec.Struct, frozen=True, gc=False):
    """A record, how many months back it was created, and how many months after that it was won, if it is."""

    id: str
    age: int
    won_after: int | None = None


Members = Mapping[str, _Member]
"""Records by their ids."""


class _Table(msgspec.Struct, frozen=True):
    """The rows of a report: `now` is the present month, `names` are those of the columns of shares."""

    now: int
    names: Sequence[str]
    known: Mapping[str, Members]

    def section(self, population: Population) -> Section:
        """Return the months of a pipeline, or of each group of its records."""
        (made,) = by_pipeline([population], self.lines)
        columns = (*_HEAD, *(Column(name, name, Kind.SHARE) for name in self.names))
        total: Row | None = None
        if not made.by and len(made.lines) > 1:
            total = {"month": ALL, **self.figures(list(self.known[population.pipeline.id].values()))}
        return msgspec.structs.replace(made, columns=columns, total=total)

    def lines(self, pipeline: Pipeline, journeys: Sequence[Journey]) -> Iterable[Line]:
        """Yield a row for each month from the first with records of the pipeline to the last."""
        known = self.known[pipeline.id]
        ages = {member.age for member in known.values()}
        by_age: dict[int, list[_Member]] = {
            age: [] for age in range(max(ages, default=-1), min(ages, default=0) - 1, -1)
        }
        for journey in journeys:
            if member := known.get(journey.id):
                by_age[member.age].append(member)
        for age, members in by_age.items():
            begun, to_come = self.names[: age + 1], self.names[age + 1 :]
            row: Row = {"month": _name(self.now - age), **self.figures(members)}
            # Months to come are no figures that are missing.
            yield Line(row, _Behind(members, begun), dict.fromkeys(to_come, ""))

    def figures(self, members: Sequence[_Member]) -> Row:
        """Return how many there are, and the share won by the end of each month since, of those it has begun for."""
        width = len(self.names)
        created, won = [0] * width, [0] * width
        for member in members:
            created[member.age] += 1
            if member.won_after is not None:
                won[min(member.won_after, member.age)] += 1
                # From the month after the present one on, it is not among those of whom anything is known.
                if member.age + 1 < width:
                    won[member.age + 1] -= 1
        known = list(accumulate(reversed(created)))[::-1]
        shares = (share(part, whole) for part, whole in zip(accumulate(won), known, strict=True))
        return {"records": len(members), **dict(zip(self.names, shares, strict=True))}


def make(facts: Facts) -> Made:
    """Return what was won of each month's records, by the end of each month since."""
    populations = facts.populations(REPORT.event)
    left_out = Counter[Why]()
    known = {each.pipeline.id: _members(facts, each, left_out) for each in populations}
    every = [member for members in known.values() for member in members.values()]
    names = [f"m{at}" for at in range(max((each.age for each in every), default=0) + 1)]
    table = _Table(_month(facts, facts.now), names, known)
    notes = [f"{plural(count, 'record')} {why.words} left out" for why, count in left_out.items()]
    sections = [table.section(each) for each in populations]
    return Made(sections, {"month": None, **table.figures(every)}, notes, left_out)


def _members(facts: Facts, population: Population, left_out: Counter[Why]) -> Members:
    """Return the records that belong to a month, and count the others by why."""
    now, found = _month(facts, facts.now), {}
    for journey in population.journeys:
        age = now - _month(facts, journey.created)
        won = outcome_now(journey, population.pipeline) is Outcome.WON
        if journey.transferred:
            left_out[Why.TRANSFERRED] += 1
        elif won and journey.closed is None:
            left_out[Why.WON_UNDATED] += 1
        elif not 0 <= age < _LONGEST:
            left_out[Why.OUT_OF_RANGE] += 1
        elif won and journey.closed is not None:
            # What was won before it was created was so by the end of that month.
            after = max(age - now + _month(facts, journey.closed), 0)
            found[journey.id] = _Member(journey.id, age, after)
        else:
            found[journey.id] = _Member(journey.id, age)
    return found


def _month(facts: Facts, moment: str) -> int:
    """Return the local month of a moment, counted from the year 0."""
    day = facts.day(moment)
    return day.year * 12 + day.month - 1


def _name(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


class _Behind(Mapping[str, Ids]):
    """The ids behind each figure of a month, for the months since that have begun.

    Those of a share are those of all shares before it as well, too many to be kept where nobody asks for them.
    """

    def __init__(self, members: Sequence[_Member], names: Sequence[str]) -> None:
        self._members = members
        self._months = {name: at for at, name in enumerate(names)}

    def __getitem__(self, name: str) -> Ids:
        if name == "records":
            return [member.id for member in self._members]
        won, months = self._won
        return won[: bisect_right(months, self._months[name])]

    def __iter__(self) -> Iterator[str]:
        return iter(("records", *self._months))

    def __len__(self) -> int:
        return 1 + len(self._months)

    @cached_property
    def _won(self) -> tuple[Sequence[str], Sequence[int]]:
        """The records won, the first first, and how many months each took."""
        pairs = [(each.won_after, each.id) for each in self._members if each.won_after is not None]
        pairs.sort(key=lambda pair: pair[0])
        return [name for _, name in pairs], [month for month, _ in pairs]
