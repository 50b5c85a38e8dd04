"""Struct types with only the fields a scan asks for, so that the rest of a line is passed over undecoded."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec

from crmctl.storage.interface import Row


def row_type(fields: Sequence[str]) -> type[Row]:
    """Return the type of rows with the fields named, as `crmctl.storage.interface.column` reads them."""
    return _made(tuple(dict.fromkeys(fields)))


@cache
def _made(fields: tuple[str, ...]) -> type[Row]:
    # A prefix keeps fields such as `class` or `from` from being Python words.
    attributes = [(f"f_{name}", Any, None) for name in fields]
    rename = {f"f_{name}": name for name in fields}
    return msgspec.defstruct("Row", attributes, rename=rename, gc=False)
