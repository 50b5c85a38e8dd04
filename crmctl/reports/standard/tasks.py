"""`tasks`: which calls and jobs were done, with what result."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from crmctl.model.records import RecordType
from crmctl.model.table import Cell, Column, Kind, Row
from crmctl.reports.definition import Definition, Option
from crmctl.reports.due import Work, due_of, is_done, is_open
from crmctl.reports.duration import median
from crmctl.reports.facts import Facts, window_of
from crmctl.reports.journey import Journey, grouped, text_of
from crmctl.reports.made import ALL, Line, Made, Section, in_group
from crmctl.reports.why import Why

REPORT = Definition(
    name="tasks",
    question="Which calls and jobs were done, with what result?",
    columns=(
        Column("template", "Template"),
        Column("category", "Category"),
        Column("result", "Result"),
        Column("status", "Status"),
        Column("count", "Tasks", Kind.COUNT),
        Column("overdue", "Overdue", Kind.COUNT),
        Column("median_delay", "Delay", Kind.DAYS),
    ),
    meanings={
        "template": "what the tasks were made from",
        "category": "the category of the tasks",
        "result": "with what they ended, if they are done",
        "status": "new, in_progress, waiting, done or cancelled",
        "count": "tasks; notices are none",
        "overdue": "open tasks whose due time is over",
        "median_delay": "of those done, the median of the days from when they were due, early ones below 0",
    },
    kinds=(),
    period="done, or if open due,",
    options=(Option("group", "What the rows are of.", choices=("template", "category"), default="template"),),
    examples=(
        "crmctl report tasks --period this-month",
        "crmctl report tasks --group category --by assignee",
        "crmctl report tasks --where 'template = call' --period last-week --ids",
    ),
    chart="count",
)


class _Of(NamedTuple):
    """What the tasks of a row have in common."""

    template: str | None
    category: str | None
    result: str | None
    status: str | None


def make(facts: Facts) -> Made:
    """Return the tasks by what they were, how they stand, and what came of them."""
    work = Work(facts, "template", "category", "result")
    tasks, left_out = _within(work, facts)
    by_template = facts.option("group") != "category"
    columns = REPORT.columns if by_template else REPORT.columns[1:]
    every: Row = {**_Of(None, None, None, None)._asdict(), **_figures(tasks, work)}
    section = Section(
        list(_lines(tasks, work, facts, by_template=by_template)),
        columns=columns,
        total={**every, columns[0].name: ALL} if tasks else None,
    )
    by = work.found.by
    if by:
        lines = [
            in_group(line, by, value)
            for value, group in grouped(tasks, lambda task: task.group)
            for line in _lines(group, work, facts, by_template=by_template)
        ]
        section = Section(lines, None, by.column, columns=columns, total=section.total)
    return Made([section], every, left_out={**left_out, Why.NOTICES: work.notices})


def _within(work: Work, facts: Facts) -> tuple[list[Journey], dict[Why, int]]:
    """Return the tasks of the period: those that ended in it, and open ones that are due in it."""
    window = window_of(facts, [work.found])
    if window.all_time:
        return work.tasks, {}
    found, left_out = [], {Why.NO_DUE: 0, Why.PERIOD: 0}
    for task in work.tasks:
        moment = due_of(task) if is_open(task) else task.closed or ""
        if moment and window.has(moment):
            found.append(task)
        else:
            left_out[Why.PERIOD if moment else Why.NO_DUE] += 1
    return found, left_out


def _lines(tasks: Sequence[Journey], work: Work, facts: Facts, *, by_template: bool) -> Iterator[Line]:
    names = _Of._fields if by_template else _Of._fields[1:]
    for values, alike in _alike(tasks, names):
        of = _Of(**dict.fromkeys(_Of._fields) | values)
        late = [task.id for task in alike if work.overdue(task)]
        yield Line(
            {**of._asdict(), **_figures(alike, work)},
            {"count": [task.id for task in alike], "overdue": late},
            _shown(of, names, facts),
        )


def _alike(
    tasks: Sequence[Journey], names: Sequence[str]
) -> Iterator[tuple[dict[str, str | None], Sequence[Journey]]]:
    """Yield the tasks that have the same values, with these; of each the most frequent first."""
    if not names:
        yield {}, tasks
        return
    name, *others = names
    for value, group in grouped(tasks, lambda task: text_of(task.values.get(name))):
        for values, alike in _alike(group, others):
            yield {name: value, **values}, alike


def _figures(tasks: Sequence[Journey], work: Work) -> Row:
    delays = [delay for task in tasks if is_done(task) and (delay := work.delay(task)) is not None]
    return {
        "count": len(tasks),
        "overdue": sum(map(work.overdue, tasks)),
        "median_delay": median(delays),
    }


def _shown(of: _Of, names: Sequence[str], facts: Facts) -> dict[str, Cell]:
    """Return what people read: titles for ids, and nothing for the result of a task that has not come to one."""
    values = of._asdict()
    return {
        name: ""
        if name == "result" and of.status != "done"
        else facts.show(RecordType.TASK, name, values[name])
        for name in names
    }
