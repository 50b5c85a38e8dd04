"""What an imported row writes: its own values, and those that the command line gives every row."""

from collections.abc import Mapping, Sequence

import msgspec

from crmctl.errors import WrongUse, wrong_use
from crmctl.importer.row import ImportRow
from crmctl.model.change import Change, PastMove
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.standard_fields import LINEAGE, REASONS
from crmctl.rules.assignment import STAGED, Assignment, assigned
from crmctl.rules.context import Context
from crmctl.rules.create import NewRecord, chosen_pipeline, stage_named
from crmctl.rules.decision import Refusal
from crmctl.rules.move import Move, move
from crmctl.rules.update import update
from crmctl.workspace.import_choices import Choices

_MOST_PLACES = 1000
_NOTHING: dict[str, Value | None] = {}


class RowValues:
    """Reads rows of one record type as what they write. Raises what the rules raise for bad values."""

    def __init__(self, context: Context, kind: RecordType, choices: Choices) -> None:
        self._context = context
        self._kind = kind
        self._choices = choices
        self._fields = context.configuration.fields_of(kind)
        self._plain = msgspec.structs.replace(context.conventions, decimal_mark=".")
        self._places: dict[tuple[str, str], tuple[str, str]] = {}
        self._defaults = self._read_defaults()

    def new_record(self, row: ImportRow, *, lineage: bool) -> NewRecord | Refusal:
        """Return the record that a new row asks for; its origins, such as a lead, only with `lineage`."""
        pipeline, stage = self._place(row)
        kept = row.kept
        if not lineage and not LINEAGE.isdisjoint(kept):
            kept = {name: value for name, value in kept.items() if name not in LINEAGE}
        values = {
            **self._defaults,
            **self._in_currency(row, self._defaults),
            **kept,
            **self._reason_values(row, pipeline),
        }
        if row.external_id:
            values["external_id"] = row.external_id
        return NewRecord(self._kind, values, pipeline, stage)

    def known_by(self, row: ImportRow) -> Mapping[str, Value | None]:
        """Return what a row's record may be known by."""
        return row.record_of(self._kind).values

    def updates(self, row: ImportRow, record: Record, *, fill: bool) -> dict[str, Value | None]:
        """Return what a row writes to its record; with `fill` only what the record lacks."""
        values = {**self._in_currency(row, record.values), **self._reason_values(row, record.pipeline)}
        if row.external_id and not record.get("external_id"):
            values["external_id"] = row.external_id
        if fill:
            values = self._filling(values, record)
        return values | {
            name: value
            for name, value in self._defaults.items()
            if record.get(name) is None and name not in values
        }

    def change(self, row: ImportRow, record: Record, *, fill: bool) -> Change | Refusal:
        """Return what a row changes of its record."""
        values = self.updates(row, record, fill=fill)
        stage, pipeline = row.texts.get("stage", ""), row.texts.get("pipeline", "")
        if fill or not (stage or pipeline):
            return update(record, values, self._context)
        closed = str(row.kept.get("closed_at", ""))
        return move(record, Move(stage, pipeline, values, at=closed, op="update"), self._context)

    def dated(self, change: Change, row: ImportRow, key: str) -> Change:
        """Give a new record the dates the row brings, and the history that follows from them.

        A closed record without a closing date has none: it is not known when it was won or lost.
        """
        record = change.record
        created, closed = row.kept.get("created_at"), row.kept.get("closed_at")
        kept: dict[str, Value | None] = {"closed_at": closed} if record.get("closed_at") else {}
        if row.revision is not None and row.id == record.id:
            kept["revision"] = row.revision
        after = record.having(kept) if kept else record
        past = self._past(record, str(closed)) if created and closed else ()
        return Change(change.op, None, after, at=str(created or ""), key=key, past=past)

    def _past(self, record: Record, closed: str) -> tuple[PastMove, ...]:
        """Return how a closed record came to be that."""
        pipeline = self._context.pipeline_of(record)
        stage = pipeline.stage(record.stage) if pipeline else None
        if pipeline is None or stage is None or stage.open:
            return ()
        return (_closing(record, closed, pipeline.first.id, pipeline.reason_field),)

    def _in_currency(self, row: ImportRow, values: Mapping[str, Value | None]) -> Mapping[str, Value | None]:
        """Return the row's values, amounts that name no currency in the one that is there. Raises WrongUse."""
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

    def _place(self, row: ImportRow) -> tuple[str, str]:
        """Return the ids of pipeline and stage that row or command line name. Raises WrongUse, NotFound."""
        if not self._kind.staged:
            return "", ""
        named = row.texts.get("pipeline") or self._choices.pipeline
        stage = row.texts.get("stage") or self._choices.stage
        if (named, stage) not in self._places:
            if len(self._places) >= _MOST_PLACES:
                self._places.clear()
            pipeline = chosen_pipeline(self._kind, named, self._context)
            self._places[named, stage] = pipeline.id, stage_named(pipeline, stage).id if stage else ""
        return self._places[named, stage]

    def _reason_values(self, row: ImportRow, pipeline: str) -> dict[str, Value | None]:
        """Return the reason of a loss, read by the list of the record's pipeline. Raises WrongUse."""
        if row.texts.keys().isdisjoint(REASONS):
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


def _closing(record: Record, at: str, first: str, reason: str) -> PastMove:
    """Return the move that closed a record, from the first stage: where else it was is not known."""
    changes: dict[str, tuple[Value | None, Value | None]] = {
        "stage": (first, record.stage),
        "closed_at": (None, at),
    }
    if record.get(reason) is not None:
        changes[reason] = (None, record.get(reason))
    return PastMove(at, changes)
