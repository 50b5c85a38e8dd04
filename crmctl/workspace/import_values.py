"""What an imported row writes: its own values, and those that the command line gives every row."""

from collections.abc import Mapping, Sequence

import msgspec

from crmctl.errors import BadValue, CrmError, WrongUse, wrong_use
from crmctl.importer.column_map import ColumnMap
from crmctl.importer.rejects import Fault
from crmctl.importer.row import ImportRow
from crmctl.model.change import Change
from crmctl.model.import_profile import CLOSED_AS
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.standard_fields import LINEAGE, NAME_PARTS, REASONS
from crmctl.rules.assignment import STAGED, Assignment, assigned
from crmctl.rules.context import Context
from crmctl.rules.create import NewRecord, chosen_pipeline, stage_named
from crmctl.rules.decision import Refusal
from crmctl.rules.move import Move, move
from crmctl.rules.united import joined
from crmctl.rules.update import update
from crmctl.text import name_key
from crmctl.workspace.import_choices import Choices
from crmctl.workspace.import_faults import fault_of
from crmctl.workspace.import_past import Past, Pasts, ended_at, moves_between

_MOST_PLACES = 1000
_REASONS = frozenset(REASONS)
_NOTHING: dict[str, Value | None] = {}


class RowValues:
    """Reads rows of one record type as what they write. Raises what the rules raise for bad values."""

    def __init__(self, context: Context, kind: RecordType, choices: Choices) -> None:
        self._context = context
        self._kind = kind
        self._staged = kind.staged
        self._choices = choices
        self._fields = context.configuration.fields_of(kind)
        self._plain = msgspec.structs.replace(context.conventions, decimal_mark=".")
        self._places: dict[tuple[str, str, str], tuple[str, str, str]] = {}
        self.pasts = Pasts(context, kind)
        self.defaults = self._read_defaults()
        self._title_is_made = False

    def begin_file(self, columns: ColumnMap) -> None:
        """Take the rows that follow as those of another file."""
        self._title_is_made = "title" in columns.made
        self.pasts.begin_file(columns.entered)

    def new_record(self, row: ImportRow, *, lineage: bool) -> NewRecord | Refusal:
        """Return the record that a new row asks for; its origins, such as a lead, only with `lineage`."""
        pipeline, stage, _ = self._place(row)
        kept = row.kept
        if not lineage and not LINEAGE.isdisjoint(kept):
            kept = {name: value for name, value in kept.items() if name not in LINEAGE}
        values = {
            **self.defaults,
            **self._in_currency(row, self.defaults),
            **kept,
            **self._reason_values(row, pipeline),
        }
        if row.external_id:
            values["external_id"] = row.external_id
        return NewRecord(self._kind, values, pipeline, stage)

    def faults(self, row: ImportRow) -> tuple[Fault, ...]:
        """Return what is wrong with the cells of a row that are read late, for one that is rejected already."""
        if not row.texts:
            return ()
        try:
            pipeline, *_ = self._place(row)
            self._reason_values(row, pipeline)
        except (BadValue, CrmError) as error:
            return (fault_of(error),)
        return ()

    def currency(self, row: ImportRow, record: Record | None = None) -> str:
        """Return the currency that prices of a row are in which name none; empty where nothing says."""
        known = record.text("currency") if record else ""
        return str(row.values.get("currency") or known or self.defaults.get("currency") or "")

    def known_by(self, row: ImportRow) -> Mapping[str, Value | None]:
        """Return what a row's record may be known by."""
        return row.record_of(self._kind).values

    def updates(
        self, row: ImportRow, record: Record, *, fill: bool, joins: bool = False
    ) -> dict[str, Value | None]:
        """Return what a row writes to its record; with `fill` only what the record lacks.

        One that `joins` it fills, too, and its values are united with those of fields of many.
        """
        values = {**self._in_currency(row, record.values), **self._reason_values(row, record.pipeline)}
        if row.external_id and not record.get("external_id"):
            values["external_id"] = row.external_id
        if self._title_is_made and _is_but_a_name(row) and _has_a_title_of_its_own(record):
            # The file has no title: what was made of the name parts says nothing that they do not say.
            values.pop("title", None)
        if fill or joins:
            values = self._filling(values, record)
        if "phone" in row.values and not joins:
            values = _with_typed(values, row.values, record)
        if joins:
            values |= joined(record, row.values, self._fields, self._context.conventions)
        return values | {
            name: value
            for name, value in self.defaults.items()
            if record.get(name) is None and name not in values
        }

    def change(self, row: ImportRow, record: Record, *, fill: bool, joins: bool = False) -> Change | Refusal:
        """Return what a row changes of its record."""
        values = self.updates(row, record, fill=fill, joins=joins)
        fill = fill or joins
        stage, pipeline = row.texts.get("stage", ""), row.texts.get("pipeline", "")
        if not fill and row.texts.get(CLOSED_AS):
            stage = self._ended(row, record, stage, pipeline)
        if fill or not (stage or pipeline):
            return update(record, values, self._context)
        steps = self._steps_since(row, record, stage, pipeline)
        at = steps[-1][0] if steps else str(row.kept.get("closed_at", ""))
        change = move(record, Move(stage, pipeline, values, at=at, op="update"), self._context)
        if isinstance(change, Refusal) or not steps:
            return change
        return msgspec.structs.replace(change, past=moves_between(record.stage, steps[:-1]))

    def _steps_since(
        self, row: ImportRow, record: Record, stage: str, pipeline: str
    ) -> Sequence[tuple[str, str]]:
        """Return when a record came to stages since it did last, to the one that its row names. Raises NotFound."""
        elsewhere = (
            pipeline and self._context.configuration.pipeline(pipeline, self._kind).id != record.pipeline
        )
        if not row.entered or not stage or elsewhere:
            return ()
        return self.pasts.since(row, record, self._stage_id(record, stage))

    def _ended(self, row: ImportRow, record: Record, stage: str, pipeline: str) -> str:
        """Return the stage that a known record comes to by how its row says it ended. Raises WrongUse, NotFound."""
        named = self._context.configuration.pipeline(pipeline, self._kind) if pipeline else None
        target = named or self._context.pipeline_of(record)
        if target is None:
            return stage
        found = ended_at(target, stage_named(target, stage) if stage else None, row.texts[CLOSED_AS])
        return found.id if found else stage

    def _stage_id(self, record: Record, stage: str) -> str:
        """Return the id of the stage that a text means in the pipeline of a record, or the text."""
        pipeline = self._context.pipeline_of(record)
        found = pipeline.choices.get(stage) if pipeline else None
        return found.id if found else stage

    def dated(self, change: Change, row: ImportRow, key: str) -> Change:
        """Give a new record the dates the row brings, and the history that follows from them.

        A closed record without a closing date has none: it is not known when it was won or lost.
        """
        record = change.record
        created, closed = row.kept.get("created_at"), row.kept.get("closed_at")
        if closed and self._staged and not record.get("closed_at"):
            self.pasts.left_open()
        told = row.entered or (created and closed) or CLOSED_AS in row.texts
        past = self._past(row, record) if told else Past(str(created or ""), str(closed or ""))
        kept: dict[str, Value | None] = {"closed_at": past.closed or None} if record.get("closed_at") else {}
        if past.created and not created:
            kept["created_at"] = past.created
        if row.revision is not None and row.id == record.id:
            kept["revision"] = row.revision
        after = record.having(kept) if kept else record
        return Change(change.op, None, after, at=past.created, key=key, past=past.moves)

    def _past(self, row: ImportRow, record: Record) -> Past:
        """Return how a record came to be where it is."""
        return self.pasts.of(row, record, self._place(row)[2] if CLOSED_AS in row.texts else "")

    def _in_currency(self, row: ImportRow, values: Mapping[str, Value | None]) -> Mapping[str, Value | None]:
        """Return the row's values, amounts that name no currency in the one that is there. Raises WrongUse."""
        if not row.bare:
            return row.values
        found: dict[str, Value | None] = {}
        for name in row.bare:
            currency = values.get(self._fields[name].paired)
            if currency and name in row.values:
                with wrong_use(field=name):
                    found |= self._fields[name].assign(f"{row.values[name]} {currency}", self._plain)
        written = {name: value for name, value in found.items() if value is not None}
        return {**row.values, **written} if written else row.values

    def _filling(self, values: Mapping[str, Value | None], record: Record) -> dict[str, Value | None]:
        """Return those values that the record lacks; an amount that it lacks brings its own currency."""
        found = {name: value for name, value in values.items() if record.get(name) is None}
        named = [self._fields[name].paired for name in found if name in self._fields]
        return found | {name: values[name] for name in named if name and name in values}

    def _place(self, row: ImportRow) -> tuple[str, str, str]:
        """Return the ids of pipeline and stage that row or command line name, and of the stage before an end.

        Raises WrongUse, NotFound.
        """
        if not self._staged:
            return "", "", ""
        said = row.texts.get
        named, stage = said("pipeline") or self._choices.pipeline, said("stage") or self._choices.stage
        key = named, stage, said(CLOSED_AS, "")
        place = self._places.get(key)
        if place is None:
            if len(self._places) >= _MOST_PLACES:
                self._places.clear()
            pipeline = chosen_pipeline(self._kind, named, self._context)
            found = stage_named(pipeline, stage) if stage else None
            end = ended_at(pipeline, found, key[2])
            before = found.id if found and found.open and end is not found else ""
            place = self._places[key] = pipeline.id, end.id if end else "", before
        return place

    def _reason_values(self, row: ImportRow, pipeline: str) -> dict[str, Value | None]:
        """Return the reason of a loss, read by the list of the record's pipeline. Raises WrongUse."""
        if _REASONS.isdisjoint(row.texts):
            return _NOTHING
        fields = self._context.configuration.fields_of(self._kind, pipeline)
        found: dict[str, Value | None] = {}
        for name in REASONS:
            if name in row.texts:
                with wrong_use(field=name):
                    found |= fields[name].assign(row.texts[name], self._context.conventions)
        return found

    def _read_defaults(self) -> dict[str, Value | None]:
        """Return what `--set` and `--owner` give every row that says nothing else. Raises WrongUse."""
        given: Sequence[Assignment] = self._choices.assignments
        staged = [each.field for each in given if each.field in STAGED]
        if staged:
            raise WrongUse(f"--set {staged[0]}: use --{staged[0]}")
        owner = [Assignment("owner", (self._choices.owner,))] if self._choices.owner else []
        return assigned([*given, *owner], self._kind, self._context)


