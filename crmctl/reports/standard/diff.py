"""`diff`: what moved between two moments."""

from collections.abc import Iterable, Mapping, Sequence

from crmctl.model.table import Cell, Column, Kind, Row
from crmctl.reports.definition import Definition, Option
from crmctl.reports.facts import Facts, Window
from crmctl.reports.journey import Journey, grouped
from crmctl.reports.made import Line, Made, Section, in_group
from crmctl.reports.shift import Change, Move, Pipelines, Shifts, moves
from crmctl.reports.sums import added, told

SUMMARY = (
    Column("change", "Change"),
    Column("count", "Count", Kind.COUNT),
    Column("amount", "Amount", Kind.AMOUNT),
)
REPORT = Definition(
    name="diff",
    question="What moved: new, advanced, went back, won, lost, slipped?",
    columns=(
        Column("id", "ID"),
        Column("title", "Title"),
        Column("change", "Change"),
        Column("from", "From"),
        Column("to", "To"),
        Column("at", "At"),
        Column("by", "By"),
    ),
    meanings={
        "change": "what the two moments differ by, a row a record and kind of change: what was moved on and back, or"
        " done and undone between them, is none",
        "from": "the stage, expected close, amount or pipeline before",
        "to": "the same after; of a merged record the one that it went into",
        "at": "when the last event happened that made the change; of a new record, when it was created",
        "by": "who did that",
        "count": "records that changed so",
        "amount": "what they are worth, of those restored when they went, of those whose amount changed the difference",
    },
    options=(
        Option(
            "since", "From then on: a day, -7d, this-week, 2026-11; all that happened later counts.", "WHEN"
        ),
        Option("until", "Up to the end of that day or time; up to now without it.", "WHEN"),
    ),
    examples=(
        "crmctl diff --since -7d",
        "crmctl diff wholesale --since 2026-11-01 --until 2026-11-15 --by owner",
        "crmctl diff --period last-week -o json",
        "crmctl diff --since yesterday --fail-if 'change = lost and count >= 4'",
    ),
    chart="count",
    further=SUMMARY,
)
CALLED = {
    Change.BACK: "went back",
    Change.AMOUNT: "amount changed",
}
"""How people know the changes whose names are short."""
ALWAYS = (
    *(Change.NEW, Change.ADVANCED, Change.BACK, Change.WON, Change.LOST),
    *(Change.REOPENED, Change.SLIPPED, Change.AMOUNT),
)
"""The changes that are told where there are none, too."""


def make(facts: Facts) -> Made:
    """Return what moved in each pipeline."""
    window = facts.stretch(facts.option("since"), facts.option("until"))
    pipelines = facts.pipelines
    sections: list[Section] = []
    every: list[Move] = []
    for each in facts.shifts(window):
        found = [move for shift in each.shifts for move in moves(shift, pipelines)]
        every += found
        sections += _sections(each, found, facts, _told_window(window, facts))
    return Made(sections, _totals(every))


def _told_window(window: Window, facts: Facts) -> str:
    since = f"since {_minute(facts.local(window.start))}" if window.start else ""
    until = f"until {_minute(facts.local(window.end))}" if window.end <= facts.now else ""
    return " ".join(part for part in (since, until) if part)


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _sections(of: Shifts, found: Sequence[Move], facts: Facts, told: str) -> list[Section]:
    counts: list[Line] = []
    rows: list[Line] = []
    by = of.by
    for value, group in _groups(found) if by else [(None, found)]:
        lines, own = list(_counts(group, always=by is None)), list(_rows(group, of, facts))
        counts += [in_group(line, by, value) for line in lines] if by else lines
        rows += [in_group(line, by, value) for line in own] if by else own
    grouping = by.column if by else None
    return [
        Section(counts, of.pipeline, grouping, told, SUMMARY, key="changes"),
        Section(rows, of.pipeline, grouping, "the records"),
    ]


def _groups(found: Sequence[Move]) -> list[tuple[str | None, list[Move]]]:
    by_id: dict[str, list[Move]] = {}
    for move in found:
        by_id.setdefault(move.shift.id, []).append(move)
    counted = {move.shift.id: move.shift.counted for move in found}
    return [
        (value, [move for journey in group for move in by_id[journey.id]])
        for value, group in grouped(counted.values(), lambda journey: journey.group)
    ]


def _by_change(found: Iterable[Move]) -> Mapping[Change, list[Move]]:
    kinds: dict[Change, list[Move]] = {change: [] for change in Change}
    for move in found:
        kinds[move.change].append(move)
    return kinds


def _counts(found: Iterable[Move], *, always: bool) -> Iterable[Line]:
    for change, own in _by_change(found).items():
        if own or (always and change in ALWAYS):
            row: Row = {"change": change.value, "count": len(own), "amount": _worth(own)}
            yield Line(row, {"count": [move.shift.id for move in own]}, _named(change))


def _rows(found: Iterable[Move], of: Shifts, facts: Facts) -> Iterable[Line]:
    for own in _by_change(found).values():
        for move in sorted(own, key=lambda each: each.event.at):
            yield _line(move, of, facts)


def _line(move: Move, of: Shifts, facts: Facts) -> Line:
    at = facts.local(move.event.at)
    row: Row = {
        "id": move.shift.id,
        "title": move.shift.title,
        "change": move.change.value,
        "from": move.start,
        "to": move.end,
        "at": at,
        "by": move.event.by,
    }
    pipelines = facts.pipelines
    shown: dict[str, Cell] = {
        "from": _told(move, move.start, move.shift.before or move.shift.once, pipelines),
        "to": _told(move, move.end, move.shift.after, pipelines),
        "at": _minute(at),
        "by": facts.show(of.pipeline.record, "owner", move.event.by),
    }
    return Line(row, {}, {**shown, **_named(move.change)})


def _told(move: Move, value: str | None, state: Journey | None, pipelines: Pipelines) -> str | None:
    """Return a stage or a pipeline by its title, anything else as it is."""
    pipeline = pipelines.get(state.pipeline) if state else None
    if value is None or state is None or pipeline is None:
        return value
    if move.change is Change.TRANSFERRED:
        return pipeline.title
    return pipeline.stage_or_archived(value).title if value == state.stage else value


def _named(change: Change) -> dict[str, Cell]:
    return {"change": CALLED.get(change, change.value)}


def _worth(found: Iterable[Move]) -> dict[str, str]:
    return told(added(pair for move in found for pair in move.amounts().items()))


def _totals(found: Iterable[Move]) -> Row:
    totals: dict[str, Cell] = {}
    for change, own in _by_change(found).items():
        if own or change in ALWAYS:
            totals |= {change.value: len(own), f"{change.value}_amount": _worth(own)}
    return totals
