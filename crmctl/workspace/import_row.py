"""One imported row: which record it is, and what becomes of it."""

from collections.abc import Sequence

import msgspec

from crmctl.errors import BadValue, CrmError, NotConfigured, NotFound, Refused
from crmctl.importer.column_map import ColumnMap
from crmctl.importer.row import ImportRow
from crmctl.model.change import Change
from crmctl.model.import_profile import LINKED
from crmctl.model.merging import FROM
from crmctl.model.records import Record, RecordType
from crmctl.rules.decision import Refusal
from crmctl.rules.duplicates import NO_MATCH, Match
from crmctl.rules.mould import Moulds
from crmctl.text import first_of, plural
from crmctl.workspace.coming_rows import ComingRows
from crmctl.workspace.find import whereabouts
from crmctl.workspace.import_choices import Choices, OnDuplicate
from crmctl.workspace.import_faults import Rejected, fault_of, refused
from crmctl.workspace.import_known import known_as
from crmctl.workspace.import_lines import Lines
from crmctl.workspace.import_linked import NOBODY, Brought, Linker
from crmctl.workspace.import_matching import check_listed, import_matcher, several
from crmctl.workspace.import_missed import MissedLinks
from crmctl.workspace.import_references import References
from crmctl.workspace.import_values import values_of
from crmctl.workspace.import_verdict import Differences, Link, Verdict, links_of
from crmctl.workspace.merged import heir
from crmctl.workspace.named_records import NamedRecords
from crmctl.workspace.namesakes import Namesakes
from crmctl.workspace.outside_ids import RULE
from crmctl.workspace.source_keys import SourceKeys
from crmctl.workspace.stage_moments import StageMoments
from crmctl.workspace.transaction import Transaction