def _with_typed(
    values: dict[str, Value | None], said: Mapping[str, Value | None], record: Record
) -> dict[str, Value | None]:
    """Return the values with how the numbers that are written were typed, and with that of no others."""
    if "phone" in values and values["phone"] != record.get("phone"):
        return {**values, "phone_typed": said.get("phone_typed")}
    if said["phone"] != record.get("phone"):
        return {name: value for name, value in values.items() if name != "phone_typed"}
    return values


def _is_but_a_name(row: ImportRow) -> bool:
    """Tell whether the title of a row is nothing but the parts of its name."""
    parts = " ".join(str(row.values.get(name, "")) for name in NAME_PARTS)
    return _words(str(row.values.get("title", ""))) == _words(parts)


def _has_a_title_of_its_own(record: Record) -> bool:
    """Tell whether somebody who has a name is called by something else."""
    parts = _words(" ".join(record.text(name) for name in NAME_PARTS))
    return bool(parts) and _words(record.title) != parts


def _words(text: str) -> list[str]:
    return sorted(name_key(text).split())


def values_of(context: Context, kind: RecordType, choices: Choices) -> RowValues:
    """Return what reads the rows of a type."""
    if kind is not RecordType.TASK:
        return RowValues(context, kind, choices)
    from crmctl.workspace.import_tasks import TaskRowValues

    return TaskRowValues(context, choices)
