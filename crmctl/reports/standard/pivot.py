"""`pivot`: records of any type by one field or two, with a figure of one's choice."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.field import Field
from crmctl.model.pipeline import Pipeline
from crmctl.model.records import RecordType, record_type
from crmctl.model.table import Column, Row
from crmctl.reports.attribute import Attribute
from crmctl.reports.axis import Axis, Group, Key
from crmctl.reports.cohort import Event
from crmctl.reports.definition import Definition, Option
from crmctl.reports.division import Division
from crmctl.reports.facts import Facts, division_of
from crmctl.reports.journey import Journey, grouped
from crmctl.reports.made import ALL, Line, Made, Section, in_group
from crmctl.reports.measure import Measure, read_measure
from crmctl.reports.why import Why

REPORT = Definition(
    name="pivot",
    question="How do records of any type divide by one field, or by two?",
    columns=(),
    meanings={},
    kinds=(),
    event=Event.CREATED,
    options=(
        Option("rows", "The field whose values are the rows.", metavar="FIELD", required=True),
        Option("cols", "The field whose values are the columns.", metavar="FIELD"),
        Option(
            "value",
            "count, or sum:, avg: or median: and a field, such as sum:amount or median:age.",
            metavar="FIGURE",
            default="count",
        ),
    ),
    examples=(
        "crmctl report pivot deals --rows stage --cols owner --value sum:amount",
        "crmctl report pivot deals --rows created_at --cols outcome",
        "crmctl report pivot contacts --rows source --period this-year",
        "crmctl report pivot deals --rows contact.source --value median:age --where won",
    ),
    of_type=True,
)
_MOST_COLUMNS = 200
"""Columns that a table can have and still be read by anything."""
_RESERVED = ("ids", "pipeline")


class _Asked(msgspec.Struct, frozen=True):
    """What is asked for: records of which type, by which fields, with which figure."""

    kind: RecordType
    rows: Attribute
    cols: Attribute | None
    measure: Measure

    @property
    def told(self) -> str:
        """What is asked for, as a heading tells it."""
        by = " and ".join(each.name for each in (self.rows, self.cols) if each)
        return f"{self.kind.table} by {by}, {self.measure.name}"

    @property
    def reads(self) -> tuple[str, ...]:
        """The stored fields that are read."""
        names = [*self.rows.reads, *(self.cols.reads if self.cols else ())]
        field = self.measure.field
        return tuple(dict.fromkeys([*names, *([field.name] if field else [])]))


class _Found(msgspec.Struct, frozen=True):
    """The records, and what they are divided by as well."""

    journeys: Sequence[Journey]
    pipelines: Mapping[str, Pipeline]
    by: Division | None
    backwards: int = 0


def make(facts: Facts) -> Made:
    """Return a row for each value of one field, with a column for each of the other."""
    asked = _asked(facts)
    found = _found(facts, asked)
    table = _Table(asked, found, facts)
    lines = list(table.lines(found.journeys))
    total = {asked.rows.name: None, **table.figures(table.by_column(found.journeys))}
    section = Section(
        lines,
        heading=asked.told,
        columns=table.columns,
        total={**total, asked.rows.name: ALL} if lines else None,
    )
    by = found.by
    if by:
        groups = [
            in_group(line, by, value)
            for value, group in grouped(found.journeys, lambda each: each.group)
            for line in table.lines(group)
        ]
        section = msgspec.structs.replace(section, lines=groups, by=by.column)
    notes = [f"left out: {found.backwards:,} {Why.AGE.words}"] if found.backwards else []
    return Made([section], total, [*table.notes, *notes], {Why.AGE: found.backwards}, table.explained)


def _asked(facts: Facts) -> _Asked:
    kind = record_type(facts.option("record"))
    rows = facts.attribute(kind, facts.option("rows"), "--rows")
    cols = facts.attribute(kind, facts.option("cols"), "--cols") if facts.option("cols") else None

    def field(name: str) -> Field:
        found = facts.attribute(kind, name, "--value")
        if found.via or not found.reads:
            raise WrongUse(f"--value: {found.name} is not of the records themselves")
        return found.field

    return _Asked(kind, rows, cols, read_measure(facts.option("value") or "count", field, facts.now))


def _found(facts: Facts, asked: _Asked) -> _Found:
    kind, field = asked.kind, asked.measure.field
    amount = field.name if field and asked.measure.of_money else ""
    if kind.staged:
        populations = facts.populations(
            REPORT.event, asked.reads, kinds=(kind,), history=False, amount=amount
        )
        every = [each for population in populations for each in population.journeys]
        pipelines = {each.pipeline.id: each.pipeline for each in populations}
        found = _Found(every, pipelines, division_of(populations))
    else:
        records = facts.records(kind, asked.reads, event=REPORT.event, amount=amount)
        found = _Found(records.journeys, {}, records.by)
    if asked.measure.of_age:
        forward = [each for each in found.journeys if asked.measure.age(each) >= 0]
        left_out = len(found.journeys) - len(forward)
        return msgspec.structs.replace(found, journeys=forward, backwards=left_out)
    return found


class _Table:
    """Records in cells: each in those of its values of both fields."""

    def __init__(self, asked: _Asked, found: _Found, facts: Facts) -> None:
        self._asked = asked
        self._by = found.by
        self._rows = Axis(asked.rows, facts, found.pipelines)
        self._cols = Axis(asked.cols, facts, found.pipelines) if asked.cols else None
        self._row_keys = {each.id: self._rows.keys(each) for each in found.journeys}
        self._col_keys = {each.id: self._cols.keys(each) for each in found.journeys} if self._cols else {}
        self._names = self._named()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The column of the rows' values, and those of the figures."""
        asked = self._asked
        figures = (Column(name, group.shown, asked.measure.kind) for name, group in self._names.values())
        return (Column(asked.rows.name, asked.rows.title), *figures)

    def lines(self, journeys: Sequence[Journey]) -> Iterator[Line]:
        """Yield the row of each value that some records have."""
        cells: dict[Key, list[Journey]] = {}
        for journey in journeys:
            for key in self._row_keys[journey.id]:
                cells.setdefault(key, []).append(journey)
        for group in self._rows.groups(cells):
            by_column = self.by_column(cells.get(group.key, ()))
            row: Row = {self._asked.rows.name: group.value, **self.figures(by_column)}
            behind = {self._names[key][0]: [each.id for each in found] for key, found in by_column.items()}
            yield Line(row, behind, {self._asked.rows.name: group.shown})

    def by_column(self, journeys: Sequence[Journey]) -> dict[Key, list[Journey]]:
        """Return some records by the column that they count in, or by the columns."""
        found: dict[Key, list[Journey]] = {key: [] for key in self._names}
        for journey in journeys:
            for key in self._col_keys.get(journey.id, ("",)):
                found[key].append(journey)
        return found

    def figures(self, by_column: Mapping[Key, Sequence[Journey]]) -> Row:
        """Return the figure of each column."""
        return {self._names[key][0]: self._asked.measure.figure(found) for key, found in by_column.items()}

    def _named(self) -> dict[Key, tuple[str, Group]]:
        """Return the key in rows of each column, and its group; without a field of columns there is one."""
        measure = self._asked.measure
        if self._cols is None or self._asked.cols is None:
            return {"": (measure.name, Group("", None, measure.name))}
        groups = self._cols.groups(key for keys in self._col_keys.values() for key in keys)
        if len(groups) > _MOST_COLUMNS:
            raise WrongUse(
                f"--cols: {self._asked.cols.name} has {len(groups):,} values, a table has {_MOST_COLUMNS} columns",
                hint=f"--rows {self._asked.cols.name}",
            )
        taken = {self._asked.rows.name, *_RESERVED, *([self._by.key] if self._by else [])}
        found = {}
        for group in groups:
            name = group.shown if group.value is None else str(group.value)
            while name in taken:
                name = f"{self._asked.cols.name} {name}"
            taken.add(name)
            found[group.key] = (name, group)
        return found

    @property
    def notes(self) -> list[str]:
        """What to know of fields with several values."""
        fields = [each for each in (self._asked.rows, self._asked.cols) if each and each.many]
        return [f"{each.title}: a record counts under each of its values" for each in fields]

    @property
    def explained(self) -> Mapping[str, str]:
        """What the figures are."""
        measure, cols = self._asked.measure, self._asked.cols
        told = {"Rows": f"records by {_divided(self._asked.rows)}"}
        if cols:
            told["Columns"] = f"records by {_divided(cols)}"
        return {**told, "Figures": measure.meaning}


def _divided(attribute: Attribute) -> str:
    dated = attribute.field.kind in ("date", "datetime")
    return f"the month of {attribute.name}" if dated else attribute.name
