"""One command's changes: decided on the state under the lock, stamped, and committed with their history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from msgspec import structs

from crmctl.errors import LockTimeout
from crmctl.model.change import Change, Run
from crmctl.model.merging import INTO
from crmctl.model.records import Record, RecordType, Value
from crmctl.rules.context import Context
from crmctl.workspace.closings import Closings
from crmctl.workspace.doubtful import doubtful_values
from crmctl.workspace.find import find_record
from crmctl.workspace.integrity import Integrity
from crmctl.workspace.known import KnownRecords
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.recording import Recording
from crmctl.workspace.set_off import SetOff
from crmctl.workspace.stamps import stamped
from crmctl.workspace.stranded import Stranded
from crmctl.workspace.workspace import Workspace

if TYPE_CHECKING:
    from crmctl.model.blacklist import Listed
    from crmctl.storage.interface import Writer
    from crmctl.workspace.blacklist import Guard


BLACKLIST = "blacklist"
"""The document of the store that the blacklist is kept in."""
MOST_DECISIONS = 5
"""Times that a change is decided before it is given up: each time the records had changed meanwhile."""
_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


class Transaction:
    """The changes made so far, and the state they make. Nothing is written before `commit`.

    Without `keep` changes go to the store alone, which is what many thousands of them should do. `heard` is told
    of each.
    """

    def __init__(
        self,
        workspace: Workspace,
        writer: Writer,
        options: WriteOptions,
        *,
        keep: bool = True,
        heard: Callable[[Change], object] | None = None,
    ) -> None:
        self.writer = writer
        self.options = options
        self.configuration = workspace.configuration
        self.context: Context = workspace.context(writer)
        self.recording = Recording(writer, self.context, options.message)
        self.known = KnownRecords(writer, workspace.configuration)
        self.tasks_made = 0
        self.beside = False  # whether documents of the store were written that make a run on their own
        self._keep = keep or options.dry_run
        self._heard = heard
        self.set_off = SetOff(writer, self.context, self.known, keep=self._keep)
        self._changes: list[Change] = []
        self._records: dict[str, Record] = {}
        self._listed: list[Listed] = []
        self._stranded = Stranded(workspace.configuration)
        self._closings = Closings(writer, self.context)
        self._integrity = Integrity(writer, self.context)

    @property
    def generation(self) -> int:
        """The number of the commit that this becomes."""
        return self.recording.generation

    @property
    def run(self) -> Run | None:
        """The run that the changes are part of, if they are."""
        return self.recording.run

    @property
    def changed(self) -> bool:
        """Whether anything was changed so far."""
        return self.recording.count > 0

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes made so far, stamped; none where they are not kept."""
        return tuple(self._changes)

    @property
    def notes(self) -> list[str]:
        """What to tell of the changes made so far: letters that wait, records on stages that are gone."""
        return [*self.set_off.notes, *self._stranded.notes, *self._closings.notes]

    @cached_property
    def guard(self) -> Guard | None:
        """What refuses values that are on the blacklist; None where nothing ever was."""
        if self.writer.document(BLACKLIST) is None:
            return None
        from crmctl.workspace.blacklist import Guard

        return Guard(self.writer, self.context)

    def get(self, text: str) -> Record:
        """Return the record an id means. Raises WrongUse for what is no id, NotFound."""
        return find_record(self.writer, text)

    def apply(self, change: Change, looked_up: Collection[str] = ()) -> Change:
        """Make a change part of the transaction and return it stamped; one that changes nothing is passed over.

        References to records that were `looked_up` for it are not followed once more. Raises NotFound for
        references that lead nowhere, Refused for twins of unique values and for want of leave.
        """
        self.set_off.leave.check(change)
        if change.unwanted:
            self._list_reaches(change)
        if change.op == "purge":
            self.writer.purge(change.record.id)
        elif change.after is None:
            self._discard(change.record)
        elif change.before is None or change.differences():
            self._integrity.check(change, change.after, looked_up)
            change = stamped(change, change.after, self.context)
            record = change.record
            self.writer.put(record)
            self._integrity.learn(record, change.before)
        else:
            if self._keep:
                self._records[change.record.id] = change.record
            self._create_waiting(change.record)
            return change
        record = change.record
        self.known.learn(record)
        self._take_down(change, record)
        if change.before is None:  # what is new was not closed by this, and had no tasks
            self._create_waiting(record)
            return change
        self._closings.lost(change)
        self._create_waiting(record)
        for each in self._closings.converted(change):
            self.apply(each)
        return change

    def _discard(self, record: Record) -> None:
        """Move a record to the trash; where it went, if into another one, is kept with it there."""
        if record.get(INTO):
            self.writer.put(record)
        self.writer.discard(record.id)
        self._integrity.forget(record)

    def apply_all(self, changes: Sequence[Change]) -> list[Change]:
        """Make changes part of the transaction, or none of them where one is refused.

        Those that are made together may refer to each other. Raises what `apply` raises.
        """
        coming = frozenset(change.record.id for change in changes)
        for change in changes:
            self.set_off.leave.check(change)
            if change.after is not None:
                self._integrity.check(change, change.after, coming)
        return [self.apply(change) for change in changes]

    def create_task(self, values: Mapping[str, Value | None]) -> None:
        """Create a task that something set off."""
        task_id = self.writer.new_id(RecordType.TASK)
        task = Record({"id": task_id, "record": RecordType.TASK.value}).having(values)
        self.tasks_made += 1
        self.apply(Change("create", None, task))
        self._closings.learn(task)

    def begin_run(self, op: str, **facts: Any) -> Run:
        """Make the transaction a run, which can be undone as one."""
        context, run_id = self.context, self.writer.new_run_id()
        run = Run(run_id, self.generation, context.at, context.by, op, message=self.options.message, **facts)
        self.recording.run = run
        return run

    def commit(self) -> Outcome:
        """Write the changes, their history and the run in one commit; a dry run stops short of it."""
        if self._listed and not self.changed:
            from crmctl.workspace.blacklist import OPERATION

            self.begin_run(OPERATION)
        written = self.changed or self.beside or bool(self._listed)
        if written:
            self._write()
        return Outcome(
            tuple(self._changes),
            tuple(self._records.values()),
            notes=(
                *self.set_off.notes,
                *doubtful_values(self._changes, self.configuration),
                *self._stranded.notes,
                *self._closings.notes,
            ),
            foretold=tuple(self._listed_note()),
            run=self.run.id if self.run and written else "",
            steps=tuple(self.set_off.steps),
            generation=self.generation,
            dry_run=self.options.dry_run,
        )

    def _write(self) -> None:
        self.recording.write()
        if self.run:
            self.writer.put_run(self._counted(self.run))
        self.set_off.keep_turns(self.generation)
        self.set_off.keep_letters(self.generation)
        if not self.options.dry_run:
            self.writer.commit()

    def _take_down(self, change: Change, record: Record) -> None:
        """Remember a change for the history, and for the outcome where that is wanted."""
        self._stranded.take(change.after)
        self.recording.take(change)
        if self._heard:
            self._heard(change)
        if self._keep:
            self._records[record.id] = record
            self._changes.append(change)

    def _create_waiting(self, record: Record) -> None:
        """Create the tasks that waited for a record, and let its letters wait to be sent."""
        self.set_off.written(record)
        for values in self.set_off.next_steps.of(record):
            self.create_task(values)

    def _list_reaches(self, change: Change) -> None:
        from crmctl.model.blacklist import Mark
        from crmctl.workspace.blacklist import list_reaches

        mark = Mark(self.generation, self.context.at, self.context.by, change.unwanted)
        self._listed += list_reaches(self.writer, change.record, mark)

    def _listed_note(self) -> list[str]:
        named = ", ".join(each.label for each in self._listed)
        told = "would be on the blacklist" if self.options.dry_run else "on the blacklist now"
        return [f"{told}: {named}"] if named else []

    def _counted(self, run: Run) -> Run:
        """Return the run with what it changed, where it does not say so itself."""
        if run.created or run.updated:
            return run
        created = sum(change.before is None for change in self._changes)
        return structs.replace(run, created=created, updated=len(self._changes) - created)


