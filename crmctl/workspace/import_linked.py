"""The contact and the company that a row brings along: found or made, and linked to its record and to each other."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from crmctl.errors import NotFound
from crmctl.importer.row import ImportRow
from crmctl.model.change import Change
from crmctl.model.merging import FROM
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.standard_fields import NAME_PARTS
from crmctl.rules.create import built_title
from crmctl.rules.decision import Refusal
from crmctl.rules.duplicates import Matcher
from crmctl.rules.mould import Moulds
from crmctl.rules.update import update
from crmctl.text import name_key
from crmctl.workspace.find import whereabouts
from crmctl.workspace.import_choices import Choices, OnDuplicate
from crmctl.workspace.import_faults import about, refused
from crmctl.workspace.import_matching import check_listed, import_matcher, several
from crmctl.workspace.import_values import RowValues
from crmctl.workspace.linked_by_title import by_title, company_about
from crmctl.workspace.named_records import NamedRecords
from crmctl.workspace.transaction import Transaction

_ORDER = (RecordType.COMPANY, RecordType.CONTACT)
"""The company first: the contact is linked to it."""
_NO_ROW = ImportRow(0, b"", {})
_WRITES = (OnDuplicate.UPDATE, OnDuplicate.FILL)


class Party(msgspec.Struct, frozen=True):
    """The known records that a row brings along, nothing for those to be made; `others` are further companies."""

    rows: Mapping[RecordType, ImportRow]
    known: Mapping[RecordType, Record | None]
    others: tuple[tuple[ImportRow, Record | None], ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all of them are known."""
        return None not in (*self.known.values(), *(record for _, record in self.others))


class Brought(msgspec.Struct, frozen=True):
    """What bringing records along comes to: the changes that make them, and what links the row's record to them.

    `records` are those that are linked and stay as they are; it is not `complete` where more are to be made.
    """

    changes: tuple[Change, ...] = ()
    values: Mapping[str, Value] = {}
    records: tuple[Record, ...] = ()
    complete: bool = True

    def also(self, other: "Brought") -> "Brought":
        """Return this with what else comes along."""
        return Brought(
            (*self.changes, *other.changes),
            {**self.values, **other.values},
            (*self.records, *other.records),
            self.complete and other.complete,
        )

    def linked(self, row: ImportRow) -> ImportRow:
        """Return a row whose record is linked to those who come along."""
        return msgspec.structs.replace(row, values={**row.values, **self.values}) if self.values else row


NOBODY = Brought()


