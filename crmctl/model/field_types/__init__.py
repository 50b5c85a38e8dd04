"""Field types: one module each, found by its name.

A type owns parsing, formatting, comparing and storing; nothing else asks what type a field is.
To add one, add a module here with a `TYPE`, and its name to `schemas/crmctl.schema.json`.
"""

from functools import cache
from importlib import import_module

from crmctl.model.field_types.base import FieldType

__all__ = ["FieldType", "field_type"]


@cache
def field_type(kind: str) -> FieldType:
    """Return the field type of a name that the configuration's schema has checked."""
    found = import_module(f"crmctl.model.field_types.{kind}").TYPE
    assert isinstance(found, FieldType)
    return found
