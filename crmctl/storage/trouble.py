"""Errors of the operating system in the words of the store."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crmctl.errors import StoreUnreadable


def reason(error: OSError) -> str:
    """Return what went wrong, without number or path: `no space left on device`."""
    return (os.strerror(error.errno) if error.errno else str(error)).lower()


def unreadable(path: Path, error: OSError) -> StoreUnreadable:
    """Return the error for a file that cannot be read."""
    return StoreUnreadable(f"cannot read {path}: {reason(error)}")


@contextmanager
def told(message: str, *, hint: str | None = None) -> Iterator[None]:
    """Turn an OSError inside into StoreUnreadable: the message, then the reason."""
    try:
        yield
    except OSError as error:
        raise StoreUnreadable(f"{message}: {reason(error)}", hint=hint) from error
