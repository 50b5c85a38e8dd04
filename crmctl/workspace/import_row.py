"""One imported row: which record it is, and what becomes of it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from crmctl.errors import BadValue, CrmError, NotFound, Refused, WrongUse, wrong_use
from crmctl.importer.row import ImportRow
from crmctl.model.change import Change, PastMove
from crmctl.model.records import Record, RecordType, Value, Values
from crmctl.model.standard_fields import LINEAGE, REASONS
from crmctl.rules.assignment import STAGED, Assignment, assigned
from crmctl.rules.create import NewRecord, chosen_pipeline, create, stage_named
from crmctl.rules.decision import Refusal
from crmctl.rules.duplicates import Match, Matcher
from crmctl.rules.move import Move, move
from crmctl.rules.update import update
from crmctl.workspace.known import filled_matcher
from crmctl.workspace.source_keys import SourceKeys
from crmctl.workspace.transaction import Transaction


class OnDuplicate(StrEnum):
    """What to do with a row whose record is known. Usually: update where the row has its id, else skip."""

    USUAL = ""
    SKIP = "skip"
    UPDATE = "update"
    FILL = "fill"
    ERROR = "error"
    CREATE = "create"


class Choices(msgspec.Struct, frozen=True):
    """What the command line says for every row."""

    key: tuple[str, ...] = ()
    on_duplicate: OnDuplicate = OnDuplicate.USUAL
    assignments: tuple[Assignment, ...] = ()
    pipeline: str = ""
    stage: str = ""
    owner: str = ""


Differences = Mapping[str, tuple[Value | None, Value | None]]
"""Old and new value of each field that changes."""


class Verdict(msgspec.Struct, frozen=True):
    """What became of a row: `created updated unchanged skipped rejected`, and why it was rejected."""

    kind: str
    reasons: tuple[str, ...] = ()
    record_id: str = ""
    changes: Differences = {}


class Importer:
    """Takes rows one after another into a transaction. What it took, later rows are matched with too."""

    def __init__(self, tx: Transaction, kind: RecordType, choices: Choices) -> None:
        self._tx = tx
        self._kind = kind
        self._choices = choices
        self._keys = SourceKeys(tx.writer, kind)
        self._matcher = self._filled_matcher()
        self._repeats: dict[str, int] = {}
        self._defaults = self._read_defaults()

    @property
    def dry_run(self) -> bool:
        """Whether nothing is written."""
        return self._tx.options.dry_run

    def begin_file(self) -> None:
        """Begin another file: equal rows are told apart within each."""
        self._repeats = {}

    def take(self, row: ImportRow) -> Verdict:
        """Decide on a row and carry it out in the transaction."""
        key = self._source_key(row)
        if row.errors:
            return Verdict("rejected")
        if not row.id and self._is_known(key):
            return Verdict("unchanged", record_id=self._keys.record_of(key))
        try:
            return self._decide(row, key)
        except (BadValue, CrmError) as error:
            return Verdict("rejected", (_reason(error),))

    def _is_known(self, key: str) -> bool:
        """Tell whether a row came before and means nothing new: what superseded it may be written back."""
        if not (known := self._keys.record_of(key)):
            return False
        writes = self._choices.on_duplicate in (OnDuplicate.UPDATE, OnDuplicate.FILL)
        return not writes or self._keys.is_latest(key) or self._tx.writer.get(known) is None

    def _decide(self, row: ImportRow, key: str) -> Verdict:
        if row.id:
            return self._by_id(row, key)
        mode = self._choices.on_duplicate or OnDuplicate.SKIP
        match = self._matcher.find(self._match_values(row)) if mode is not OnDuplicate.CREATE else Match()
        if match.ambiguous:
            raise Refused(f"{', '.join(match.fields)}: matches several records: {', '.join(match.ids[:10])}")
        known = match.ids[0] if match.ids else self._keys.record_of(key)
        return self._known(self._tx.get(known), row, key, mode) if known else self._created(row, key)

    def _by_id(self, row: ImportRow, key: str) -> Verdict:
        """Take a row that names its record. Raises Refused, NotFound."""
        writer = self._tx.writer
        record = writer.get(row.id)
        if record is None:
            if writer.trashed(row.id):
                raise Refused(f"{row.id} is in the trash", hint=f"crmctl restore {row.id}")
            if writer.was_given(row.id):
                raise NotFound(f"{row.id} was removed")
            return self._created(row, key, row.id)
        moved_on = row.revision is not None and row.revision != record.revision
        if moved_on and not self._says_the_same(row, record):
            told = (
                f"{row.id} was changed since: it is at revision {record.revision}, the row at {row.revision}"
            )
            raise Refused(told)
        return self._known(record, row, key, self._choices.on_duplicate or OnDuplicate.UPDATE)

    def _says_the_same(self, row: ImportRow, record: Record) -> bool:
        """Tell whether the row would change nothing, as when an edited export comes a second time."""
        change = self._change(record, row, OnDuplicate.UPDATE)
        return isinstance(change, Change) and not change.differences()

    def _known(self, record: Record, row: ImportRow, key: str, mode: OnDuplicate) -> Verdict:
        """Take a row whose record is there. Raises Refused, WrongUse, NotFound."""
        if mode is OnDuplicate.ERROR:
            raise Refused(f"is known as {record.id}")
        change = self._change(record, row, mode)
        if isinstance(change, Change) and not change.differences():
            return Verdict("unchanged", record_id=record.id)
        if mode is OnDuplicate.SKIP:
            return Verdict("skipped", record_id=record.id)
        if isinstance(change, Refusal):
            return _rejected(change)
        applied = self._tx.apply(msgspec.structs.replace(change, key=key))
        self._matcher.add(record.id, applied.record.values)
        self._keys.learn(key, record.id)
        return Verdict("updated", record_id=record.id, changes=self._told(applied))

    def _change(self, record: Record, row: ImportRow, mode: OnDuplicate) -> Change | Refusal:
        """Return what the row would change of its record."""
        context = self._tx.context
        given = self._in_currency(row, record.values)
        values: dict[str, Value | None] = {**given, **self._reason_values(row, record.pipeline)}
        if row.external_id and not record.get("external_id"):
            values["external_id"] = row.external_id
        if mode is OnDuplicate.FILL:
            values = self._filling(values, record)
        values |= {
            name: value
            for name, value in self._defaults.items()
            if record.get(name) is None and name not in values
        }
        stage, pipeline = row.texts.get("stage", ""), row.texts.get("pipeline", "")
        if mode is OnDuplicate.FILL or not (stage or pipeline):
            return update(record, values, context)
        closed = str(row.kept.get("closed_at", ""))
        return move(record, Move(stage, pipeline, values, at=closed, op="update"), context)

    def _created(self, row: ImportRow, key: str, record_id: str = "") -> Verdict:
        """Create the row's record through the gate."""
        context, kind = self._tx.context, self._kind
        pipeline, stage = self._place(row)
        values: dict[str, Value | None] = {
            **self._defaults,
            **self._in_currency(row, self._defaults),
            **{name: value for name, value in row.kept.items() if record_id or name not in LINEAGE},
            **self._reason_values(row, pipeline),
        }
        if row.external_id:
            values["external_id"] = row.external_id
        new = NewRecord(kind, values, pipeline, stage)
        answer = create(record_id or self._tx.writer.new_id(kind), new, context)
        if isinstance(answer, Refusal):
            return _rejected(answer)
        change = self._dated(answer, row, key)
        applied = self._tx.apply(change)
        self._matcher.add(applied.record.id, applied.record.values)
        self._keys.learn(key, applied.record.id)
        return Verdict("created", record_id=applied.record.id, changes=self._told(applied))

    def _told(self, change: Change) -> Differences:
        """Return what a change does where that is looked at, not done."""
        return change.differences() if self._tx.options.dry_run else {}

    def _in_currency(self, row: ImportRow, values: Mapping[str, Value | None]) -> Values:
        """Return the row's values, amounts that name no currency in the one that is there. Raises BadValue."""
        fields, found = self._tx.configuration.fields_of(self._kind), dict(row.values)
        plain = msgspec.structs.replace(self._tx.context.conventions, decimal_mark=".")
        for name in row.bare:
            currency = values.get(fields[name].paired)
            if currency and name in found:
                read = fields[name].assign(f"{found[name]} {currency}", plain)
                found |= {name: value for name, value in read.items() if value is not None}
        return found

    def _filling(self, values: Mapping[str, Value | None], record: Record) -> dict[str, Value | None]:
        """Return those values that the record lacks; an amount that it lacks brings its own currency."""
        found = {name: value for name, value in values.items() if record.get(name) is None}
        fields = self._tx.configuration.fields_of(self._kind)
        paired = [fields[name].paired for name in found if name in fields and fields[name].paired]
        return found | {name: values[name] for name in paired if name in values}

    def _place(self, row: ImportRow) -> tuple[str, str]:
        """Return the ids of pipeline and stage that row or command line name. Raises WrongUse, NotFound."""
        if not self._kind.staged:
            return "", ""
        named = row.texts.get("pipeline") or self._choices.pipeline
        pipeline = chosen_pipeline(self._kind, named, self._tx.context)
        stage = row.texts.get("stage") or self._choices.stage
        return pipeline.id, stage_named(pipeline, stage).id if stage else ""

    def _reason_values(self, row: ImportRow, pipeline: str) -> dict[str, Value | None]:
        """Return the reason of a loss, read by the list of the record's pipeline. Raises BadValue."""
        fields = self._tx.configuration.fields_of(self._kind, pipeline)
        found: dict[str, Value | None] = {}
        for name in REASONS:
            if name in row.texts:
                found |= fields[name].assign(row.texts[name], self._tx.context.conventions)
        return found

    def _dated(self, change: Change, row: ImportRow, key: str) -> Change:
        """Give a new record the dates the row brings, and the history that follows from them.

        A closed record without a closing date has none: it is not known when it was won or lost.
        """
        record = change.record
        created, closed = row.kept.get("created_at"), row.kept.get("closed_at")
        kept: dict[str, Value | None] = {"closed_at": closed} if record.get("closed_at") else {}
        if row.revision is not None and row.id:
            kept["revision"] = row.revision
        past: tuple[PastMove, ...] = ()
        pipeline = self._tx.context.pipeline_of(record)
        stage = pipeline.stage(record.stage) if pipeline else None
        if pipeline and stage and not stage.open and created and closed:
            past = (_closing(record, str(closed), pipeline.first.id, pipeline.reason_field),)
        return msgspec.structs.replace(
            change, after=record.having(kept), at=str(created or ""), key=key, past=past
        )

    def _source_key(self, row: ImportRow) -> str:
        """Return what the row is known by when it comes again: its content, and its number among equal rows."""
        key = row.key
        count = self._repeats[key] = self._repeats.get(key, 0) + 1
        return key if count == 1 else f"{key}.{count}"

    def _match_values(self, row: ImportRow) -> Mapping[str, Value]:
        return row.record_of(self._kind).values

    def _filled_matcher(self) -> Matcher:
        """Return the matcher by `--key`, else by the outside id and then the workspace's rules. Raises WrongUse."""
        configuration = self._tx.configuration
        if self._choices.key:
            with wrong_use("--key: "):
                names = tuple(configuration.field(self._kind, name).name for name in self._choices.key)
            rules: tuple[tuple[str, ...], ...] = (names,)
        else:
            rules = (("external_id",), *configuration.match.rules.get(self._kind.value, ()))
        matcher = Matcher(self._kind, configuration, rules)
        return filled_matcher(self._tx.writer, matcher, self._kind)

    def _read_defaults(self) -> dict[str, Value | None]:
        """Return what `--set` and `--owner` give every row that says nothing else. Raises WrongUse."""
        given: Sequence[Assignment] = self._choices.assignments
        staged = [each.field for each in given if each.field in STAGED]
        if staged:
            raise WrongUse(f"--set {staged[0]}: use --{staged[0]}")
        owner = [Assignment("owner", (self._choices.owner,))] if self._choices.owner else []
        return assigned([*given, *owner], self._kind, self._tx.context)


def _closing(record: Record, at: str, first: str, reason: str) -> PastMove:
    """Return the move that closed a record, from the first stage: where else it was is not known."""
    changes: dict[str, tuple[Value | None, Value | None]] = {
        "stage": (first, record.stage),
        "closed_at": (None, at),
    }
    if record.get(reason) is not None:
        changes[reason] = (None, record.get(reason))
    return PastMove(at, changes)


def _rejected(refusal: Refusal) -> Verdict:
    lacking = ", ".join(f"{each.field.label} ({each.reason})" for each in refusal.missing)
    return Verdict("rejected", (f"required and empty: {lacking}" if lacking else refusal.message,))


def _reason(error: BadValue | CrmError) -> str:
    told = error.reason if isinstance(error, BadValue) else error.message
    return f"{told} ({error.hint})" if error.hint else told
