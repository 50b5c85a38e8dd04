"""Which letters went out, and writing them into the history of their records."""

from collections.abc import Sequence

import msgspec

from crmctl.mail.journal import Journal, Tried
from crmctl.model.change import Change
from crmctl.model.keys import doubted, in_doubt, is_outbox_key, time_of
from crmctl.model.letter import COUNT, MAIL
from crmctl.model.records import counted
from crmctl.storage.interface import Reader
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.transaction import Transaction, transaction
from crmctl.workspace.workspace import Workspace

DOUBTFUL = "cut off, it may not have arrived"
"""How people are told of a letter of which it is not known whether it went out; programs go by its key."""


class Sent(msgspec.Struct, frozen=True):
    """The letters that history tells of, by key; undone or not: what was sent stays so. `doubtful` may not be."""

    certain: frozenset[str]
    doubtful: frozenset[str]

    def rounds(self, mailing: str) -> int:
        """Return how many times a mailing went out, or began to."""
        return max((time_of(key, mailing) for key in (*self.certain, *self.doubtful)), default=0)


def sent_letters(reader: Reader) -> Sent:
    """Return which letters went out."""
    keys = {entry.key for entry in reader.changes_of((COUNT,)) if entry.op == MAIL and entry.key}
    certain = frozenset(key for key in keys if not doubted(key))
    return Sent(certain, frozenset(map(doubted, keys - certain)) - certain)


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
                if each.certain:
                    log_letter(tx, each.record, each.told, key=each.key, at=each.at)
                else:
                    note = f"{each.told}: {DOUBTFUL}"
                    log_letter(tx, each.record, note, key=in_doubt(each.key), at=each.at)
            _empty_outbox(tx, [each.key for each in tried])
            run = tx.commit().run
    held.forget()
    return run


def log_letter(tx: Transaction, record_id: str, note: str, *, key: str = "", at: str = "") -> None:
    """Write a letter into its record's history; a record that is deleted meanwhile has none."""
    record = tx.writer.get(record_id)
    if record is not None:
        # What went out is written down, whoever may change the record.
        tx.apply(Change(MAIL, record, counted(record, COUNT), at=at, key=key, note=note, cleared=True))


def _empty_outbox(tx: Transaction, keys: Sequence[str]) -> None:
    from crmctl.workspace import outbox

    if any(is_outbox_key(key) for key in keys):
        outbox.take_out(tx.writer, keys)
