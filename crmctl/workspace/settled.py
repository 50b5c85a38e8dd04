"""Deciding again: while a hook looked at a change without the lock, others may have changed what it was decided on."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from crmctl.errors import LockTimeout

MOST_DECISIONS = 5
"""Times that a change is decided before it is given up: each time the records had changed meanwhile."""
_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


class Unsettled(LockTimeout):
    """What a hook agreed to is not what would be written now."""

    code = "unsettled"

    def __init__(self) -> None:
        super().__init__(
            "others changed the records again and again while before-change looked at the change",
            hint="run the command again",
        )


def until_settled(operation: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """Let an operation run again where it was decided on what is no longer so; it begins from its arguments."""

    @wraps(operation)
    def settled(*given: _Given.args, **named: _Given.kwargs) -> _Made:
        for _ in range(MOST_DECISIONS - 1):
            try:
                return operation(*given, **named)
            except Unsettled:
                continue
        return operation(*given, **named)

    return settled