class Importer:
    """Takes rows one after another into a transaction. What it took, later rows are matched with too."""

    def __init__(self, tx: Transaction, kind: RecordType, choices: Choices) -> None:
        self._tx = tx
        self._kind = kind
        self._choices, theirs = choices.shared_out(LINKED.get(kind, ()))
        self._keys = SourceKeys(tx.writer, kind)
        self._matcher = import_matcher(tx, kind, choices.key)
        self._coming = ComingRows()
        self._values = values_of(tx.context, kind, self._choices)
        self._values.pasts.known = StageMoments(tx.writer)
        self._named = NamedRecords(tx.writer, lambda record: tx.set_off.leave.to_see(record) is None)
        self._references = References(self._named, tx.configuration)
        self._missed = MissedLinks(tx, kind, self._references)
        self._linker = Linker(tx, kind, self._named, theirs)
        self._namesakes = Namesakes(self._named)
        self._lines = Lines(tx, self._named)
        self._columns: ColumnMap | None = None
        self._moulds = Moulds(kind, tx.context)
        self._set_off = 0
        self._updates_known = False

    @property
    def dry_run(self) -> bool:
        """Whether nothing is written."""
        return self._tx.options.dry_run

    @property
    def notes(self) -> list[str]:
        """What the actions of stages came to, beside the rows' own records."""
        count = self._set_off + self._tx.tasks_made
        made = [f"{plural(count, 'more record')} made or changed by actions"] if count else []
        return [
            *made,
            *first_of(self._references.notes, "references like these"),
            *self._namesakes.notes,
            *self._named.outside.notes,
            *self._values.pasts.notes,
            *self._tx.notes,
        ]

    def keep_outside_ids(self) -> None:
        """Write what other systems call the records that rows meant, in the commit of the rows."""
        run = self._tx.run
        if run and self._named.outside.write(self._tx.writer, run.id):
            self._tx.beside = True

    def begin_file(
        self, columns: ColumnMap, rows: Sequence[ImportRow], *, updates_known: bool = False
    ) -> None:
        """Begin another file, whose rows these are, the first last: equal ones are told apart within each.

        With `updates_known` a record that its outside id finds is usually updated: such an id is what
        address books know a person by.
        """
        self._coming = ComingRows(rows)
        self._updates_known = updates_known
        self._columns = columns
        self._values.begin_file(columns)

    def take(self, row: ImportRow) -> Verdict:
        """Decide on a row and carry it out in the transaction."""
        verdict = self._taken(row)
        if self._named.outside.waiting:
            for kind, text, record_id in self._named.outside.settle(taken=verdict.kind != "rejected"):
                if kind is self._kind:
                    self._matcher.add(record_id, {"external_id": text})
        return verdict

    def _taken(self, row: ImportRow) -> Verdict:
        key = self._coming.take(row)
        if row.errors:
            return Verdict("rejected", self._values.faults(row))
        came_before = key in self._keys and not self._goes_by_id(row) and self._is_known(key)
        try:
            if came_before:
                return self._again(row, key)
            if self._columns and (row.sought or row.linked):
                row = self._references.resolved(row, self._kind, self._columns)
            return self._decide(row, key)
        except NotConfigured:
            raise  # no fault of the row
        except Rejected as rejected:
            return Verdict("rejected", rejected.faults)
        except (BadValue, CrmError) as error:
            return Verdict("rejected", (fault_of(error),))

    def _again(self, row: ImportRow, key: str) -> Verdict:
        """Take a row that came before: nothing of it is new, but who was left out then may be there by now."""
        known = self._keys.present_of(key)
        change = self._missed.of(row, known, self._columns) if row.sought and self._columns else None
        if change is None:
            return Verdict("unchanged", record_id=known)
        self._keys.learn(key, known)
        applied, _ = self._applied(msgspec.structs.replace(change, key=key))
        return Verdict("updated", record_id=known, changes=self._told(applied))

    def _goes_by_id(self, row: ImportRow) -> bool:
        """Tell whether a row means the record it names; under `create` it may only lend its id to a new one."""
        return bool(row.id) and self._choices.on_duplicate is not OnDuplicate.CREATE

    def _is_known(self, key: str) -> bool:
        """Tell whether a row that came before means nothing new: what superseded it may be written back."""
        known = self._keys.record_of(key)
        writes = self._choices.on_duplicate in (OnDuplicate.UPDATE, OnDuplicate.FILL)
        there = self._tx.writer.get(known) or heir(self._tx.writer, known)
        superseded = not self._keys.is_latest(key) and not self._coming.comes(self._keys.latest_of(key))
        return not writes or not superseded or not there

    def _decide(self, row: ImportRow, key: str) -> Verdict:
        if row.id:
            return self._by_id(row, key)
        mode = self._choices.on_duplicate or OnDuplicate.SKIP
        match = self._match(row) if mode is not OnDuplicate.CREATE else NO_MATCH
        if match.ambiguous:
            raise several(match)
        if self._updates_known and not self._choices.on_duplicate and match.fields == RULE:
            found_out = self._named.outside.of(self._kind, row.external_id) in match.ids
            mode = OnDuplicate.SKIP if found_out else OnDuplicate.UPDATE
        known = match.ids[0] if match.ids else self._keys.present_of(key)
        if not known:
            return self._created(row, key)
        record = self._tx.get(known)
        return self._known(record, row, "" if self._joins(record, row, match, key) else key, mode, match)

    def _joins(self, record: Record, row: ImportRow, match: Match, key: str) -> bool:
        """Tell whether a row finds its record by what one was known by that went into it."""
        if not record.many(FROM):
            return False
        if match.ids:
            return not self._matcher.agree(match.fields, record.values, self._values.known_by(row))
        return self._keys.record_of(key) != record.id

    def _match(self, row: ImportRow) -> Match:
        # Many workspaces know leads and deals by their outside id alone, and many rows have none.
        if not row.external_id and self._matcher.fields == RULE:
            return NO_MATCH
        return self._matcher.find(self._values.known_by(row))

    def _by_id(self, row: ImportRow, key: str) -> Verdict:
        """Take a row that names its record. Raises Rejected, Refused, NotFound."""
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
        mode = self._choices.on_duplicate or OnDuplicate.UPDATE
        return self._known(record, row, key, mode, Match((record.id,), ("id",)))

    def _says_the_same(self, row: ImportRow, record: Record) -> bool:
        """Tell whether the row would change nothing, as when an edited export comes a second time."""
        change = self._values.change(row, record, fill=False)
        return isinstance(change, Change) and not change.differences()

    def _known(self, record: Record, row: ImportRow, key: str, mode: OnDuplicate, match: Match) -> Verdict:
        """Take a row whose record is there. Raises Rejected, Refused, WrongUse, NotFound.

        One without a key joins it: it replaces nothing, and is never the latest that was said of it.
        """
        if row.external_id:
            self._named.outside.meant(record, row.external_id)
        if mode is OnDuplicate.ERROR:
            raise Refused(f"is known as {record.id}")
        if not key and mode is OnDuplicate.UPDATE:
            mode = OnDuplicate.FILL
        brought, complete = self._brought_to(record, row, mode)
        fill = mode is OnDuplicate.FILL
        change = self._values.change(brought.linked(row), record, fill=fill, joins=not key)
        known = known_as(record, row, match, self._tx.set_off.leave)
        if complete and isinstance(change, Change) and not change.differences():
            return Verdict("unchanged", record_id=record.id, known=known)
        if mode is OnDuplicate.SKIP:
            return Verdict("skipped", record_id=record.id, known=known)
        if isinstance(change, Refusal):
            raise refused(change)
        check_listed(self._tx, self._kind, change.record.values, record)
        applied, links = self._applied(msgspec.structs.replace(change, key=key), brought)
        self._matcher.add(record.id, applied.record.values)
        if key:
            self._keys.learn(key, record.id)
        return Verdict("updated", (), record.id, self._told(applied), links, known)

    def _brought_to(self, record: Record, row: ImportRow, mode: OnDuplicate) -> tuple[Brought, bool]:
        """Return what a row brings along to a known record, all of it known or not; under `skip` nothing is made."""
        if not (row.linked or row.lines):
            return NOBODY, True
        party = self._linker.party(row, record)
        if mode is OnDuplicate.SKIP:
            values = self._linker.links_to(row, party, record)
            lines = self._lines.brought(row, self._values.currency(row, record), make=False)
            return Brought(values={**values, **lines.values}), party.complete and lines.complete
        if mode is OnDuplicate.FILL:
            party = self._linker.filling(party, record)
        lines = NOBODY
        if mode is not OnDuplicate.FILL or record.get("items") is None:
            lines = self._lines.brought(row, self._values.currency(row, record))
        return self._linker.brought(row, party, mode, record).also(lines), True

    def _created(self, row: ImportRow, key: str, record_id: str = "") -> Verdict:
        """Create the row's record through the gate, with those that it brings along. Raises Rejected."""
        brought = NOBODY
        if row.linked or row.lines:
            party, mode = self._linker.party(row), self._choices.on_duplicate or OnDuplicate.SKIP
            brought = self._linker.brought(row, party, mode)
            brought = brought.also(self._lines.brought(row, self._values.currency(row)))
            row = brought.linked(row)
        new = self._values.new_record(row, lineage=bool(record_id))
        if isinstance(new, Refusal):
            raise refused(new)
        check_listed(self._tx, self._kind, new.values)
        answer = self._moulds.create(record_id or self._tx.writer.new_id(self._kind), new)
        if isinstance(answer, Refusal):
            raise refused(answer)
        applied, links = self._applied(self._values.dated(answer, row, key), brought)
        created = applied.record
        made = created.id
        self._namesakes.take(created)
        self._matcher.add(made, created.values)
        self._named.learn(created)
        self._keys.learn(key, made)
        return Verdict("created", record_id=made, changes=self._told(applied), links=links)

    def _applied(self, change: Change, brought: Brought = NOBODY) -> tuple[Change, tuple[Link, ...]]:
        """Make the change of a row, with all that it sets off where that is wanted, and those that come along."""
        if brought is NOBODY and not self._choices.run_actions:
            return self._tx.apply(change, self._references.found), ()
        changes = [change]
        if self._choices.run_actions:
            answer = self._tx.set_off.follow(change)
            if isinstance(answer, Refusal):
                raise refused(answer)
            changes = answer
        if len(changes) == 1 and not brought.changes:
            self._references.found.update(record.id for record in brought.records)
            applied = self._tx.apply(changes[0], self._references.found)
        else:
            *made, applied = self._tx.apply_all([*brought.changes, *changes])
            for each in made:
                self._linker.learn(each.record)
        self._set_off += len(changes) - 1
        return applied, links_of(brought.changes, brought.records, self._told)

    def _told(self, change: Change) -> Differences:
        """Return what a change does where that is looked at, not done."""
        return change.differences() if self._tx.options.dry_run else {}
