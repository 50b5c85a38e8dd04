"""Errors that stop a command: each class owns its exit code (docs/exit-codes.md).

Raised for "cannot run" and for "the answer is no". What is merely found in a file or
a row is a value (`crmctl.model.finding`), never an exception.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import ClassVar, Self

Detail = Mapping[str, object]
"""One point of an error, for its JSON form and for its lines under the message: always `message`, often `field`."""


class CrmError(Exception):
    """An expected failure.

    `message` is lower-case without a final dot and names the record and the field; `hint` is
    a command to paste or the next step; `details` are printed a line each; `excerpt` shows the text
    at fault with a caret below it; `field` is the field at fault, where it is one.
    """

    exit_code: ClassVar[int] = 1
    code: str = "error"

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        details: Sequence[Detail] = (),
        record: str | None = None,
        excerpt: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = tuple(details)
        self.record = record
        self.excerpt = excerpt
        self.field = ""

    def at(self, field: str) -> Self:
        """Name the field at fault, for whoever knows the cell it came from."""
        self.field = field
        return self


class Refused(CrmError):
    """The rules say no: a gate, a duplicate, a move that is not allowed."""

    code = "refused"


class Declined(CrmError):
    """A person said no to what would have been done."""

    code = "declined"


class WrongUse(CrmError):
    """An unknown option, field or value, or a confirmation that nobody could be asked for."""

    exit_code = 2
    code = "wrong_use"


class NotConfigured(CrmError):
    """No workspace here, or its configuration is invalid."""

    exit_code = 3
    code = "not_configured"


class NotFound(CrmError):
    """The record, pipeline, view or file named does not exist."""

    exit_code = 4
    code = "not_found"


class LockTimeout(CrmError):
    """Another process held the lock for longer than this one would wait."""

    exit_code = 5
    code = "locked"


class StoreUnreadable(CrmError):
    """The store cannot be read or written: permissions, a full disk, a read-only file system."""

    exit_code = 6
    code = "store_unavailable"


class StoreDamaged(StoreUnreadable):
    """The store's content is not what was written to it."""

    code = "store_damaged"


class BadValue(ValueError):
    """Text that is not a value of its field; turned into `WrongUse` or a rejected row by whoever asked.

    `hint` says what would be accepted; `code` tells kinds of it apart, for whoever does more than say the reason.
    """

    code: ClassVar[str] = ""

    def __init__(self, reason: str, *, hint: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


class UnknownName(BadValue):
    """A name of nothing that there is, where only what there is can be named."""

    code = "unknown"


@contextmanager
def wrong_use(about: str = "", field: str = "") -> Iterator[None]:
    """Turn a BadValue inside into WrongUse: what was wrongly used, such as `--sort: `, then the reason."""
    try:
        yield
    except BadValue as error:
        raise WrongUse(f"{about}{error.reason}", hint=error.hint).at(field) from None
