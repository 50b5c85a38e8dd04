"""Whose a message is: the records whose history it belongs to, and all that are of the same client."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec

from crmctl.model.message import Message
from crmctl.model.records import Record, RecordType, number_of, type_of
from crmctl.storage.interface import Reader, Row, column
from crmctl.workspace.merged import present
from crmctl.workspace.message_keys import MessageKeys
from crmctl.workspace.reaches import Reaches
from crmctl.workspace.transaction import Transaction

_LINKS = ("id", "contact", "company", "origin_lead")


class Correspondent(msgspec.Struct, frozen=True):
    """A known client: the records that get the message, the first of them foremost, and all that are the client's."""

    records: tuple[Record, ...]
    family: frozenset[str]
    idle: bool = False


class Correspondents:
    """Finds who wrote some messages on one state of the store; deals are looked through once, records one by one."""

    def __init__(self, tx: Transaction, keys: MessageKeys, messages: Iterable[Message]) -> None:
        self._tx = tx
        self._keys = keys
        self._reaches = Reaches(tx.writer, tx.configuration, tx.context.conventions, messages)

    def learn(self, record: Record) -> None:
        """Take a record that was made meanwhile into account."""
        self._reaches.learn(record)
        if record.type is RecordType.DEAL and "_deals" in vars(self):
            self._deals.add(record.id, [record.get(name) for name in _LINKS[1:]])

    def find(self, message: Message) -> Correspondent | None:
        """Return the client who wrote, or nothing for somebody unknown."""
        found = self._with_successors(self._present(self._ids_of(message)))
        if not found:
            return None
        people = _of(found, RecordType.CONTACT) or _of(found, RecordType.COMPANY)
        deals = self._deals_of(found)
        worked = [each for each in (*_of(found, RecordType.LEAD), *deals) if self._is_open(each)]
        records = [*people, *worked] or [max(found, key=lambda each: number_of(each.id))]
        return Correspondent(tuple(records), self._family(found, deals), idle=not worked)

    def _ids_of(self, message: Message) -> list[str]:
        """Return the records that a sender means: by the ways to reach them, else those they wrote to before.

        By a phone or an address they are known from the past only in deals that have no contact to hold these.
        """
        strangers = self._keys.of_strangers(message)
        became = [each for record in self._present(strangers) for each in record.many("converted_to")]
        found = self._reaches.find(message, {*strangers, *became})
        if found or message.sender.id:
            return found or self._keys.written_to(message)
        deals = (each for each in self._keys.written_to(message) if type_of(each) is RecordType.DEAL)
        return [each.id for each in self._present(deals) if not each.get("contact")]

    def gains(self, message: Message, found: Correspondent) -> set[str]:
        """Return the ways to reach a client that the message may add: those that lead to no record yet."""
        one = sum(each.type is RecordType.CONTACT for each in found.records) <= 1
        return self._reaches.unclaimed(message) if one else set()

    def _family(self, found: Sequence[Record], deals: Sequence[Record]) -> frozenset[str]:
        """Return the client's records, the companies of a person and their own deals included."""
        companies = [each for record in _of(found, RecordType.CONTACT) for each in record.many("companies")]
        theirs = self._deals_of(self._present(companies))
        shared = (each for each in theirs if not each.get("contact"))
        whole = [*found, *deals, *shared]
        origins = (each.text("origin_lead") for each in whole)
        return frozenset({*companies, *origins, *(each.id for each in whole)})

    def _with_successors(self, found: list[Record]) -> list[Record]:
        """Return records with what leads among them became."""
        became = [each for lead in _of(found, RecordType.LEAD) for each in lead.many("converted_to")]
        return list({each.id: each for each in (*found, *self._present(became))}.values())

    def _deals_of(self, found: Sequence[Record]) -> list[Record]:
        ids = dict.fromkeys(deal for record in found for deal in self._deals.of(record.id))
        own = _of(found, RecordType.DEAL)
        return [*own, *(each for each in self._present(ids) if each not in own)]

    @cached_property
    def _deals(self) -> _Deals:
        """Looked up with the first known client: most senders are not."""
        return _Deals(self._tx.writer)

    def _is_open(self, record: Record) -> bool:
        stage = self._tx.context.stage_of(record)
        return stage.open if stage else not record.get("closed_at")

    def _present(self, ids: Iterable[str]) -> list[Record]:
        there = dict.fromkeys(present(self._tx.writer, each) for each in ids)
        return [record for each in there if each and (record := self._tx.writer.get(each))]


class _Deals:
    """The deals of every client there is, looked up once."""

    def __init__(self, reader: Reader) -> None:
        self._of: dict[str, list[str]] = {}
        holders = column(*_LINKS[1:])

        def take(rows: list[Row]) -> None:
            for row in rows:
                self.add(row.f_id, holders(row))

        reader.scan_in_batches(RecordType.DEAL, _LINKS, take)

    def of(self, client: str) -> list[str]:
        """Return the ids of a client's deals."""
        return self._of.get(client, [])

    def add(self, deal: str, holders: Iterable[object]) -> None:
        """Learn of a deal and those who have it."""
        for holder in holders:
            if isinstance(holder, str):
                self._of.setdefault(holder, []).append(deal)


def _of(records: Iterable[Record], kind: RecordType) -> list[Record]:
    return [each for each in records if each.type is kind]
