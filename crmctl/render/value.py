"""How values of changed fields are told: as they are kept, or as somebody who knows the fields shows them."""

from collections.abc import Callable, Mapping

from crmctl.model.records import RecordType, Value

ShowValue = Callable[[RecordType, str, Value], str]
"""Gives the text of a field's value in records of a type."""
DumpValue = Callable[[RecordType, str, Value], Value]
"""Gives a field's value in records of a type as JSON shows it."""
EMPTY = "(empty)"


def kept_value(_kind: RecordType, _field: str, value: Value) -> Value:
    """Give a value as it is kept, for JSON."""
    return value


def dumped(
    kind: RecordType, changes: Mapping[str, tuple[Value | None, Value | None]], dump: DumpValue
) -> dict[str, list[Value | None]]:
    """Return the old and new values of changed fields as JSON shows them."""
    return {
        name: [None if value is None else dump(kind, name, value) for value in pair]
        for name, pair in changes.items()
    }


def plain_value(_kind: RecordType, _field: str, value: Value) -> str:
    """Give a value as it is kept."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, list) else str(value)
