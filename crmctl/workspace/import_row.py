"""One imported row: which record it is, and what becomes of it."""

from collections.abc import Mapping

import msgspec

from crmctl.errors import BadValue, CrmError, NotConfigured, NotFound, Refused, wrong_use
from crmctl.importer.rejects import Fault
from crmctl.importer.row import ImportRow
from crmctl.model.change import Change
from crmctl.model.keys import repeated
from crmctl.model.records import Record, RecordType, Value
from crmctl.rules.decision import Refusal
from crmctl.rules.duplicates import Match, Matcher
from crmctl.rules.mould import Moulds
from crmctl.text import plural
from crmctl.workspace.find import whereabouts
from crmctl.workspace.import_choices import Choices, OnDuplicate
from crmctl.workspace.import_values import RowValues
from crmctl.workspace.known import filled_matcher
from crmctl.workspace.merged import heir
from crmctl.workspace.source_keys import SourceKeys
from crmctl.workspace.transaction import Transaction

Differences = Mapping[str, tuple[Value | None, Value | None]]
"""Old and new value of each field that changes."""


class Verdict(msgspec.Struct, frozen=True):
    """What became of a row: `created updated unchanged skipped rejected`, and why it was rejected."""

    kind: str
    faults: tuple[Fault, ...] = ()
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
        self._heirs: dict[str, str] = {}
        self._values = _values_of(tx, kind, choices)
        self._moulds = Moulds(kind, tx.context)
        self._set_off = 0

    @property
    def dry_run(self) -> bool:
        """Whether nothing is written."""
        return self._tx.options.dry_run

    @property
    def notes(self) -> list[str]:
        """What the actions of stages came to, beside the rows' own records."""
        count = self._set_off + self._tx.tasks_made
        made = [f"{plural(count, 'more record')} made or changed by actions"] if count else []
        return [*made, *self._tx.notes]

    def begin_file(self) -> None:
        """Begin another file: equal rows are told apart within each."""
        self._repeats = {}

    def take(self, row: ImportRow) -> Verdict:
        """Decide on a row and carry it out in the transaction."""
        key = self._source_key(row)
        if row.errors:
            return Verdict("rejected")
        if not self._goes_by_id(row) and self._is_known(key):
            return Verdict("unchanged", record_id=self._taken_before(key))
        try:
            return self._decide(row, key)
        except NotConfigured:
            raise  # no fault of the row
        except (BadValue, CrmError) as error:
            return Verdict("rejected", (_fault(error),))

    def _taken_before(self, key: str) -> str:
        """Return the record that a row became, or went into since; empty for a row that is new."""
        known = self._keys.record_of(key)
        if known and known not in self._heirs:
            self._heirs[known] = heir(self._tx.writer, known) or known
        return self._heirs.get(known, "")

    def _goes_by_id(self, row: ImportRow) -> bool:
        """Tell whether a row means the record it names; under `create` it may only lend its id to a new one."""
        return bool(row.id) and self._choices.on_duplicate is not OnDuplicate.CREATE

    def _is_known(self, key: str) -> bool:
        """Tell whether a row came before and means nothing new: what superseded it may be written back."""
        if not (known := self._keys.record_of(key)):
            return False
        writes = self._choices.on_duplicate in (OnDuplicate.UPDATE, OnDuplicate.FILL)
        there = self._tx.writer.get(known) or heir(self._tx.writer, known)
        return not writes or self._keys.is_latest(key) or not there

    def _decide(self, row: ImportRow, key: str) -> Verdict:
        if row.id:
            return self._by_id(row, key)
        mode = self._choices.on_duplicate or OnDuplicate.SKIP
        match = self._match(row) if mode is not OnDuplicate.CREATE else Match()
        if match.ambiguous:
            raise Refused(f"{', '.join(match.fields)}: matches several records: {', '.join(match.ids[:10])}")
        known = match.ids[0] if match.ids else self._taken_before(key)
        return self._known(self._tx.get(known), row, key, mode) if known else self._created(row, key)

    def _match(self, row: ImportRow) -> Match:
        # Many workspaces know leads and deals by their outside id alone, and many rows have none.
        if self._matcher.fields == ("external_id",) and not row.external_id:
            return Match()
        return self._matcher.find(self._values.known_by(row))

    def _by_id(self, row: ImportRow, key: str) -> Verdict:
        """Take a row that names its record. Raises Refused, NotFound."""
        writer = self._tx.writer
        record = writer.get(row.id)
        if record is None:
            if trashed := writer.trashed(row.id):
                told, hint = whereabouts(writer, trashed)
                raise Refused(f"{row.id} {told}", hint=hint).at("id")
            if writer.was_given(row.id):
                # A number may have been used up by a row that was rejected: nothing ever had it.
                told = "was removed" if writer.history([row.id]) else "does not exist"
                raise NotFound(f"{row.id} {told}").at("id")
            return self._created(row, key, row.id)
        if not self._goes_by_id(row):
            return self._created(row, key)
        moved_on = row.revision is not None and row.revision != record.revision
        if moved_on and not self._says_the_same(row, record):
            told = (
                f"{row.id} was changed since: it is at revision {record.revision}, the row at {row.revision}"
            )
            raise Refused(told).at("revision")
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
        self._check_listed(change.record.values, record)
        applied = self._applied(msgspec.structs.replace(change, key=key))
        if isinstance(applied, Refusal):
            return _rejected(applied)
        self._matcher.add(record.id, applied.record.values)
        self._keys.learn(key, record.id)
        return Verdict("updated", record_id=record.id, changes=self._told(applied))

    def _change(self, record: Record, row: ImportRow, mode: OnDuplicate) -> Change | Refusal:
        """Return what the row would change of its record."""
        return self._values.change(row, record, fill=mode is OnDuplicate.FILL)

    def _created(self, row: ImportRow, key: str, record_id: str = "") -> Verdict:
        """Create the row's record through the gate."""
        new = self._values.new_record(row, lineage=bool(record_id))
        if isinstance(new, Refusal):
            return _rejected(new)
        self._check_listed(new.values)
        answer = self._moulds.create(record_id or self._tx.writer.new_id(self._kind), new)
        if isinstance(answer, Refusal):
            return _rejected(answer)
        applied = self._applied(self._values.dated(answer, row, key))
        if isinstance(applied, Refusal):
            return _rejected(applied)
        created = applied.record
        self._matcher.add(created.id, created.values)
        self._keys.learn(key, created.id)
        return Verdict("created", record_id=created.id, changes=self._told(applied))

    def _applied(self, change: Change) -> Change | Refusal:
        """Make the change of a row, with all that it sets off where that is wanted."""
        if not self._choices.run_actions:
            return self._tx.apply(change)
        answer = self._tx.set_off.follow(change)
        if isinstance(answer, Refusal):
            return answer
        *made, applied = self._tx.apply_all(answer)
        self._set_off += len(made)
        return applied

    def _check_listed(self, values: Mapping[str, Value | None], known: Record | None = None) -> None:
        """Raise Refused for a value on the blacklist, unless the record has it already."""
        if self._tx.guard and (listed := self._tx.guard.refusal(self._kind, values, known)):
            raise Refused(listed[0].message).at(listed[1])

    def _told(self, change: Change) -> Differences:
        """Return what a change does where that is looked at, not done."""
        return change.differences() if self._tx.options.dry_run else {}

    def _source_key(self, row: ImportRow) -> str:
        """Return what the row is known by when it comes again: its content, and its number among equal rows."""
        key = row.key
        count = self._repeats[key] = self._repeats.get(key, 0) + 1
        return repeated(key, count)

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


def _values_of(tx: Transaction, kind: RecordType, choices: Choices) -> RowValues:
    if kind is not RecordType.TASK:
        return RowValues(tx.context, kind, choices)
    from crmctl.workspace.import_tasks import TaskRowValues

    return TaskRowValues(tx.context, choices, tx.writer)


def _rejected(refusal: Refusal) -> Verdict:
    lacking = [
        Fault(f"required and empty: {each.field.label} ({each.reason})", each.name)
        for each in refusal.missing
    ]
    field = "stage" if refusal.code == "not_allowed" else ""
    return Verdict("rejected", tuple(lacking) or (Fault(refusal.message, field),))


def _fault(error: BadValue | CrmError) -> Fault:
    told, field = (error.reason, "") if isinstance(error, BadValue) else (error.message, error.field)
    return Fault(f"{told} ({error.hint})" if error.hint else told, field)
