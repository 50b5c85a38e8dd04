"""`owners`: who does how much, of deals and of tasks."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.model.records import RecordType
from crmctl.model.table import Column, Kind, Row
from crmctl.reports.closing import closed_in, undated, undated_noted
from crmctl.reports.definition import Definition
from crmctl.reports.due import Work, is_done
from crmctl.reports.facts import Facts, Population, Window, division_of, window_of
from crmctl.reports.journey import Journey, grouped, share, text_of
from crmctl.reports.made import ALL, Line, Made, Section, in_group
from crmctl.reports.standing import open_before, open_now, outcome_now
from crmctl.reports.sums import summed
from crmctl.reports.why import Why
from crmctl.text import name_key

REPORT = Definition(
    name="owners",
    question="Who does how much?",
    columns=(
        Column("owner", "Owner"),
        Column("new", "New", Kind.COUNT),
        Column("open", "Open", Kind.COUNT),
        Column("won", "Won", Kind.COUNT),
        Column("lost", "Lost", Kind.COUNT),
        Column("amount", "Amount won", Kind.AMOUNT),
        Column("win_rate", "Win rate", Kind.SHARE),
        Column("tasks_done", "Tasks done", Kind.COUNT),
        Column("overdue", "Overdue", Kind.COUNT),
    ),
    meanings={
        "owner": "whose the records are now, and whom the tasks are assigned to",
        "new": "records created in the period",
        "open": "records open at its end, or now where it is not over",
        "won": "records won in the period that still are",
        "lost": "records lost in the period that still are",
        "amount": "the sum of the amounts of those won",
        "win_rate": "won / (won + lost)",
        "tasks_done": "tasks done in the period, for whatever records",
        "overdue": "open tasks whose due time is over now, for whatever records",
    },
    period="work",
    chart="open,won,lost",
)


class _Tasks(msgspec.Struct, frozen=True):
    """The tasks of one assignee, or of all."""

    done: Sequence[Journey] = ()
    late: Sequence[Journey] = ()


class _Deals(msgspec.Struct, frozen=True):
    """The records of one owner, or of all, by what became of them."""

    new: Sequence[Journey]
    open: Sequence[Journey]
    won: Sequence[Journey]
    lost: Sequence[Journey]


def make(facts: Facts) -> Made:
    """Return the work of everybody who has any record or task, and of nobody."""
    # Where records were at the end of a period that is over, their history alone knows.
    past = bool(facts.window.end) and facts.window.end <= facts.now
    populations = facts.populations(None, ("owner",), history=past)
    window = window_of(facts, populations)
    owners = _Owners(facts, populations, window)
    unknown = undated(window, populations)
    by = owners.by
    if by:
        lines = [
            in_group(line, by, value)
            for value, group in grouped(owners.records, lambda each: each.group)
            for line in owners.lines(group)
        ]
        notes = [f"tasks are not divided by {by.name}"]
        total = owners.figures(owners.records, None)
        section = Section(lines, by=by.column, total={**total, "owner": ALL} if lines else None)
    else:
        lines, notes, total = list(owners.lines(owners.records, owners.tasks)), [], owners.total
        section = Section(lines, total={**total, "owner": ALL} if lines else None)
    notes += undated_noted(unknown)
    return Made([section], {"owner": None, **total}, notes, {Why.CLOSED_UNDATED: len(unknown)})


class _Owners:
    """The records and the tasks of a report, and what they come to for each owner."""

    def __init__(self, facts: Facts, populations: Sequence[Population], window: Window) -> None:
        self._facts = facts
        self._pipelines = {each.pipeline.id: each.pipeline for each in populations}
        self._window = window
        self.records = [journey for each in populations for journey in each.journeys]
        by = division_of(populations)
        # Divided by whose they are they are as they always are here.
        self.by = by if by and by.name != "owner" else None
        self.tasks = {} if self.by else _by_assignee(Work(facts, "assignee", asked=False), facts.window)

    @property
    def total(self) -> Row:
        """The figures of all."""
        every = list(self.tasks.values())
        done = [task for _, tasks in every for task in tasks.done]
        late = [task for _, tasks in every for task in tasks.late]
        return self.figures(self.records, _Tasks(done, late))

    def lines(
        self, records: Sequence[Journey], tasks: Mapping[str, tuple[str | None, _Tasks]] | None = None
    ) -> Iterator[Line]:
        """Yield a line for each owner of some records, and then for each who has tasks alone."""
        known = set()
        for owner, theirs in grouped(records, lambda each: text_of(each.values.get("owner"))):
            known.add(name_key(owner or ""))
            found = tasks.get(name_key(owner or ""), (owner, _Tasks()))[1] if tasks is not None else None
            yield self._line(owner, theirs, found)
        others = {key: pair for key, pair in (tasks or {}).items() if key not in known}
        for owner, found in others.values():
            yield self._line(owner, [], found)

    def _line(self, owner: str | None, records: Sequence[Journey], tasks: _Tasks | None) -> Line:
        deals = self._sorted(records)
        behind = {name: [each.id for each in getattr(deals, name)] for name in _Deals.__struct_fields__}
        if tasks is not None:
            behind |= {
                "tasks_done": [each.id for each in tasks.done],
                "overdue": [each.id for each in tasks.late],
            }
        row = {"owner": owner, **self._row(deals, tasks)}
        return Line(row, behind, {"owner": self._shown(owner, records)})

    def _shown(self, owner: str | None, records: Sequence[Journey]) -> str:
        if not records:
            return self._facts.show(RecordType.TASK, "assignee", owner)
        return self._facts.show(self._pipeline(records[0]).record, "owner", owner)

    def figures(self, records: Sequence[Journey], tasks: _Tasks | None) -> Row:
        """Return the figures of some records and tasks; without these nothing is said of any."""
        return self._row(self._sorted(records), tasks)

    def _row(self, deals: _Deals, tasks: _Tasks | None) -> Row:
        won, lost = len(deals.won), len(deals.lost)
        return {
            "new": len(deals.new),
            "open": len(deals.open),
            "won": won,
            "lost": lost,
            "amount": summed(deals.won),
            "win_rate": share(won, won + lost),
            "tasks_done": None if tasks is None else len(tasks.done),
            "overdue": None if tasks is None else len(tasks.late),
        }

    def _sorted(self, records: Sequence[Journey]) -> _Deals:
        return _Deals(
            [each for each in records if not each.transferred and self._window.has(each.created)],
            [each for each in records if self._is_open(each)],
            [each for each in records if self._ended(each, Outcome.WON)],
            [each for each in records if self._ended(each, Outcome.LOST)],
        )

    def _pipeline(self, record: Journey) -> Pipeline:
        return self._pipelines[record.pipeline]

    def _is_open(self, record: Journey) -> bool:
        end = self._window.end
        if end and end <= self._facts.now:
            return open_before(record, self._pipeline(record), end)
        return open_now(record, self._pipeline(record))

    def _ended(self, record: Journey, outcome: Outcome) -> bool:
        return outcome_now(record, self._pipeline(record)) is outcome and closed_in(
            self._window, record.closed
        )


def _by_assignee(work: Work, window: Window) -> dict[str, tuple[str | None, _Tasks]]:
    """Return the tasks done in the period, and those overdue, of each assignee, those with most of them first."""
    found = {}
    for assignee, tasks in grouped(work.tasks, lambda each: text_of(each.values.get("assignee"))):
        done = [each for each in tasks if is_done(each) and _within(each, window)]
        found[name_key(assignee or "")] = (assignee, _Tasks(done, list(filter(work.overdue, tasks))))
    return found


def _within(task: Journey, window: Window) -> bool:
    return closed_in(window, task.closed)
