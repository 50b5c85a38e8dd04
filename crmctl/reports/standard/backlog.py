"""`backlog`: what nobody is working on: records on a first stage for which no task was done."""

from collections.abc import Mapping, Sequence

from crmctl.model.records import RecordType
from crmctl.model.table import Column, Kind, Row
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition
from crmctl.reports.division import Division
from crmctl.reports.due import Work, is_done, text_in
from crmctl.reports.duration import days_between, median
from crmctl.reports.facts import Facts
from crmctl.reports.journey import Journey, grouped
from crmctl.reports.made import Line, Made, Section, in_group
from crmctl.text import plural

REPORT = Definition(
    name="backlog",
    question="What is nobody working on?",
    columns=(
        Column("id", "ID"),
        Column("title", "Title"),
        Column("owner", "Owner"),
        Column("days", "Days", Kind.DAYS),
    ),
    meanings={
        "id": "records on the first open stage of their pipeline for which no task was ever done",
        "owner": "whose they are",
        "days": "the days since they were created",
    },
    kinds=(RecordType.LEAD, RecordType.DEAL),
    event=Event.CREATED,
    examples=("crmctl report backlog", "crmctl report backlog leads --by owner --where unassigned"),
    chart="days",
)
_OWNERS = (
    Column("owner", "Owner"),
    Column("count", "Records", Kind.COUNT),
    Column("median_days", "Median days", Kind.DAYS),
    Column("oldest_days", "Oldest", Kind.DAYS),
)


def make(facts: Facts) -> Made:
    """Return the records that nobody works on, the oldest first, and how many each owner has."""
    populations = facts.populations(REPORT.event, ("title", "owner"), history=False)
    work = Work(facts, "for", asked=False)
    done = {str(client) for task in work.tasks if is_done(task) for client in _clients(task)}
    waiting = [
        journey
        for each in populations
        for journey in each.journeys
        if journey.stage == each.pipeline.first.id and journey.id not in done
    ]
    waiting.sort(key=lambda each: (each.created, each.id[0], int(each.id[2:])))
    by, several = (populations[0].by if populations else None), len(populations) > 1
    notes = [] if work.tasks else ["no tasks are kept here: all records on a first stage count"]
    total: Row = {
        "id": None,
        "title": None,
        "owner": None,
        "days": median([_age(each, facts) for each in waiting]),
    }
    lines = {each.id: _line(each, facts, several=several) for each in waiting}
    return Made(_sections(waiting, lines, by, facts), total, notes)


def _sections(
    waiting: Sequence[Journey], told_of: Mapping[str, Line], by: Division | None, facts: Facts
) -> list[Section]:
    told = plural(len(waiting), "record")
    if by is None:
        lines = [told_of[each.id] for each in waiting]
        return [Section(lines, heading=told), *_of_owners(waiting, facts)]
    lines = [
        in_group(told_of[each.id], by, value)
        for value, group in grouped(waiting, lambda journey: journey.group)
        for each in group
    ]
    return [Section(lines, by=Column(by.key, by.title), heading=told)]


def _of_owners(waiting: Sequence[Journey], facts: Facts) -> list[Section]:
    """Return the table of the owners, those with the most records first."""
    lines = []
    for owner, theirs in grouped(waiting, _owner):
        days = [_age(each, facts) for each in theirs]
        row: Row = {
            "owner": owner,
            "count": len(theirs),
            "median_days": median(days),
            "oldest_days": max(days),
        }
        lines.append(Line(row, {"count": [each.id for each in theirs]}, _shown(owner, facts)))
    return [Section(lines, columns=_OWNERS, key="owners", heading="by owner")] if lines else []


def _line(journey: Journey, facts: Facts, *, several: bool) -> Line:
    """Return the row of a record, which over several pipelines says in which it is."""
    owner = _owner(journey)
    row: Row = {
        **({"pipeline": journey.pipeline} if several else {}),
        "id": journey.id,
        "title": text_in(journey.values, "title") or None,
        "owner": owner,
        "days": _age(journey, facts),
    }
    return Line(row, {"": [journey.id]}, _shown(owner, facts))


def _shown(owner: str | None, facts: Facts) -> dict[str, str]:
    return {"owner": facts.show(RecordType.DEAL, "owner", owner)}


def _age(journey: Journey, facts: Facts) -> float:
    return days_between(journey.created, facts.now)


def _owner(journey: Journey) -> str | None:
    return text_in(journey.values, "owner") or None


def _clients(task: Journey) -> Sequence[object]:
    found = task.values.get("for")
    return found if isinstance(found, list) else []
