"""Which fields a task has: those of all tasks, of its kind, and of the result that it ended with."""

from collections.abc import Iterator, Mapping

from crmctl.errors import WrongUse
from crmctl.model.records import RecordType, Value
from crmctl.rules.context import Context


def check_fields(
    values: Mapping[str, Value | None], kinds: tuple[str, ...], result: str, context: Context
) -> None:
    """Raise WrongUse for a value of a field that only other kinds of tasks, or tasks that end otherwise, have."""
    fields = context.configuration.fields_of(RecordType.TASK)
    for name, value in values.items():
        if value is None or not fields[name].owned_by:
            continue
        owners = dict(_owners(name, context))
        if not {*(f"type {kind}" for kind in kinds), f"result {result}"} & owners.keys():
            told = ", ".join(owners.values())
            raise WrongUse(f"{fields[name].label}: only tasks of {told} have it").at(name)


def is_own(name: str, context: Context) -> bool:
    """Tell whether a field is one that kinds of tasks, or results, bring along."""
    return bool(context.configuration.fields_of(RecordType.TASK)[name].owned_by)


def _owners(name: str, context: Context) -> Iterator[tuple[str, str]]:
    """Yield the kinds and the results that bring a field along, with how messages name them."""
    book = context.configuration.tasks_book()
    for noun, found in (("type", book.types), ("result", book.results)):
        for each in found:
            if any(field.name == name for field in each.fields):
                yield f"{noun} {each.id}", f'{noun} "{each.id}"'
