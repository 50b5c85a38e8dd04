"""What a plan says of a field: whose value the winner has in the end, or which."""

from collections.abc import Mapping
from typing import TypeAlias

from crmctl.errors import WrongUse, wrong_use
from crmctl.model.field import Field
from crmctl.model.records import Record, Value, read_id, type_of
from crmctl.rules.assignment import STAGED
from crmctl.rules.context import Context
from crmctl.rules.united import is_united

ALL = "all"
"""What stands for the values of all records together."""
Take: TypeAlias = str | list[str]
"""The id of one of the records, `all`, or a value as it is typed, several for a field of many values."""


def decided(
    takes: Mapping[str, Take], records: Mapping[str, Record], fields: Mapping[str, Field], context: Context
) -> dict[str, Value | None]:
    """Return the values that were decided on. Raises WrongUse for a field or a value that there is not."""
    found: dict[str, Value | None] = {}
    for name, take in takes.items():
        if name in STAGED:
            continue
        field = fields.get(name)
        if field is None or field.computed:
            raise WrongUse(f'{next(iter(records))}: no field "{name}" to take')
        if take == ALL and is_united(field):
            continue
        source = _source(name, take, records)
        if source is not None:
            found |= {each: source.get(each) for each in _written(field, context)}
        else:
            with wrong_use(f"{name}: "):
                found |= field.assign(take, context.conventions)
    return found


def _source(name: str, take: Take, records: Mapping[str, Record]) -> Record | None:
    """Return the record that a value is taken from; nothing for a value as it is typed.

    Raises WrongUse for a record beside the group, and for the values of all where there can be only one.
    """
    named = read_id(take) if isinstance(take, str) else None
    winner = next(iter(records.values()))
    if named and named not in records and type_of(named) is winner.type:
        raise WrongUse(f"{winner.id}: {name}: {named} is none of the records to be merged")
    if take == ALL:
        raise WrongUse(f"{winner.id}: {name} takes one value", hint=f"name a record: take: {winner.id}")
    return records.get(named or "")


def staged_takes(takes: Mapping[str, Take], records: Mapping[str, Record]) -> dict[str, str]:
    """Return the pipeline and the stage that were decided on: they are moved to, through the gate."""
    winner = next(iter(records.values()))
    found = {name: _single(take) for name, take in takes.items() if name in STAGED}
    named = {
        name: records[read_id(text) or ""].text(name) if read_id(text) in records else text
        for name, text in found.items()
    }
    return {name: text for name, text in named.items() if text != winner.text(name)}


def _single(take: Take) -> str:
    return take if isinstance(take, str) else "".join(take)


def _written(field: Field, context: Context) -> list[str]:
    """Return the fields that setting one writes: a phone as it was typed, the currency of an amount."""
    beside = list(field.assign([], context.conventions)) if field.multiple else []
    return list(dict.fromkeys([field.name, *beside, *([field.paired] if field.paired else [])]))
