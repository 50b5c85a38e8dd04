"""How values of changed fields are told: as they are kept, or as somebody who knows the fields shows them."""

from collections.abc import Callable

from crmctl.model.records import RecordType, Value

ShowValue = Callable[[RecordType, str, Value], str]
"""Gives the text of a field's value in records of a type."""
EMPTY = "(empty)"


def plain_value(_kind: RecordType, _field: str, value: Value) -> str:
    """Give a value as it is kept."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, list) else str(value)
