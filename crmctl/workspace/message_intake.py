"""One inbound message: whose it is, and what becomes of it."""

from collections.abc import Iterable

import msgspec

from crmctl.activities.wait import ended_early
from crmctl.dates import stored_moment
from crmctl.errors import CrmError, NotConfigured
from crmctl.model.change import Change
from crmctl.model.message import COUNT, MESSAGE, Message
from crmctl.model.records import Record, RecordType, Value, counted
from crmctl.model.tasks import WAIT
from crmctl.rules.decision import Refusal
from crmctl.workspace.correspondents import Correspondent, Correspondents
from crmctl.workspace.merged import present
from crmctl.workspace.message_keys import MessageKeys
from crmctl.workspace.newcomers import Newcomers
from crmctl.workspace.task_clients import clients_of, open_rows
from crmctl.workspace.transaction import Transaction


class Verdict(msgspec.Struct, frozen=True):
    """What became of a message: `create join unchanged blacklist reject`, its records, why it was not taken."""

    action: str
    records: tuple[str, ...] = ()
    reason: str = ""


class Intake:
    """Takes messages one after another into a transaction. What it took, later messages are matched with too."""

    def __init__(self, tx: Transaction, messages: Iterable[Message]) -> None:
        """Make ready for these messages: their senders alone are looked for."""
        self._tx = tx
        self._keys = MessageKeys(tx.writer)
        self._known = Correspondents(tx, self._keys, messages)
        self._new = Newcomers(tx)
        self._waits = _Waits(tx)
        self._idle: dict[str, None] = {}
        self._ahead = 0

    @property
    def waits_ended(self) -> int:
        """How many waits the messages ended."""
        return self._waits.ended

    @property
    def notes(self) -> list[str]:
        """What is worth knowing about the messages that were taken."""
        named = ", ".join(list(self._idle)[:5]) + (" and others" if len(self._idle) > 5 else "")
        idle = [f"nothing is open for {named}: create a lead, a deal or a task"] if named else []
        are = "message is" if self._ahead == 1 else "messages are"
        ahead = [f"{self._ahead:,} {are} dated in the future: --as-of does not know of it until then"]
        return [*idle, *(ahead if self._ahead else ()), *self._tx.notes]

    @property
    def warnings(self) -> list[str]:
        """What could not be kept as it came."""
        return list(self._new.warnings)

    def take(self, message: Message) -> Verdict:
        """Decide on a message and carry it out. Raises WrongUse where it is not said where newcomers start."""
        if known := self._keys.record_of(message):
            return Verdict("unchanged", (present(self._tx.writer, known) or known,))
        try:
            if (guard := self._tx.guard) and (
                listed := guard.refusal(self._new.person, self._new.sought(message))
            ):
                return Verdict("blacklist", reason=listed[0].message)
            found = self._known.find(message)
        except CrmError as error:
            return _rejected(error)
        verdict = self._joined(message, found) if found else self._created(message)
        if verdict.action in ("create", "join"):
            self._ahead += message.at > stored_moment(self._tx.context.conventions.now)
        return verdict

    def _joined(self, message: Message, found: Correspondent) -> Verdict:
        """Write a message into the history of a client's records, and end what waits for it."""
        gains = self._known.gains(message, found)
        for record in found.records:
            gained = self._gained(record, gains, message)
            applied = self._apply(Change(MESSAGE, record, counted(record, COUNT).having(gained)), message)
            if gained:
                self._known.learn(applied)
        self._waits.end(found.family, message)
        if found.idle and not any(map(self._tx.context.lookups.has_open_task, found.family)):
            self._idle[found.records[0].label] = None
        return Verdict("join", tuple(record.id for record in found.records))

    def _created(self, message: Message) -> Verdict:
        """Make a lead or a deal of somebody unknown, with what its first stage sets off."""
        assert self._new.pipeline
        try:
            answer = self._new.create(message)
            followed = answer if isinstance(answer, Refusal) else self._tx.set_off.follow(answer)
            if isinstance(followed, Refusal):
                return _refused(followed)
            applied = self._tx.apply_all(followed)
        except NotConfigured:
            raise  # no fault of the message
        except CrmError as error:
            return _rejected(error)
        for change in applied:
            self._known.learn(change.record)
        own = [change.record.id for change in applied if change.key]
        for record_id in reversed(own):
            self._keys.learn(message, record_id)
        return Verdict("create", tuple(reversed(own)))

    def _gained(self, record: Record, gains: set[str], message: Message) -> dict[str, Value | None]:
        """Return the ways to reach a person that their record lacks and the message brings."""
        if record.type not in (RecordType.LEAD, RecordType.CONTACT) or not gains:
            return {}
        brought = self._new.reach_values(message, record.type)
        return {
            name: value
            for name, value in brought.items()
            if record.get(name) is None and name.removesuffix("_typed") in gains
        }

    def _apply(self, change: Change, message: Message) -> Record:
        # Whoever takes a message in is not who wrote it: that it came is nobody's leave to give.
        dated = msgspec.structs.replace(
            change, at=message.at, note=message.note, key=message.key, cleared=True
        )
        applied = self._tx.apply(dated).record
        self._keys.learn(message, applied.id)
        return applied


class _Waits:
    """The waits that are open, by client, looked up once."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.ended = 0
        self.clients: dict[str, list[tuple[str, str]]] = {}
        for row in (
            open_rows(tx.writer, ("id", "type", "created_at")) if tx.writer.count(RecordType.TASK) else ()
        ):
            if row.f_type == WAIT:
                for client in clients_of(row):
                    self.clients.setdefault(client, []).append((row.f_created_at, row.f_id))

    def end(self, family: frozenset[str], message: Message) -> None:
        """End what waits for any record of a client and began before the message came."""
        at = message.at or self._tx.context.at
        for client in family & self.clients.keys():
            over = [each for each in self.clients[client] if each[0] <= at]
            for each in over:
                self._end_one(each[1], message, at)
                self.clients[client].remove(each)

    def _end_one(self, task_id: str, message: Message, at: str) -> None:
        wait = self._tx.writer.get(task_id)
        if wait and wait.text("status") != "done":
            why = f"ended by a message: {message.channel}, {message.sender.label}"
            self._tx.apply(ended_early(wait, why, at))
            self.ended += 1


def _rejected(error: CrmError) -> Verdict:
    return Verdict("reject", reason=f"{error.message} ({error.hint})" if error.hint else error.message)


def _refused(refusal: Refusal) -> Verdict:
    lacking = ", ".join(f"{each.field.label} ({each.reason})" for each in refusal.missing)
    return Verdict("reject", reason=f"{refusal.message}: {lacking}" if lacking else refusal.message)
