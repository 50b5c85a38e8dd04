"""`backlog`: what nobody is working on: records on a first stage for which no task was done."""

from collections.abc import Sequence

from crmctl.model.records import RecordType, number_of, type_of
from crmctl.model.table import Column, Kind, Row
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition
from crmctl.reports.division import Division
from crmctl.reports.due import Work, is_done
from crmctl.reports.duration import days_between, median
from crmctl.reports.facts import Facts, division_of
from crmctl.reports.journey import Journey, grouped, text_of
from crmctl.reports.made import Line, Made, Section, in_group
from crmctl.text import plural

_OWNERS = (
    Column("owner", "Owner"),
    Column("count", "Records", Kind.COUNT),
    Column("median_days", "Median days", Kind.DAYS),
    Column("oldest_days", "Oldest", Kind.DAYS),
)
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
        "count": "how many of them each owner has",
        "median_days": "the median of the days since those were created",
        "oldest_days": "the days since the first of those was created",
    },
    kinds=(RecordType.LEAD, RecordType.DEAL),
    event=Event.CREATED,
    examples=("crmctl report backlog", "crmctl report backlog leads --by owner --where unassigned"),
    chart="days",
    further=_OWNERS,
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
    waiting.sort(key=lambda each: (each.created, type_of(each.id).prefix, number_of(each.id)))
    by = division_of(populations)
    notes = [] if work.tasks else ["no tasks are kept here: all records on a first stage count"]
    total: Row = {
        "id": None,
        "title": None,
        "owner": None,
        "days": median([_age(each, facts) for each in waiting]),
    }
    return Made(_sections(waiting, by, facts), total, notes)


def _sections(waiting: Sequence[Journey], by: Division | None, facts: Facts) -> list[Section]:
    told = plural(len(waiting), "record")
    if by is None:
        lines = [_line(each, facts) for each in waiting]
        return [Section(lines, heading=told), *_of_owners(waiting, facts)]
    lines = [
        in_group(_line(each, facts), by, value)
        for value, group in grouped(waiting, lambda journey: journey.group)
        for each in group
    ]
    return [Section(lines, by=by.column, heading=told)]


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
        lines.append(Line(row, {"count": [each.id for each in theirs]}, _shown(theirs[0], facts)))
    return [Section(lines, columns=_OWNERS, key="owners", heading="by owner")] if lines else []


def _line(journey: Journey, facts: Facts) -> Line:
    row: Row = {
        "id": journey.id,
        "title": text_of(journey.values.get("title")),
        "owner": _owner(journey),
        "days": _age(journey, facts),
    }
    return Line(row, {"": [journey.id]}, _shown(journey, facts))


def _shown(journey: Journey, facts: Facts) -> dict[str, str]:
    return {"owner": facts.show(type_of(journey.id), "owner", _owner(journey))}


def _age(journey: Journey, facts: Facts) -> float:
    return days_between(journey.created, facts.now)


def _owner(journey: Journey) -> str | None:
    return text_of(journey.values.get("owner"))


def _clients(task: Journey) -> Sequence[object]:
    found = task.values.get("for")
    return found if isinstance(found, list) else []