@contextmanager
def transaction(
    workspace: Workspace, options: WriteOptions, *, keep: bool = True, happened: bool = False
) -> Iterator[Transaction]:
    """Open a transaction: under the lock, or on the present state where nothing is to be written.

    With hooks, what it is decided on may be outdated when it is written: then `commit` raises Unsettled. About what
    `happened` already, such as a letter that was sent, nobody is asked before.
    """
    hooks = None if options.dry_run else workspace.hooks
    if hooks is None:
        with workspace.state(dry_run=options.dry_run) as writer:
            yield Transaction(workspace, writer, options, keep=keep)
        return
    with hooks.watch(ask=not happened) as watched:
        tx = Transaction(workspace, watched.writer, options, keep=keep, heard=watched.heard)
        yield tx
    hooks.after(watched, tx.run)


class Unsettled(LockTimeout):
    """What a hook agreed to is not what would be written now."""

    code = "unsettled"

    def __init__(self) -> None:
        super().__init__(
            "others changed the records again and again while before-change looked at the change",
            hint="run the command again",
        )


def until_settled(operation: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """Let an operation run again where it was decided on what is no longer so; it begins from its arguments."""

    @wraps(operation)
    def settled(*given: _Given.args, **named: _Given.kwargs) -> _Made:
        for _ in range(MOST_DECISIONS - 1):
            try:
                return operation(*given, **named)
            except Unsettled:
                continue
        return operation(*given, **named)

    return settled
