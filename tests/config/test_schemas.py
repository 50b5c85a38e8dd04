"""What editors show comes from the schemas: every key is described, and has an example where it is typed freely."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from crmctl.config.schema_check import compiled
from crmctl.resources import schema_names, schema_text

Schema = dict[str, Any]
CONFIGURATION = [name for name in schema_names() if not name.startswith("output/")]
CHOSEN = {"enum", "const"}
"""What a value is chosen from by itself: an example would say no more."""
CASE = re.compile(r"/allOf/\d+(/then)+")
_NAMED = ("properties", "$defs", "dependentSchemas")
_ONE = ("items", "additionalProperties", "propertyNames", "then")
"""Not the conditions, `if` and `else`: they name keys again that are described in their own place."""


def load(name: str) -> Schema:
    schema: Schema = json.loads(schema_text(name))
    return schema


def parts(schema: object, path: str = "") -> Iterator[tuple[str, Schema]]:
    """Yield a schema and all those within it by the way to them, but for conditions."""
    if not isinstance(schema, dict):
        return
    yield path, schema
    for keyword in _NAMED:
        for key, each in schema.get(keyword, {}).items():
            yield from parts(each, f"{path}/{keyword}/{key}")
    for keyword in _ONE:
        yield from parts(schema.get(keyword), f"{path}/{keyword}")
    for keyword in ("allOf", "anyOf", "oneOf"):
        for number, each in enumerate(schema.get(keyword, ())):
            yield from parts(each, f"{path}/{keyword}/{number}")


def keys(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield what the keys take, each with what its reference says where it says nothing itself.

    A case of the whole may narrow a key that is described before the cases.
    """
    for path, part in parts(schema):
        before = schema.get("properties", {}) if CASE.fullmatch(path) else {}
        for key, each in part.get("properties", {}).items():
            yield f"{path}/{key}", before.get(key, {}) | resolved(each, schema)


def resolved(part: Schema, schema: Schema) -> Schema:
    while "$ref" in part:
        target = schema["$defs"][part["$ref"].removeprefix("#/$defs/")]
        part = {**target, **{key: value for key, value in part.items() if key != "$ref"}}
    return part


def is_typed_freely(part: Schema) -> bool:
    kinds = part.get("type", [])
    named = {kinds} if isinstance(kinds, str) else set(kinds)
    return not CHOSEN & part.keys() and bool(named & {"string", "integer", "number"})


@pytest.mark.parametrize("name", schema_names())
def test_every_key_is_described(name: str) -> None:
    schema = load(name)
    assert schema["description"]
    assert [path for path, part in keys(schema) if not part.get("description")] == []


@pytest.mark.parametrize("name", CONFIGURATION)
def test_every_key_that_takes_text_or_a_number_has_an_example(name: str) -> None:
    free = [(path, part) for path, part in keys(load(name)) if is_typed_freely(part)]
    assert free
    assert [path for path, part in free if not part.get("examples") and "default" not in part] == []


@pytest.mark.parametrize("name", CONFIGURATION)
def test_every_example_and_default_is_valid_where_it_stands(name: str) -> None:
    schema = load(name)
    shown = [
        (path, part, value)
        for path, part in parts(schema)
        for value in (*part.get("examples", ()), *([part["default"]] if "default" in part else ()))
    ]
    assert shown
    definitions = {"$defs": schema.get("$defs", {})}
    wrong = [path for path, part, value in shown if not compiled({**definitions, **part}).is_valid(value)]
    assert wrong == []


@pytest.mark.parametrize("name", schema_names())
def test_references_lead_only_into_the_same_file(name: str) -> None:
    """An editor then needs nothing but the file, wherever it was written to."""
    references = [part["$ref"] for _, part in parts(load(name)) if "$ref" in part]
    assert [each for each in references if not each.startswith("#/$defs/")] == []
