"""What entering or leaving a stage sets off: values set, an owner, a conversion. Decided here, carried out elsewhere.

Actions that need tasks, mail or notices are not decided here: they are told of by name, so that nobody waits
for them.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.pipeline import Action
from crmctl.model.records import Record, RecordType, Value, number_of, record_type
from crmctl.rules.assign import people, user
from crmctl.rules.assignment import STAGED, Assignment, assigned
from crmctl.rules.context import Context
from crmctl.rules.convert import TARGETS, Conversion, convert
from crmctl.rules.create import chosen_pipeline
from crmctl.rules.decision import Refusal
from crmctl.rules.move import Move, move
from crmctl.rules.update import update
from crmctl.typed import typed_texts

DEEPEST = 5
"""Moves that actions may set off one after another."""

DECIDED = frozenset({"set", "assign", "convert"})

KnownRecords = Callable[[Record, Sequence[RecordType]], Mapping[RecordType, Record]]
"""Finds the contact and the company that a lead means, where they are known."""


class Surroundings(msgspec.Struct, frozen=True):
    """What a conversion needs beyond the lead: ids for new records, those known, and what is given for them."""

    new_id: Callable[[RecordType], str]
    known: KnownRecords
    aimed: Mapping[RecordType, Sequence[Assignment]] = {}


class Followed(msgspec.Struct, frozen=True):
    """A change with all it set off: the records made first, the changed one last. `left` names other actions."""

    changes: tuple[Change, ...]
    left: tuple[str, ...] = ()


def follow(change: Change, context: Context, around: Surroundings, depth: int = 0) -> Followed | Refusal:
    """Return a change with what the stages it left and entered set off, or the refusal of one of those.

    Raises WrongUse for a chain of more than DEEPEST moves.
    """
    actions = _actions(change, context)
    made: list[Change] = []
    for action in actions:
        answer = _carried_out(action, change, context, around)
        if isinstance(answer, Refusal):
            return answer
        *new, change_after = answer
        moved = _stage_of(change_after.after) != _stage_of(change.after)
        change = msgspec.structs.replace(change, after=change_after.after)
        made += new
        if moved:
            if depth >= DEEPEST:
                raise WrongUse(f"{change.record.label}: actions set off more than {DEEPEST} moves")
            onward = msgspec.structs.replace(change, before=change_after.before)
            followed = follow(onward, context, around, depth + 1)
            if isinstance(followed, Refusal):
                return followed
            made += followed.changes[:-1]
            change = msgspec.structs.replace(change, after=followed.changes[-1].after)
    left = tuple(dict.fromkeys(_told(action) for action in actions if action.kind not in DECIDED))
    return Followed((*made, change), left)


def _actions(change: Change, context: Context) -> list[Action]:
    """Return the actions of the stage that was left, then those of the one entered."""
    after, before = change.after, change.before
    if after is None or _stage_of(before) == _stage_of(after):
        return []
    old = context.pipeline_of(before) if before else None
    new = context.pipeline_of(after)
    left = old.stage(before.stage) if old and before else None
    entered = new.stage(after.stage) if new else None
    found = [*(left.on_leave if left else ()), *(entered.on_enter if entered else ())]
    # A conversion wins the lead, and is not set off by that again.
    return [each for each in found if each.kind != "convert" or change.op != "convert"]


def _carried_out(
    action: Action, change: Change, context: Context, around: Surroundings
) -> list[Change] | Refusal:
    record = change.record
    if action.kind == "set":
        return _listed(_set(change, action, context))
    if action.kind == "assign":
        owner: dict[str, Value | None] = {"owner": _owner(action.arguments["assign"], record, context)}
        return _listed(update(record, owner, context))
    if action.kind == "convert":
        return _converted(record, action, context, around)
    return [Change(change.op, record, record)]


def _set(change: Change, action: Action, context: Context) -> Change | Refusal:
    record = change.record
    values = action.arguments["set"]
    assert isinstance(values, dict)
    typed = change.differences()
    given = [
        Assignment(name, typed_texts(value))
        for name, value in values.items()
        # What was typed with the move says more than what the stage would say.
        if name not in STAGED and name not in typed
    ]
    written = assigned(given, record.type, context, record, record.pipeline)
    if not any(name in values for name in STAGED):
        return update(record, written, context)
    step = Move(str(values.get("stage", "")), str(values.get("pipeline", "")), written)
    return move(record, step, context)


def _owner(wanted: object, record: Record, context: Context) -> str:
    """Return the user named, or the next of several: by the record's number, so that no turn need be kept."""
    if isinstance(wanted, dict):
        several = wanted.get("round_robin", "")
        names = people(
            ",".join(several) if isinstance(several, list) else str(several), context.configuration
        )
        return names[number_of(record.id) % len(names)]
    return context.by if wanted == "me" else user(str(wanted), context.configuration)


def _converted(
    record: Record, action: Action, context: Context, around: Surroundings
) -> list[Change] | Refusal:
    wanted = action.arguments["convert"]
    options = wanted if isinstance(wanted, dict) else {"to": wanted}
    to = options.get("to", ())
    named = {record_type(str(name)) for name in (to if isinstance(to, list) else [to])}
    kinds = tuple(kind for kind in TARGETS if kind in named)
    if record.many("converted_to"):
        return [Change("convert", record, record)]
    pipeline, stage = str(options.get("pipeline", "")), str(options.get("stage", ""))
    known = around.known(record, kinds)
    values: dict[RecordType, dict[str, Value | None]] = {}
    for kind, given in around.aimed.items():
        if kind not in kinds:
            raise WrongUse(f"{kind.value}.{given[0].field}: {record.label} does not become a {kind.value}")
        place = chosen_pipeline(kind, pipeline, context).id if kind is RecordType.DEAL else ""
        values[kind] = assigned(given, kind, context, known.get(kind), place)
    return convert(record, Conversion(kinds, pipeline, stage, known, values), context, around.new_id)


def _listed(answer: Change | Refusal) -> list[Change] | Refusal:
    return answer if isinstance(answer, Refusal) else [answer]


def _stage_of(record: Record | None) -> tuple[str, str]:
    return (record.pipeline, record.stage) if record else ("", "")


def _told(action: Action) -> str:
    return f"{action.kind} {action.arguments.get(action.kind)}"
