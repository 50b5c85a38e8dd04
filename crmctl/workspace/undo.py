"""`undo`: taking back a change or a run, whatever was not changed since."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache

import msgspec

from crmctl.errors import NotFound, Refused, WrongUse
from crmctl.model import letter, message, note
from crmctl.model.change import Change, Entry, Run, taken_back
from crmctl.model.merging import INTO, is_end
from crmctl.model.records import Record, RecordType, Value, type_of
from crmctl.storage.interface import Reader, Writer
from crmctl.workspace import applied, blacklist, outbox, referrers, turns
from crmctl.workspace.kept_together import Pointing, kept_together, named_by
from crmctl.workspace.lacking import lacking_notes
from crmctl.workspace.left_referring import left_notes
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.transaction import Transaction, transaction, until_settled
from crmctl.workspace.undo_merge import going_again, heirs_of, in_order
from crmctl.workspace.unlisting import is_listing, last_listing, unlist
from crmctl.workspace.unreached import sent_notes, unreached_notes
from crmctl.workspace.workspace import Workspace

BIRTHS = frozenset({"create", "restore"})
_COUNTS = (note.COUNT, letter.COUNT, message.COUNT)
"""Fields that count what was said to and of a record."""


class Undone(msgspec.Struct, frozen=True):
    """What an undo came to: changes reversed, records kept, records it could not reach.

    `values` are those of the blacklist, `ids` those of other systems, where a run changed nothing else.
    Of those kept some changed since; others are kept with them, so that nothing refers to what is gone.
    """

    generation: int
    run: str
    what: str
    reversed: tuple[Change, ...]
    kept: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    values: int = 0
    ids: int = 0
    dry_run: bool = False

    def summary(self) -> dict[str, object]:
        """Return it as JSON shows it."""
        return {
            "change": self.generation,
            "run": self.run or None,
            "operation": self.what,
            "reversed": [change.record.id for change in self.reversed],
            "kept": self.kept,
            "changed_since": self.changed,
            "failed": self.failed,
            "notes": self.notes,
        }


def find_target(workspace: Workspace, text: str) -> tuple[int, Run | None]:
    """Return the generation that a run, a change's number, or nothing (your own last change) means.

    Raises NotFound, WrongUse, Refused where there is nothing of yours to undo.
    """
    reader = workspace.whole()
    runs = reader.runs()
    if not text:
        generation = _last_of(reader, workspace.by)
        return generation, next((run for run in runs if run.gen == generation), None)
    if text.upper().startswith("R-"):
        run = next((run for run in runs if run.id == text.upper()), None)
        if run is None:
            raise NotFound(f"no run {text.upper()}", hint="crmctl runs")
        return run.gen, run
    if not text.lstrip("#").isdigit():
        raise WrongUse(
            f'"{text}" is neither a run nor the number of a change', hint="crmctl log shows the numbers"
        )
    generation = int(text.lstrip("#"))
    if not reader.entries_of(generation):
        raise NotFound(f"no change {generation}", hint="crmctl log")
    return generation, next((run for run in runs if run.gen == generation), None)


@until_settled
def undo(workspace: Workspace, generation: int, options: WriteOptions) -> Undone:
    """Reverse what a generation changed, in one commit. Raises Refused where it was undone already."""
    with transaction(workspace, options) as tx:
        entries = tx.writer.entries_of(generation)
        history = tx.writer.history({entry.id for entry in entries})
        taken = taken_back(history)
        entries = [entry for entry in entries if (entry.id, entry.gen) not in taken]
        run = next((run for run in tx.writer.runs() if run.gen == generation), None)
        if run and not entries and is_listing(run, tx.writer):
            back = unlist(tx, run)
            return Undone(
                generation, run.id, run.op, (), values=back.values, ids=back.ids, dry_run=options.dry_run
            )
        if not entries:
            raise Refused(
                f"change {generation} was undone already", hint="an undo can be undone by its own number"
            )
        return _reverse(tx, entries, _later(history, generation, taken), run)


def _reverse(
    tx: Transaction, entries: Sequence[Entry], later: Mapping[str, list[Entry]], run: Run | None
) -> Undone:
    generation = entries[0].gen
    heirs = heirs_of(tx.writer.entries_of(_first_done(tx.writer, generation)[0]))
    groups = _by_record(entries).items()
    answers = {each: _reversal(tx, each, group, later.get(each, [])) for each, group in groups}
    changed = tuple(name for name, answer in answers.items() if answer == "kept")
    pointing = cache(lambda kind: referrers.pointing(tx.configuration, kind))
    kept = kept_together(set(changed), answers, tx.writer, heirs, pointing)
    # What one did oneself one may take back as long as nobody went on from there.
    own = all(entry.by == tx.context.by for entry in entries)
    changes = [
        msgspec.structs.replace(each, cleared=own and not later.get(name))
        for name, each in answers.items()
        if isinstance(each, Change) and name not in kept
    ]
    failed = tuple(name for name, answer in answers.items() if answer == "failed")
    name = run.id if run else ""
    unreached = unreached_notes(failed, tx.writer, name or str(generation))
    tx.recording.undoes = generation
    if done := _applied(tx, changes, heirs, pointing):
        _take_down(tx, generation, run)
    told = tx.set_off.leave.told(done)
    gone = [change.record.id for change in told if change.after is None and change.record.id not in heirs]
    left = left_notes(gone, tx.writer, tx.configuration, tx.set_off.leave)
    tx.commit()
    return Undone(
        generation,
        name,
        run.op if run else _operation(entries),
        told,
        _seen(tx, [name for name in answers if name in kept]),
        _seen(tx, changed),
        failed,
        (*unreached, *sent_notes(entries), *lacking_notes(told, tx.context), *left, *tx.notes),
        dry_run=tx.options.dry_run,
    )


def _applied(
    tx: Transaction, changes: list[Change], heirs: Mapping[str, str], pointing: Pointing
) -> tuple[Change, ...]:
    """Make the changes of an undo; those that take a merge back in an order in which what they name is there."""
    if not heirs:
        return tuple(map(tx.apply, changes))
    changes = in_order([going_again(each, heirs) for each in changes])
    # What a record named when it was merged it goes on naming, also where that is gone since.
    named = {one for each in changes for one in named_by(each.after, pointing)}
    return tuple(tx.apply(change, named) for change in changes)


def _seen(tx: Transaction, ids: Sequence[str]) -> tuple[str, ...]:
    """Return those of the records that stay as they are that who acts may view."""
    leave = tx.set_off.leave
    return tuple(each for each in ids if not (record := tx.writer.get(each)) or leave.to_see(record) is None)


def _take_down(tx: Transaction, generation: int, run: Run | None) -> None:
    """Write what an undo changes beside the records: the lines of runs, and the documents that it changed.

    The undo of an undo brings back what the run did, which is not undone then.
    """
    first, undone = _first_done(tx.writer, generation)
    original = next((each for each in tx.writer.runs() if each.gen == first), None)
    if original:
        tx.writer.put_run(msgspec.structs.replace(original, undone=tx.generation if undone else 0))
    if run and run.gen != first:
        tx.writer.put_run(msgspec.structs.replace(run, undone=tx.generation))
    applied.take_back(tx.writer, first, undone=undone)
    turns.take_back(tx.writer, first, undone=undone)
    blacklist.take_back(tx.writer, first, undone=undone)
    outbox.take_back(tx.writer, first, undone=undone)


def _first_done(writer: Writer, generation: int) -> tuple[int, bool]:
    """Return what an undo, of an undo perhaps, is about in the end, and whether that is undone by it or done again."""
    undone = True
    while (entries := writer.entries_of(generation)) and entries[0].undoes:
        generation, undone = entries[0].undoes, not undone
    return generation, undone


def _reversal(tx: Transaction, record_id: str, group: list[Entry], later: list[Entry]) -> Change | str:
    """Return the change that takes a record back, or `kept` or `failed`."""
    record, trashed = tx.writer.get(record_id), tx.writer.trashed(record_id)
    first = group[0]
    if is_end(first) or (first.op == "undo" and not first.changes and record is None):
        back = trashed.having({INTO: None}) if trashed else None
        return Change("undo", None, back) if back and record is None else "failed"
    if record is None:
        return "failed"
    if first.op in BIRTHS or (first.op == "undo" and not first.changes):
        return "kept" if later else Change("undo", record, None)
    old = _old_values(group)
    # Notes, letters and messages do not stand in each other's way: their number is counted back, not restored.
    old = {name: value for name, value in old.items() if name not in _COUNTS}
    if any(name in entry.changes for entry in later for name in old) or _removed_since(group, later):
        return "kept"
    return Change("undo", record, record.having(old | _counted_back(record, group)))


def _counted_back(record: Record, group: Sequence[Entry]) -> dict[str, Value | None]:
    """Return the numbers of notes, letters and messages without those of some entries, whatever came since."""
    found: dict[str, Value | None] = {}
    for name in _COUNTS:
        counts = [entry.changes[name] for entry in group if name in entry.changes]
        if more := sum(_number(after) - _number(before) for before, after in counts):
            found[name] = (_number(record.get(name)) - more) or None
    return found


def _number(value: Value | None) -> int:
    return value if isinstance(value, int) else 0


def _removed_since(group: Sequence[Entry], later: Sequence[Entry]) -> bool:
    """Tell whether a note among the entries was removed since."""
    notes = {note.note_id(entry) for entry in group if entry.op == note.NOTE}
    return any(entry.op == note.REMOVAL and entry.note in notes for entry in later)


def _old_values(group: Sequence[Entry]) -> dict[str, Value | None]:
    old: dict[str, Value | None] = {}
    for entry in group:
        for name, (before, _) in entry.changes.items():
            old.setdefault(name, before)
    return old


def _later(
    history: Sequence[Entry], generation: int, taken: Collection[tuple[str, int]]
) -> Mapping[str, list[Entry]]:
    """Return the standing changes of each record after a generation.

    An undo and what it took back cancel out, and so do the way into the trash and the one out of it.
    """
    found: dict[str, list[Entry]] = {}
    for entry in history:
        if entry.gen > generation and not entry.undoes and (entry.id, entry.gen) not in taken:
            entries = found.setdefault(entry.id, [])
            if entry.op == "restore" and entries and is_end(entries[-1]):
                entries.pop()
            else:
                entries.append(entry)
    return found


def _by_record(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.id, []).append(entry)
    return groups


def _last_of(reader: Reader, by: str) -> int:
    history = reader.history()
    taken = taken_back(history)
    own = [entry for entry in history if entry.by == by and not entry.undoes]
    own = [entry for entry in own if (entry.id, entry.gen) not in taken]
    own = [entry for entry in own if entry.op != "purge"]
    last = max(own[-1].gen if own else 0, last_listing(reader, by))
    if not last:
        raise Refused(f"{by} has no change to undo", hint="crmctl log shows everyone's")
    return last


def _operation(entries: Sequence[Entry]) -> str:
    """Return what was done: of all that went with it, such as tasks that followed, the last or the end of a task."""
    own = [entry.op for entry in entries if entry.op != "create" or type_of(entry.id) is not RecordType.TASK]
    if "complete" in own:
        return "complete"
    return own[-1] if own else entries[-1].op


def preview(workspace: Workspace, generation: int, run: Run | None) -> str:
    """Return a line that says what an undo would take back."""
    entries = workspace.whole().entries_of(generation)
    if run and not entries:
        return f"undoing change {generation} ({run.id}, {run.op} by {run.by})"
    # What may not be viewed is not named.
    seen = workspace.read().entries_of(generation)
    ids = list(dict.fromkeys(entry.id for entry in seen))
    named = ", ".join(ids[:5]) + (f" and {len(ids) - 5:,} more" if len(ids) > 5 else "")
    what = f"{run.id}, {run.op}" if run else _operation(entries)
    told = f"undoing change {generation} ({what} by {entries[0].by})"
    return f"{told}: {named}" if named else told
