"""Which letters went out, and writing them into the history of their records."""

from collections.abc import Sequence

import msgspec

from crmctl.mail.journal import Journal, Tried
from crmctl.model.change import Change
from crmctl.model.letter import COUNT, MAIL
from crmctl.model.records import Record
from crmctl.storage.interface import Reader
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.transaction import Transaction, transaction
from crmctl.workspace.workspace import Workspace

DOUBTFUL = "cut off, it may not have arrived"
"""How history tells of a letter of which it is not known whether it went out."""


class Sent(msgspec.Struct, frozen=True):
    """The letters that history tells of, by key; undone or not: what was sent stays so. `doubtful` may not be."""

    certain: frozenset[str]
    doubtful: frozenset[str]

    def rounds(self, mailing: str) -> int:
        """Return how many times a mailing went out, or began to."""
        head = f"mail-{mailing}-"
        numbers = (key.removeprefix(head) for key in (*self.certain, *self.doubtful) if key.startswith(head))
        return max((int(each.partition("-")[0]) for each in numbers), default=0)


def sent_letters(reader: Reader) -> Sent:
    """Return which letters went out."""
    entries = [entry for entry in reader.changes_of((COUNT,)) if entry.op == MAIL and entry.key]
    certain = frozenset(entry.key for entry in entries if not entry.note.endswith(DOUBTFUL))
    return Sent(certain, frozenset(entry.key for entry in entries) - certain)


def with_tried(sent: Sent, tried: Sequence[Tried]) -> Sent:
    """Return the same with letters that a journal tells of."""
    certain = sent.certain | {each.key for each in tried if each.certain}
    return Sent(certain, (sent.doubtful | {each.key for each in tried}) - certain)


def settle(workspace: Workspace, held: Journal, options: WriteOptions) -> str:
    """Write what a journal tells of into history, in one commit, and forget it. Returns the run, if there was one."""
    tried = held.tried()
    run = ""
    if tried:
        with transaction(workspace, msgspec.structs.replace(options, dry_run=False), happened=True) as tx:
            sent = sent_letters(tx.writer)
            new = [each for each in tried if each.key not in sent.certain]
            new = [each for each in new if each.certain or each.key not in sent.doubtful]
            if new:
                tx.begin_run(MAIL)
            for each in new:
                note = each.told if each.certain else f"{each.told}: {DOUBTFUL}"
                log_letter(tx, each.record, note, key=each.key, at=each.at)
            _empty_outbox(tx, [each.key for each in tried])
            run = tx.commit().run
    held.forget()
    return run


def log_letter(tx: Transaction, record_id: str, note: str, *, key: str = "", at: str = "") -> None:
    """Write a letter into its record's history; a record that is deleted meanwhile has none."""
    record = tx.writer.get(record_id)
    if record is not None:
        # What went out is written down, whoever may change the record.
        tx.apply(Change(MAIL, record, _counting(record), at=at, key=key, note=note, cleared=True))


def _counting(record: Record) -> Record:
    count = record.get(COUNT)
    return record.having({COUNT: (count if isinstance(count, int) else 0) + 1})


def _empty_outbox(tx: Transaction, keys: Sequence[str]) -> None:
    from crmctl.workspace import outbox

    if any(key.startswith("mail-outbox-") for key in keys):
        outbox.take_out(tx.writer, keys)
