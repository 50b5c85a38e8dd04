"""`merge`: records that are one become one, with all that refers to them, in one run that can be undone."""

from collections.abc import Mapping, Sequence

import msgspec

from crmctl.activities.onward import successors
from crmctl.errors import NotFound, WrongUse
from crmctl.model.change import Change
from crmctl.model.merging import MERGE
from crmctl.model.records import Record, RecordType, parse_id, type_of
from crmctl.model.tasks import FINISHED
from crmctl.rules.assignment import STAGED, Assignment, assigned
from crmctl.rules.decision import Refusal
from crmctl.rules.merge import Merging, check, merge, repointed
from crmctl.rules.united import Left, Taken, taken
from crmctl.workspace.merge_take import Take, decided, staged_takes
from crmctl.workspace.merged import heir
from crmctl.workspace.moved_on import moved_on
from crmctl.workspace.outcome import Outcome, WriteOptions, refused
from crmctl.workspace.referrers import Referrers
from crmctl.workspace.transaction import Transaction, transaction, until_settled
from crmctl.workspace.workspace import Workspace


class Group(msgspec.Struct, frozen=True):
    """Records to be made one. `takes` says of some fields whose value holds, `revisions` what was looked at.

    One that is `planned` stands in a plan.
    """

    winner: str
    losers: tuple[str, ...]
    assignments: tuple[Assignment, ...] = ()
    takes: Mapping[str, Take] = {}
    revisions: Mapping[str, int] = {}
    planned: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        """All of them, the winner first."""
        return (self.winner, *self.losers)


class MergedGroup(msgspec.Struct, frozen=True):
    """What a merge came to: the records as they were, the winner as it is, what was taken and what was left.

    `links` are the records that refer to the winner now.
    """

    winner: Record
    losers: tuple[Record, ...]
    after: Record
    filled: Mapping[str, str]
    united: tuple[str, ...]
    left: tuple[Left, ...]
    links: tuple[str, ...]


class MergeOutcome(msgspec.Struct, frozen=True):
    """What became of groups of records; those `done` were merged like that before."""

    outcome: Outcome
    groups: tuple[MergedGroup, ...]
    done: tuple[Group, ...] = ()


def named_group(ids: Sequence[str], into: str, assignments: Sequence[Assignment]) -> Group:
    """Return the group that ids mean: the first stays, unless another is named. Raises WrongUse."""
    named = [parse_id(each) for each in ids]
    twice = [each for at, each in enumerate(named) if each in named[:at]]
    if twice:
        raise WrongUse(f"{twice[0]} cannot be merged with itself")
    winner = parse_id(into) if into else named[0]
    losers = tuple(each for each in named if each != winner)
    if not losers:
        raise WrongUse(f"{winner} alone: merge it with what?", hint=f"crmctl merge {winner} ID...")
    return Group(winner, losers, tuple(assignments))


def with_values(groups: Sequence[Group], more: Sequence[Assignment]) -> list[Group]:
    """Return groups with more values set on the record that stays."""
    return [msgspec.structs.replace(each, assignments=(*each.assignments, *more)) for each in groups]


@until_settled
def merge_groups(workspace: Workspace, groups: Sequence[Group], options: WriteOptions) -> MergeOutcome:
    """Merge every group, or none, or those that are not refused. Raises Refused, WrongUse, NotFound."""
    with transaction(workspace, options) as tx:
        kind = type_of(groups[0].winner) if groups else RecordType.CONTACT
        tx.begin_run(MERGE, record=kind.value)
        done: list[Group] = []
        waiting: list[Group] = []
        for each in groups:
            (done if _is_done(each, tx) else waiting).append(each)
        merger = _Merger(tx, waiting)
        # What one group changes in another is no reason to refuse that.
        held = {each.winner: merger.held(each) for each in waiting}
        answers = [held[each.winner] or merger.take(each) for each in waiting]
        refusals = [each for each in answers if isinstance(each, Refusal)]
        if refusals and not (options.partial or options.dry_run):
            raise _refused(refusals, waiting)
        outcome = tx.commit()
    merged = tuple(each for each in answers if isinstance(each, MergedGroup))
    notes = (*outcome.notes, *merger.notes)
    told = tx.set_off.leave.told(outcome.changes)
    outcome = msgspec.structs.replace(outcome, changes=told, refusals=tuple(refusals), notes=notes)
    return MergeOutcome(outcome, merged, tuple(done))


def _is_done(group: Group, tx: Transaction) -> bool:
    """Tell whether a group of a plan was merged like that before: the second time changes nothing."""
    winner = tx.writer.get(group.winner)
    gone = all(tx.writer.get(each) is None and heir(tx.writer, each) == group.winner for each in group.losers)
    return group.planned and winner is not None and gone


def _refused(refusals: list[Refusal], groups: Sequence[Group]) -> Exception:
    if len(groups) == 1 and refusals[0].code == "not_found":
        refusal = refusals[0]
        return NotFound(refusal.message, hint=refusal.hint or None)
    return refused(refusals, len(groups), "groups")


