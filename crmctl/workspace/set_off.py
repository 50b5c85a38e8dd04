"""What the changes of one command set off: followed to the end, waiting for their record, or left undone and told."""

from collections.abc import Mapping, Sequence

from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType
from crmctl.rules.actions import HandedOn, Step, Surroundings, follow
from crmctl.rules.assign import Turns
from crmctl.rules.assignment import Assignment
from crmctl.rules.context import Context
from crmctl.rules.decision import Refusal
from crmctl.storage.interface import Writer
from crmctl.text import plural
from crmctl.workspace.known import KnownRecords
from crmctl.workspace.leave import Leave
from crmctl.workspace.next_steps import NextSteps


class SetOff:
    """The actions of a transaction. `aimed` is what was given for the records that a conversion among them makes.

    Without `keep` the steps are not remembered one by one.
    """

    def __init__(self, writer: Writer, context: Context, known: KnownRecords, *, keep: bool) -> None:
        self.aimed: Mapping[RecordType, Sequence[Assignment]] = {}
        self.leave = Leave(context)
        self.next_steps = NextSteps(context)
        self.steps: list[Step] = []
        self._letters: dict[str, list[str]] = {}
        self._waiting: list[tuple[str, str]] = []
        self._turns: Turns | None = None
        self._writer = writer
        self._context = context
        self._known = known
        self._keep = keep

    def follow(self, answer: Change | list[Change] | Refusal) -> list[Change] | Refusal:
        """Return decided changes with what the stages they enter and leave set off.

        Raises WrongUse where something is `aimed` at records that are not made.
        """
        if isinstance(answer, Refusal):
            return self.leave.first(answer)
        found: list[Change] = []
        turns = self._turns.copy() if self._turns else None
        for change in answer if isinstance(answer, list) else [answer]:
            followed = self.leave.refusal(change) or follow(change, self._context, self.around)
            if isinstance(followed, Refusal):
                # Whose turn it was has got nothing by it.
                self._turns = turns
                return followed
            self._check_aimed(followed.changes[-1])
            found += self.leave.cleared(followed.changes)
            self._hand_on(followed.handed_on)
            if self._keep:
                self.steps += followed.steps
        return found

    @property
    def turns(self) -> Turns:
        """Whose turn it is in groups that share work out, read when it is first asked for."""
        if self._turns is None:
            from crmctl.workspace.turns import last_turns

            self._turns = last_turns(self._writer)
        return self._turns

    @property
    def around(self) -> Surroundings:
        """What conversions and actions need beyond the record."""
        return Surroundings(
            self._writer.new_id,
            lambda lead, kinds: self._known.of_lead(lead, kinds, self._context),
            lambda: self.turns,
            self.aimed,
        )

    @property
    def notes(self) -> list[str]:
        """What to tell of actions: the letters that wait."""
        count = len(self._waiting)
        return [f"{plural(count, 'letter')} in the outbox: crmctl mail --outbox"] if count else []

    def written(self, record: Record) -> None:
        """Let the letters wait in the outbox that stages asked for about a record that is written now."""
        if self._letters:
            self._waiting += [(record.id, name) for name in self._letters.pop(record.id, ())]

    def keep_letters(self, generation: int) -> None:
        """Write the letters that wait."""
        if self._waiting:
            from crmctl.workspace import outbox

            context = self._context
            letters = [outbox.Waiting(generation, context.at, context.by, *each) for each in self._waiting]
            outbox.put(self._writer, letters)

    def keep_turns(self, generation: int) -> None:
        """Write whose turns were taken."""
        if self._turns:
            from crmctl.workspace.turns import keep_turns

            keep_turns(self._writer, self._turns, generation)

    def _hand_on(self, actions: Sequence[HandedOn]) -> None:
        """Let tasks, notices and letters wait until their record is written."""
        for each in actions:
            if not self.next_steps.take(each):
                self._letters.setdefault(each.record, []).append(each.target)

    def _check_aimed(self, change: Change) -> None:
        """Raise WrongUse where something was given for records that the change does not make."""
        for kind, given in self.aimed.items():
            if "converted_to" not in change.differences():
                raise WrongUse(
                    f"{kind.value}.{given[0].field}: {change.record.label} is not converted by this",
                    hint=f"set a field of a {kind.value} by its own id",
                )
