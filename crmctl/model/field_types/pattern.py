"""Patterns of fields, run by an engine whose time grows linearly with the text, so that none can hang."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from crmctl.errors import BadValue

if TYPE_CHECKING:
    from crmctl.model.field import Field

LONGEST_VALUE = 4096
"""Bytes of a value that is held against a pattern."""


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Any:
    """Return the compiled pattern. Raises BadValue for one that is wrong or needs backtracking."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0]
        told = reason.decode() if isinstance(reason, bytes) else str(reason)
        raise BadValue(f"not a usable pattern: {told}") from None


def check_pattern(value: str, field: Field) -> None:
    """Raise BadValue where the value does not have the field's pattern."""
    if len(value.encode()) > LONGEST_VALUE:
        raise BadValue(f"is longer than {LONGEST_VALUE} bytes, the most a pattern is held against")
    if not compiled(field.pattern).search(value):
        example = f"write it like {field.example}" if field.example else None
        raise BadValue(f"does not fit the pattern {field.pattern}", hint=example)