class _Merger:
    """Carries groups out, one after another, in a transaction."""

    def __init__(self, tx: Transaction, groups: Sequence[Group]) -> None:
        self._tx = tx
        self._referrers = Referrers(
            tx.writer, tx.configuration, {loser for group in groups for loser in group.losers}
        )
        self._gone: set[str] = set()

    @property
    def notes(self) -> list[str]:
        """What to tell of letters that wait about records that are no more."""
        from crmctl.workspace import outbox

        waiting = [each.record for each in outbox.kept(self._tx.writer) if each.waits] if self._gone else []
        named = ", ".join(dict.fromkeys(each for each in waiting if each in self._gone))
        return [f"letters in the outbox about {named} do not go out while they are merged"] if named else []

    def held(self, group: Group) -> Refusal | None:
        """Return why a group is refused before anything is merged: a record is not there, not shown, or moved on.

        Raises NotFound where that is no group of a plan.
        """
        for record_id in group.ids:
            try:
                record = self._tx.get(record_id)
            except NotFound as error:
                if not group.planned:
                    raise
                return Refusal(None, error.message, hint=error.hint or "", code="not_found")
            if hidden := self._tx.set_off.leave.to_see(record):
                return hidden
            seen = "the plan" if group.planned else "what was asked about"
            told = moved_on(record, group.revisions.get(record_id, record.revision), self._tx.writer, seen)
            if told:
                again = "crmctl duplicates makes a new plan" if group.planned else "look at it once more"
                return Refusal(record, told, hint=again, code="outdated")
        return None

    def take(self, group: Group) -> MergedGroup | Refusal:
        """Merge a group. Raises WrongUse for what could never be merged, NotFound, Refused."""
        tx = self._tx
        winner, *losers = (tx.get(each) for each in group.ids)
        if refusal := check(winner, losers):
            return refusal
        found, asked = self._asked(group, winner, losers)
        answer = merge(asked, tx.context)
        if isinstance(answer, Refusal):
            return _where_to(answer, group)
        *ends, change = answer
        for each in answer:
            if refusal := tx.set_off.leave.refusal(each):
                return refusal
        followed = tx.set_off.follow(change) if asked.stage or asked.pipeline else [change]
        if isinstance(followed, Refusal):
            return followed
        for each in (*ends, *followed):
            tx.apply(each)
        return self._merged(group, winner, losers, found, asked)

    def _asked(self, group: Group, winner: Record, losers: Sequence[Record]) -> tuple[Taken, Merging]:
        tx = self._tx
        fields = tx.configuration.fields_of(winner.type, winner.pipeline)
        found = taken(winner, losers, fields, tx.context.conventions, self._absent(losers))
        records = {each.id: each for each in (winner, *losers)}
        staged = staged_takes(group.takes, records)
        staged |= {each.field: each.texts[-1] for each in group.assignments if each.field in STAGED}
        rest = [each for each in group.assignments if each.field not in STAGED]
        pipeline, stage = staged.get("pipeline", ""), staged.get("stage", "")
        target = tx.configuration.pipeline(pipeline, winner.type).id if pipeline else winner.pipeline
        values = decided(group.takes, records, fields, tx.context)
        after = winner.having({**found.values, **values})
        values |= assigned(rest, winner.type, tx.context, after, target)
        return found, Merging(winner, tuple(losers), found, values, pipeline, stage)

    def _absent(self, losers: Sequence[Record]) -> set[str]:
        """Return what losers name that is not there: a reference to it was kept since, and is not handed on."""
        named = {one for each in losers for one in self._referrers.named_by(each)}
        return {each for each in named if self._tx.writer.get(each) is None}

    def _merged(
        self, group: Group, winner: Record, losers: Sequence[Record], found: Taken, asked: Merging
    ) -> MergedGroup:
        links = self._lead_over(group)
        after = self._tx.get(group.winner)
        self._referrers.learn(after)
        self._gone.update(group.losers)
        settled = {*asked.values, *(STAGED if asked.stage or asked.pipeline else ())}
        return MergedGroup(
            winner,
            tuple(losers),
            after,
            {name: each for name, each in found.filled.items() if name not in settled},
            tuple(name for name in found.united if name not in settled),
            tuple(each for each in found.left if each.field not in settled),
            tuple(links),
        )

    def _lead_over(self, group: Group) -> list[str]:
        """Let all that refers to what is gone refer to the winner. That needs nobody's leave: it follows.

        What is still to be done for a lead that was converted is to be done for what it became.
        """
        heirs = dict.fromkeys(group.losers, group.winner)
        working = dict.fromkeys(group.losers, self._worked(group.winner))
        done = []
        for record_id in dict.fromkeys(each for loser in group.losers for each in self._referrers.of(loser)):
            record = self._tx.writer.get(record_id)
            if record is None:
                continue
            is_open = record.type is RecordType.TASK and record.text("status") not in FINISHED
            led = working if is_open else heirs
            if values := repointed(record, self._referrers.fields(record.type), led):
                after = record.having(values)
                change = self._tx.apply(Change(MERGE, record, after, cleared=True))
                self._referrers.learn(change.record)
                done += [each.record.id for each in self._tx.set_off.leave.told([change])]
        return done

    def _worked(self, winner: str) -> str:
        """Return what work for a record is done for."""
        became = [each for each in self._tx.get(winner).many("converted_to") if self._tx.writer.get(each)]
        return successors([winner], {winner: became})[0]


def _where_to(refusal: Refusal, group: Group) -> Refusal:
    """Return a refusal for want of values with where in a plan they stand; for what was typed the command tells."""
    if not refusal.missing or not group.planned:
        return refusal
    fields = ", ".join(f"{each.name}: {{take: VALUE}}" for each in refusal.missing)
    return msgspec.structs.replace(refusal, hint=f"add to the group in the plan: fields: {{{fields}}}")
