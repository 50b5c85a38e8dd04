"""One command's changes: decided on the state under the lock, stamped, and committed with their history."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from msgspec import structs

from crmctl.errors import WrongUse
from crmctl.model.blacklist import Listed, Mark
from crmctl.model.change import Change, Entry, PastMove, Run
from crmctl.model.records import Record, RecordType, Value
from crmctl.rules.actions import LeftAction, Step, Surroundings, follow
from crmctl.rules.assign import Turns
from crmctl.rules.assignment import Assignment
from crmctl.rules.context import Context
from crmctl.rules.decision import Refusal
from crmctl.storage.interface import Writer
from crmctl.workspace.blacklist import OPERATION as LISTING
from crmctl.workspace.blacklist import list_reaches
from crmctl.workspace.doubtful import doubtful_values
from crmctl.workspace.find import find_record
from crmctl.workspace.integrity import Integrity
from crmctl.workspace.known import KnownRecords
from crmctl.workspace.leave import Leave
from crmctl.workspace.next_steps import NextSteps
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.stamps import stamped
from crmctl.workspace.stranded import Stranded
from crmctl.workspace.turns import keep_turns, last_turns
from crmctl.workspace.workspace import Workspace

MOST_WAITING = 1000
"""Entries of history that wait before they go to the store together."""


class Transaction:
    """The changes made so far, and the state they make. Nothing is written before `commit`."""

    def __init__(
        self, workspace: Workspace, writer: Writer, options: WriteOptions, *, keep: bool = True
    ) -> None:
        self.writer = writer
        self.options = options
        self.undoes = 0
        self._keep = keep or options.dry_run
        self._count = 0
        self._entries: list[Entry] = []
        self.configuration = workspace.configuration
        self.context: Context = workspace.context(writer)
        self.generation = writer.generation + 1
        self.run: Run | None = None
        self._changes: list[Change] = []
        self._records: dict[str, Record] = {}
        self.known = KnownRecords(writer, workspace.configuration)
        self.aimed: Mapping[RecordType, Sequence[Assignment]] = {}
        self._turns: Turns | None = None
        self._listed: list[Listed] = []
        self._left: dict[str, None] = {}
        self._not_done: list[LeftAction] = []
        self.next_steps = NextSteps(self.context)
        self.tasks_made = 0
        self._steps: list[Step] = []
        self._stranded = Stranded(workspace.configuration)
        self._integrity = Integrity(writer, self.context)
        self._leave = Leave(self.context)

    @property
    def changed(self) -> bool:
        """Whether anything was changed so far."""
        return self._count > 0

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes made so far, stamped; none where they are not kept."""
        return tuple(self._changes)

    def get(self, text: str) -> Record:
        """Return the record an id means. Raises WrongUse for what is no id, NotFound."""
        return find_record(self.writer, text)

    def follow(self, answer: Change | list[Change] | Refusal) -> list[Change] | Refusal:
        """Return decided changes with what the stages they enter and leave set off.

        `aimed` is what was given for the records that a conversion among that makes; Raises WrongUse without one.
        """
        if isinstance(answer, Refusal):
            return answer
        found: list[Change] = []
        turns = self._turns.copy() if self._turns else None
        for change in answer if isinstance(answer, list) else [answer]:
            followed = self._leave.refusal(change) or follow(change, self.context, self.around)
            if isinstance(followed, Refusal):
                # Whose turn it was has got nothing by it.
                self._turns = turns
                return followed
            self._check_aimed(followed.changes[-1])
            found += self._leave.cleared(followed.changes)
            self._hand_on(followed.left)
            if self._keep:
                self._steps += followed.steps
        return found

    @property
    def turns(self) -> Turns:
        """Whose turn it is in groups that share work out, read when it is first asked for."""
        if self._turns is None:
            self._turns = last_turns(self.writer)
        return self._turns

    @property
    def around(self) -> Surroundings:
        """What conversions and actions need beyond the record."""
        return Surroundings(
            self.writer.new_id,
            lambda lead, kinds: self.known.of_lead(lead, kinds, self.context),
            lambda: self.turns,
            self.aimed,
        )

    def _hand_on(self, left: Sequence[LeftAction]) -> None:
        """Let tasks wait until their record is written; take down what nobody carries out."""
        for each in left:
            if self.next_steps.take(each):
                continue
            self._left |= {str(each): None}
            if self._keep:
                self._not_done.append(each)

    @property
    def stranded(self) -> list[str]:
        """A note on the records that were changed and are on stages that are gone."""
        return self._stranded.notes

    @property
    def left(self) -> list[str]:
        """A note for each action that was set off and that nobody carries out yet."""
        return [f"not carried out yet: {each}" for each in self._left]

    def _check_aimed(self, change: Change) -> None:
        """Raise WrongUse where something was given for records that the change does not make."""
        for kind, given in self.aimed.items():
            if "converted_to" not in change.differences():
                raise WrongUse(
                    f"{kind.value}.{given[0].field}: {change.record.label} is not converted by this",
                    hint=f"set a field of a {kind.value} by its own id",
                )

    def apply(self, change: Change) -> Change:
        """Make a change part of the transaction and return it stamped; one that changes nothing is passed over.

        Raises NotFound for references that lead nowhere, Refused for twins of unique values and for want of leave.
        """
        self._leave.check(change)
        if change.unwanted:
            mark = Mark(self.generation, self.context.at, self.context.by, change.unwanted)
            self._listed += list_reaches(self.writer, change.record, mark)
        if change.op == "purge":
            self.writer.purge(change.record.id)
        elif change.after is None:
            self.writer.discard(change.record.id)
        elif change.before is None or change.differences():
            self._integrity.check(change, change.after)
            change = stamped(change, change.after, self.context)
            self.writer.put(change.record)
            self._integrity.learn(change.record)
        else:
            if self._keep:
                self._records[change.record.id] = change.record
            self._create_waiting(change.record)
            return change
        self.known.learn(change.record)
        self._take_down(change)
        self._create_waiting(change.record)
        return change

    def _create_waiting(self, record: Record) -> None:
        """Create the tasks that waited for a record."""
        for values in self.next_steps.of(record):
            self.create_task(values)

    def create_task(self, values: Mapping[str, Value | None]) -> None:
        """Create a task that something set off."""
        task_id = self.writer.new_id(RecordType.TASK)
        task = Record({"id": task_id, "record": RecordType.TASK.value}).having(values)
        self.tasks_made += 1
        self.apply(Change("create", None, task))

    def apply_all(self, changes: Sequence[Change]) -> list[Change]:
        """Make changes part of the transaction, or none of them where one is refused.

        Those that are made together may refer to each other. Raises what `apply` raises.
        """
        coming = frozenset(change.record.id for change in changes)
        for change in changes:
            if change.after is not None:
                self._integrity.check(change, change.after, coming)
        return [self.apply(change) for change in changes]

    def _take_down(self, change: Change) -> None:
        """Remember a change for the history, and for the outcome where that is wanted."""
        self._count += 1
        self._stranded.take(change.after)
        self._entries.append(self._entry_of(change))
        self._entries += [self._entry_of_past(change, past) for past in change.past]
        if len(self._entries) >= MOST_WAITING:
            self._write_history()
        if self._keep:
            self._records[change.record.id] = change.record
            self._changes.append(change)

    def _write_history(self) -> None:
        self.writer.add_history(self._entries)
        self._entries = []

    def begin_run(self, op: str, **facts: Any) -> Run:
        """Make the transaction a run, which can be undone as one."""
        context = self.context
        run_id = self.writer.new_run_id()
        self.run = Run(
            run_id, self.generation, context.at, context.by, op, message=self.options.message, **facts
        )
        return self.run

    def commit(self) -> Outcome:
        """Write the changes, their history and the run in one commit; a dry run stops short of it."""
        if self._listed and not self._count:
            self.begin_run(LISTING)
        if self._count or self._listed:
            self._write_history()
            if self.run:
                self.writer.put_run(self._counted(self.run))
            if self._turns:
                keep_turns(self.writer, self._turns, self.generation)
            if not self.options.dry_run:
                self.writer.commit()
        return Outcome(
            tuple(self._changes),
            tuple(self._records.values()),
            notes=(
                *self.left,
                *doubtful_values(self._changes, self.configuration),
                *self.stranded,
                *self._listed_note(),
            ),
            run=self.run.id if self.run and (self._count or self._listed) else "",
            steps=tuple(self._steps),
            left=tuple(self._not_done),
            generation=self.generation,
            dry_run=self.options.dry_run,
        )

    def _listed_note(self) -> list[str]:
        named = ", ".join(each.label for each in self._listed)
        return [f"on the blacklist now: {named}"] if named else []

    def _counted(self, run: Run) -> Run:
        """Return the run with what it changed, where it does not say so itself."""
        if run.created or run.updated:
            return run
        created = sum(change.before is None for change in self._changes)
        return structs.replace(run, created=created, updated=len(self._changes) - created)

    def _entry_of(self, change: Change) -> Entry:
        context = self.context
        born = change.before is None or change.after is None
        return Entry(
            id=change.record.id,
            gen=self.generation,
            at=change.at or context.at,
            by=context.by,
            op=change.op,
            run=self.run.id if self.run else "",
            message=self.options.message,
            note=change.note,
            key=change.key,
            undoes=self.undoes,
            changes={} if born else change.differences(),
        )

    def _entry_of_past(self, change: Change, past: PastMove) -> Entry:
        return Entry(
            id=change.record.id,
            gen=self.generation,
            at=past.at,
            by=self.context.by,
            op=past.op,
            run=self.run.id if self.run else "",
            changes=past.changes,
        )


@contextmanager
def transaction(workspace: Workspace, options: WriteOptions, *, keep: bool = True) -> Iterator[Transaction]:
    """Open a transaction: under the lock, or on the present state where nothing is to be written.

    Without `keep` its changes go to the store alone, which is what many thousands of them should do.
    """
    with workspace.state(dry_run=options.dry_run) as writer:
        yield Transaction(workspace, writer, options, keep=keep)
