"""What entering or leaving a stage sets off: values set, an owner, a conversion. Decided here, carried out elsewhere.

Tasks, letters and notices are not made here: such actions are handed on as they stand.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.pipeline import Action
from crmctl.model.records import Record, RecordType, Value, record_type
from crmctl.rules.assign import Turns, people, user
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
    """What actions need beyond the record: ids for new ones, those known, what is given for them, and turns."""

    new_id: Callable[[RecordType], str]
    known: KnownRecords
    turns: Callable[[], Turns]
    aimed: Mapping[RecordType, Sequence[Assignment]] = {}


class Step(msgspec.Struct, frozen=True):
    """A record that came to a stage, from the one it was on before or as a new record."""

    before: Record | None
    after: Record


class HandedOn(msgspec.Struct, frozen=True):
    """An action that was set off and is carried out elsewhere: its kind, and the template or user it names."""

    kind: str
    target: str
    record: str
    arguments: Mapping[str, object] = {}


class Followed(msgspec.Struct, frozen=True):
    """A change with all it set off: the records made first, the changed one last.

    `steps` are all stages that records came to on the way, in order; `handed_on` the actions that others carry out.
    """

    changes: tuple[Change, ...]
    steps: tuple[Step, ...] = ()
    handed_on: tuple[HandedOn, ...] = ()


def follow(change: Change, context: Context, around: Surroundings, depth: int = 0) -> Followed | Refusal:
    """Return a change with what the stages it left and entered set off, or the refusal of one of those.

    Raises WrongUse for a chain of more than DEEPEST moves.
    """
    steps = _steps(change)
    if steps and depth > DEEPEST:
        raise WrongUse(f"{change.record.label}: actions set off more than {DEEPEST} moves")
    actions = _actions(change, context) if steps else []
    made: list[Change] = []
    handed_on = [_handed_on(action, change.record) for action in actions if action.kind not in DECIDED]
    for action in actions:
        answer = _carried_out(action, change, context, around)
        if isinstance(answer, Refusal):
            return answer
        *new, onward = answer
        for each in [*new, _onward(change, onward)]:
            followed = follow(each, context, around, depth + 1)
            if isinstance(followed, Refusal):
                return followed
            made += followed.changes
            steps += followed.steps
            handed_on += followed.handed_on
        change = msgspec.structs.replace(change, after=made.pop().after)
    return Followed((*made, change), tuple(steps), tuple(handed_on))


def _onward(change: Change, answer: Change) -> Change:
    """Return what an action made of a record as a change of its own, that of the stage where it moved on."""
    return msgspec.structs.replace(change, before=answer.before, after=answer.after)


def _steps(change: Change) -> list[Step]:
    after = change.after
    return [Step(change.before, after)] if after and _stage_of(change.before) != _stage_of(after) else []


def _actions(change: Change, context: Context) -> list[Action]:
    """Return the actions of the stage that was left, then those of the one entered."""
    left, entered = context.stage_of(change.before), context.stage_of(change.after)
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
        owner: dict[str, Value | None] = {"owner": _owner(action.arguments["assign"], context, around.turns)}
        return _listed(update(record, owner, context))
    if action.kind == "convert":
        return converted(record, action.arguments["convert"], context, around)
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


def _owner(wanted: object, context: Context, turns: Callable[[], Turns]) -> str:
    """Return the user named, or the one of several whose turn it is, which is taken with that."""
    if isinstance(wanted, dict):
        several = wanted.get("round_robin", "")
        names = people(
            ",".join(several) if isinstance(several, list) else str(several), context.configuration
        )
        name = turns().upcoming(names)
        turns().take(names, name)
        return name
    return context.by if wanted == "me" else user(str(wanted), context.configuration)


def targets_of(wanted: object) -> tuple[RecordType, ...]:
    """Return the records that `convert:` makes of a lead, in the order they are made."""
    to = wanted.get("to", ()) if isinstance(wanted, dict) else wanted
    named = {record_type(str(name)) for name in (to if isinstance(to, list) else [to])}
    return tuple(kind for kind in TARGETS if kind in named)


def place_of(wanted: object, given: Sequence[Assignment]) -> tuple[str, str]:
    """Return the pipeline and the stage of the deal that `convert:` makes: what is given for it goes first.

    Another pipeline than the one in YAML has its own first stage.
    """
    options = wanted if isinstance(wanted, dict) else {}
    typed = {each.field: each.texts[-1] for each in given if each.field in STAGED}
    pipeline, stage = str(options.get("pipeline", "")), str(options.get("stage", ""))
    if "pipeline" in typed and typed["pipeline"] != pipeline:
        pipeline, stage = typed["pipeline"], ""
    return pipeline, typed.get("stage", stage)


def converted(
    record: Record, wanted: object, context: Context, around: Surroundings
) -> list[Change] | Refusal:
    """Return what `convert:` makes of a lead, as it stands in YAML. Raises WrongUse, NotFound."""
    kinds = targets_of(wanted)
    if record.many("converted_to"):
        return [Change("convert", record, record)]
    pipeline, stage = place_of(wanted, around.aimed.get(RecordType.DEAL, ()))
    known = around.known(record, kinds)
    values: dict[RecordType, dict[str, Value | None]] = {}
    for kind, given in around.aimed.items():
        if kind not in kinds:
            raise WrongUse(f"{kind.value}.{given[0].field}: {record.label} does not become a {kind.value}")
        place = chosen_pipeline(kind, pipeline, context).id if kind is RecordType.DEAL else ""
        rest = [each for each in given if each.field not in STAGED]
        values[kind] = assigned(rest, kind, context, known.get(kind), place)
    return convert(record, Conversion(kinds, pipeline, stage, known, values), context, around.new_id)


def _listed(answer: Change | Refusal) -> list[Change] | Refusal:
    return answer if isinstance(answer, Refusal) else [answer]


def _stage_of(record: Record | None) -> tuple[str, str]:
    return (record.pipeline, record.stage) if record else ("", "")


def _handed_on(action: Action, record: Record) -> HandedOn:
    return HandedOn(action.kind, str(action.arguments.get(action.kind)), record.id, action.arguments)
