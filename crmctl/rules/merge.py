"""Merging records that are one: what the winner takes, what becomes of the others, and of what referred to them."""

from collections.abc import Mapping, Sequence

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.field import Field
from crmctl.model.merging import INTO, MERGE
from crmctl.model.records import Record, RecordType, Value
from crmctl.rules.context import Context
from crmctl.rules.decision import Refusal, empty_fields
from crmctl.rules.gate import missing_fields
from crmctl.rules.move import Move, move
from crmctl.rules.united import Taken, points
from crmctl.rules.update import update


class Merging(msgspec.Struct, frozen=True):
    """What is asked for: who goes into whom, what of the others was taken, and values that decide otherwise.

    A stage, or a pipeline, is moved to through its gate.
    """

    winner: Record
    losers: tuple[Record, ...]
    taken: Taken
    values: Mapping[str, Value | None] = {}
    pipeline: str = ""
    stage: str = ""


def check(winner: Record, losers: Sequence[Record]) -> Refusal | None:
    """Return why records cannot be merged, or nothing. Raises WrongUse for those that could never be one."""
    if winner.type is RecordType.TASK:
        raise WrongUse("tasks are not merged", hint="crmctl cancel T-1 drops one that is there twice")
    for other in losers:
        if other.id == winner.id:
            raise WrongUse(f"{winner.label} cannot be merged with itself")
        if other.type is not winner.type:
            raise WrongUse(
                f"{other.label} is a {other.type.value}, and {winner.label} a {winner.type.value}:"
                " only records of one type are merged"
            )
    return _conversions(winner, losers)


def _conversions(winner: Record, losers: Sequence[Record]) -> Refusal | None:
    """Refuse to let a lead go that became something: what it became says that it came from this one."""
    converted = [each for each in (winner, *losers) if each.many("converted_to")]
    if len(converted) > 1:
        became = " ".join(dict.fromkeys(one for each in converted for one in each.many("converted_to")))
        labels = " and ".join(each.label for each in converted)
        told = f"{labels} were both converted: merge what they became, if that is one"
        return Refusal(winner, told, hint=f"crmctl show {became}")
    if converted and converted[0] is not winner:
        told = f"{converted[0].label} was converted, and can only be the one that stays"
        return Refusal(winner, told, hint=f"--into {converted[0].id}")
    return None


def merge(asked: Merging, context: Context) -> list[Change] | Refusal:
    """Decide on all that goes with a merge but references: the ends of the losers, and last the winner's change."""
    winner = asked.winner
    change = _changed(asked, context)
    if isinstance(change, Refusal):
        return msgspec.structs.replace(change, message=_told(change, asked))
    lacking = [each for each in missing_fields(change.record, context) if not each.stage]
    if lacking:
        told = f"{winner.label} cannot be merged into: {empty_fields(lacking)}"
        return Refusal(winner, told, tuple(lacking))
    ends = [Change(MERGE, each.having({INTO: winner.id}), None) for each in asked.losers]
    return [*ends, msgspec.structs.replace(change, op=MERGE)]


def _changed(asked: Merging, context: Context) -> Change | Refusal:
    values = {**asked.taken.values, **asked.values}
    if asked.stage or asked.pipeline:
        return move(asked.winner, Move(asked.stage, asked.pipeline, values), context)
    return update(asked.winner, values, context)


def _told(refusal: Refusal, asked: Merging) -> str:
    if refusal.missing and not asked.stage:
        return f"{asked.winner.label} cannot be merged into: {empty_fields(refusal.missing)}"
    return refusal.message


def repointed(
    record: Record, fields: Mapping[str, Field], heirs: Mapping[str, str]
) -> dict[str, Value | None]:
    """Return the references of a record that lead to what is gone, with the heirs in their places."""
    found: dict[str, Value | None] = {}
    for field in fields.values():
        value = record.get(field.name) if points(field) else None
        held = value if isinstance(value, list) else [value]
        if value is None or not any(field.type.refers(one) in heirs for one in held if one is not None):
            continue
        found[field.name] = _led(value, field, heirs)
    return found


def _led(value: Value, field: Field, heirs: Mapping[str, str]) -> Value:
    def led(one: str) -> str:
        old = field.type.refers(one)
        return heirs[old] + one.removeprefix(old) if old in heirs else one

    if not isinstance(value, list):
        return led(str(value))
    texts = list(map(led, value))
    if field.kind == "line":
        # One product at one price is one line, so that none is lost among equals.
        from crmctl.model.item_line import item_line, merged

        return [str(line) for line in merged(map(item_line, texts))]
    return list(dict.fromkeys(texts))
