"""Whom letters go to: the address of each record, and why some records get none."""

from collections.abc import Iterable

import msgspec

from crmctl.errors import BadValue
from crmctl.mail.message import check_address
from crmctl.model.blacklist import Blacklist, ListedKind
from crmctl.model.letter import address_key
from crmctl.model.records import Record, RecordType
from crmctl.storage.interface import Reader
from crmctl.workspace.blacklist import kept_entries
from crmctl.workspace.workspace import Workspace

ADDRESSED = (RecordType.LEAD, RecordType.CONTACT, RecordType.COMPANY, RecordType.DEAL)
"""The types of records that letters can be about."""


class Reach(msgspec.Struct, frozen=True):
    """Where the letter about a record goes."""

    record: Record
    address: str
    name: str = ""


class PassedOver(msgspec.Struct, frozen=True):
    """A record that gets no letter, and why."""

    record: Record
    reason: str


class Recipients:
    """Finds the addresses of records, on one state of the store."""

    def __init__(self, workspace: Workspace, reader: Reader) -> None:
        self._reader = reader
        self._zone = workspace.configuration.timezone
        self._blacklist = Blacklist(kept_entries(reader))
        rows = reader.scan(RecordType.CONTACT, ("id", "title", "email", "do_not_contact"))
        unwilling = [row for row in rows if row.f_do_not_contact is True]
        self._unwilling = {row.f_id: _label(row) for row in unwilling}
        self._unwilling_at = {
            address_key(each): _label(row) for row in unwilling for each in row.f_email or ()
        }

    def of(self, record: Record) -> Reach | PassedOver:
        """Return where a record's letter goes: a lead's, contact's or company's own first address, a deal's contact's.

        A deal without a contact has its company's.
        """
        person = self._person(record)
        if person is None:
            return PassedOver(record, "no contact and no company")
        asked = [person.id, *person.many("converted_to")]
        if contact := next((self._unwilling[each] for each in asked if each in self._unwilling), ""):
            return PassedOver(record, f"do not contact: {contact}")
        addresses = person.many("email")
        if not addresses:
            whose = "" if person is record else f": {person.label}"
            return PassedOver(record, f"no e-mail address{whose}")
        reason = self._unwanted(addresses[0])
        return PassedOver(record, reason) if reason else Reach(record, addresses[0], _name(person))

    def _person(self, record: Record) -> Record | None:
        if record.type is not RecordType.DEAL:
            return record
        linked = record.text("contact") or record.text("company")
        return self._reader.get(linked) if linked else None

    def _unwanted(self, address: str) -> str:
        """Return why no letter goes to an address, empty where one may."""
        if contact := self._unwilling_at.get(address_key(address)):
            return f"do not contact: {address} is an address of {contact}"
        if found := self._blacklist.find({"email": ListedKind.EMAIL}, {"email": address}):
            entry = found[2]
            return f"{address} is on the blacklist ({entry.label}) {entry.told(self._zone)}"
        try:
            check_address(address)
        except BadValue as error:
            return error.reason
        return ""


def once_each(found: Iterable[Reach | PassedOver]) -> tuple[list[Reach], list[PassedOver]]:
    """Return those who get a letter, each address once, and those who get none."""
    reached: dict[str, Reach] = {}
    passed: list[PassedOver] = []
    for each in found:
        if isinstance(each, PassedOver):
            passed.append(each)
            continue
        first = reached.setdefault(address_key(each.address), each)
        if first is not each:
            passed.append(PassedOver(each.record, f"{each.address} has the letter to {first.record.label}"))
    return list(reached.values()), passed


def _label(row: object) -> str:
    return Record({"id": getattr(row, "f_id"), "title": getattr(row, "f_title") or ""}).label  # noqa: B009


def _name(person: Record) -> str:
    if person.type is RecordType.LEAD:
        names = [person.text(part) for part in ("first_name", "last_name")]
        return " ".join(filter(None, names)) or person.text("name")
    return person.title