class Linker:
    """Finds and makes the records that rows bring along. What is made, later rows find."""

    def __init__(
        self, tx: Transaction, kind: RecordType, named: NamedRecords, choices: Mapping[RecordType, Choices]
    ) -> None:
        self._tx = tx
        self._kind = kind
        self._named = named
        self._values = {each: RowValues(tx.context, each, choices[each]) for each in choices}
        self._matchers: dict[RecordType, Matcher] = {}
        self._moulds: dict[RecordType, Moulds] = {}

    def party(self, row: ImportRow, own: Record | None = None) -> Party:
        """Return whom a row brings along; `own` is its record where that is known. Raises Refused, NotFound."""
        known: dict[RecordType, Record | None] = {}
        for kind in _ORDER:
            if part := row.linked.get(kind):
                with about(kind):
                    held = self._held(own, kind)
                    at = company_about(row, known) if kind is RecordType.CONTACT else None
                    known[kind] = self._named_by(row, kind) or self._found(kind, part, held, at)
        return Party(row.linked, known, tuple(self._others(row, own)) if row.others else ())

    def _others(self, row: ImportRow, own: Record | None) -> Iterator[tuple[ImportRow, Record | None]]:
        """Yield the further companies of a contact, each title once."""
        kind = RecordType.COMPANY
        named = {name_key(row.linked[kind].record_of(kind).title)}
        for part in row.others:
            if (key := name_key(part.record_of(kind).title)) not in named:
                named.add(key)
                with about(kind):
                    yield part, self._found(kind, part, self._held(own, kind), None)

    def filling(self, party: Party, own: Record) -> Party:
        """Return those who fill what a known record lacks, or are linked to it already."""
        kept = {
            kind: record
            for kind, record in party.known.items()
            if not (held := self._held(own, kind)) or (record and record.id in held)
        }
        held = own.many("companies") if party.others else []
        others = tuple((part, record) for part, record in party.others if record and record.id in held)
        return Party({kind: party.rows[kind] for kind in kept}, kept, others)

    def brought(self, row: ImportRow, party: Party, mode: OnDuplicate, own: Record | None = None) -> Brought:
        """Decide on those who come along; `own` is the row's record where that is known.

        Raises Rejected, and what the rules raise.
        """
        changes: list[Change] = []
        records: dict[RecordType, Record] = {}
        for kind in _ORDER:
            links: dict[str, Value] = {}
            record = party.known.get(kind)
            if kind is RecordType.CONTACT and self._kind is RecordType.DEAL:
                record = self._contact(row, party)
                links = self._at_company(row, party, records.get(RecordType.COMPANY), mode)
            if kind not in party.rows and not links:
                continue
            if record and not links and mode not in _WRITES:
                records[kind] = record
                continue
            part = party.rows.get(kind, _NO_ROW)
            with about(kind):
                change = (
                    self._changed(record, part, mode, links) if record else self._made(kind, row, part, links)
                )
            records[kind] = change.record
            if change.before is None or change.differences():
                changes.append(change)
        linked = [record for kind, record in records.items() if kind in party.rows]
        for part, known in party.others:
            if known is None:
                with about(RecordType.COMPANY):
                    changes.append(self._made(RecordType.COMPANY, row, part, {}))
            linked.append(known or changes[-1].record)
        changed = {change.record.id for change in changes}
        return Brought(
            tuple(changes),
            self._links(row, linked, own),
            tuple(record for record in linked if record.id not in changed),
        )

    def links_to(self, row: ImportRow, party: Party, own: Record) -> Mapping[str, Value]:
        """Return what links a row's record to those that are known."""
        known = (*party.known.values(), *(record for _, record in party.others))
        return self._links(row, [record for record in known if record], own)

    def learn(self, record: Record) -> None:
        """Let later rows find a record that was made, or changed."""
        if record.type in self._matchers:
            self._matchers[record.type].add(record.id, record.values)
        self._named.learn(record)

    def _links(self, row: ImportRow, records: Sequence[Record], own: Record | None) -> dict[str, Value]:
        if self._kind is not RecordType.CONTACT:
            return {record.type.value: record.id for record in records}
        held = row.values.get("companies") or (own.many("companies") if own else [])
        ids = [*(held if isinstance(held, list) else []), *(record.id for record in records)]
        return {"companies": list(dict.fromkeys(ids))} if records else {}

    def _held(self, own: Record | None, kind: RecordType) -> Sequence[str]:
        """Return the records of a type that the row's record is linked to."""
        if own is None:
            return ()
        # A contact may have several companies, a deal has one of each.
        return own.many("companies" if self._kind is RecordType.CONTACT else kind.value)

    def _named_by(self, row: ImportRow, kind: RecordType) -> Record | None:
        """Return the record that a row names in the field that links it. Raises NotFound."""
        named = row.values.get(kind.value)
        return self._tx.get(str(named)) if named is not None and self._kind is RecordType.DEAL else None

    def _found(self, kind: RecordType, part: ImportRow, held: Sequence[str], at: str | None) -> Record | None:
        """Return the known record that a part means, a person's `at` a company. Raises Refused, NotFound."""
        if part.id:
            return self._by_id(part.id)
        values = part.record_of(kind).values
        matcher = self._matcher(kind)
        match = matcher.find(values)
        if match.ambiguous:
            linked = [each for each in match.ids if each in held]
            if len(linked) == 1:
                return self._tx.get(linked[0])
            raise several(match).at(match.fields[0])
        if match.ids:
            # Under its outside id further rows mean it, too, whatever else they say or leave out.
            matcher.add(match.ids[0], {"external_id": part.external_id or None})
            return self._meant(self._tx.get(match.ids[0]), part)
        title = part.record_of(kind).title or built_title(part.record_of(kind))
        for record in filter(None, map(self._tx.writer.get, held)):
            if name_key(title) == name_key(record.title) or not (title or part.external_id):
                return self._meant(record, part)
        by_more = {"external_id", *matcher.fields} - {"title", *NAME_PARTS}
        if by_more & values.keys() or not title:
            return None
        return by_title(kind, title, at, self._named, self._tx.writer)

    def _meant(self, record: Record, part: ImportRow) -> Record:
        if part.external_id:
            self._named.outside.meant(record, part.external_id)
        return record

    def _by_id(self, record_id: str) -> Record:
        record = self._tx.writer.get(record_id)
        if record is None:
            trashed = self._tx.writer.trashed(record_id)
            told = whereabouts(self._tx.writer, trashed)[0] if trashed else "does not exist"
            raise NotFound(f"{record_id} {told}").at("id")
        return record

    def _contact(self, row: ImportRow, party: Party) -> Record | None:
        """Return the known contact of a deal's row, if it has one."""
        if RecordType.CONTACT in party.rows:
            return party.known[RecordType.CONTACT]
        named = row.values.get("contact")
        return self._tx.writer.get(str(named)) if named else None

    def _at_company(
        self, row: ImportRow, party: Party, company: Record | None, mode: OnDuplicate
    ) -> dict[str, Value]:
        """Return what links the contact of a deal's row to the company of the deal.

        A known contact who has companies gets another only where known records are written.
        """
        contact, part = self._contact(row, party), party.rows.get(RecordType.CONTACT, _NO_ROW)
        if contact is None and RecordType.CONTACT not in party.rows:
            return {}
        company_id = company.id if company else row.values.get("company")
        held = contact.many("companies") if contact else part.values.get("companies", [])
        assert isinstance(held, list)
        if not company_id or company_id in held or (contact and held and mode is not OnDuplicate.UPDATE):
            return {}
        return {"companies": [*held, str(company_id)]}

    def _made(self, kind: RecordType, row: ImportRow, part: ImportRow, links: Mapping[str, Value]) -> Change:
        """Return the record that a part of a row makes, owned by whom the row names."""
        owner = {"owner": row.values["owner"]} if "owner" in row.values else {}
        part = msgspec.structs.replace(part, values={**owner, **part.values, **links})
        values = self._values_of(kind)
        new = values.new_record(part, lineage=False)
        if isinstance(new, Refusal):
            raise refused(new, f"{kind.value}.")
        check_listed(self._tx, kind, new.values)
        answer = self._moulds_of(kind).create(self._tx.writer.new_id(kind), new)
        if isinstance(answer, Refusal):
            raise refused(answer, f"{kind.value}.")
        return values.dated(answer, part, "")

    def _changed(
        self, record: Record, part: ImportRow, mode: OnDuplicate, links: Mapping[str, Value]
    ) -> Change:
        """Return what a part of a row changes of a known record: its links, and its fields where that is wanted."""
        values: dict[str, Value | None] = {}
        if mode in _WRITES:
            # By what one was known by that went into it, it is found, and not written anew.
            joins = bool(record.many(FROM) and part.external_id) and not self._matcher(record.type).agree(
                ("external_id",), record.values, {"external_id": part.external_id}
            )
            fill = mode is OnDuplicate.FILL
            values = self._values_of(record.type).updates(part, record, fill=fill, joins=joins)
        answer = update(record, {**values, **links}, self._tx.context)
        if isinstance(answer, Refusal):
            raise refused(answer, f"{record.type.value}.")
        check_listed(self._tx, record.type, answer.record.values, record)
        return answer

    def _values_of(self, kind: RecordType) -> RowValues:
        if kind not in self._values:
            self._values[kind] = RowValues(self._tx.context, kind, Choices())
        return self._values[kind]

    def _moulds_of(self, kind: RecordType) -> Moulds:
        if kind not in self._moulds:
            self._moulds[kind] = Moulds(kind, self._tx.context)
        return self._moulds[kind]

    def _matcher(self, kind: RecordType) -> Matcher:
        if kind not in self._matchers:
            self._matchers[kind] = import_matcher(self._tx, kind)
        return self._matchers[kind]
