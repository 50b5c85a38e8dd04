"""A document against its JSON Schema (draft 2020-12), with every fault told in our own sentences.

Schemas are the bundled ones. A `$ref` inside a schema is resolved when it is loaded; any other is
refused and never fetched. jsonschema is imported only here, and only when something is checked.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from crmctl.config.document import Document, Json
from crmctl.config.schema_faults import FORM, faults_of
from crmctl.errors import NotConfigured
from crmctl.model.finding import Finding, Severity

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, FormatChecker

_LOCAL = "#/$defs/"
_ANNOTATIONS = {"description", "title", "default", "examples", "$comment"}
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def check(document: Document, schema: str) -> list[Finding]:
    """Return what a document has against the bundled schema of a name, such as `pipeline`."""
    return check_with(validator(schema), document)


def check_with(compiled: "Draft202012Validator", document: Document) -> list[Finding]:
    """Return what a compiled schema has against a document. Raises NotConfigured if it refers elsewhere."""
    from referencing.exceptions import Unresolvable

    found: dict[Finding, None] = {}
    try:
        for error in compiled.iter_errors(document.data):
            for rule, fault in faults_of(error, document, compiled.schema):
                found[fault.finding(rule, Severity.ERROR)] = None
    except Unresolvable as error:
        raise NotConfigured(f"the schema refers to {error.ref}, which is not bundled") from None
    return sorted(found)


@cache
def validator(name: str) -> "Draft202012Validator":
    """Return the compiled bundled schema of a name."""
    import json

    from crmctl.resources import schema_text

    return compiled(json.loads(schema_text(name)))


def compiled(schema: Mapping[str, Json]) -> "Draft202012Validator":
    """Return a schema ready for use: its definitions in place, formats checked, nothing else to be found."""
    from jsonschema import Draft202012Validator
    from referencing import Registry

    registry: Registry[Any] = Registry()
    inlined = _inline(schema, schema.get("$defs", {}))
    return Draft202012Validator(inlined, registry=registry, format_checker=_formats())


def _formats() -> "FormatChecker":
    from jsonschema import FormatChecker

    from crmctl.errors import BadValue
    from crmctl.model.field import Conventions, Field

    checker = FormatChecker(formats=())
    conventions = Conventions(now=_ANY_TIME)
    address = Field("email", "email")

    def is_email(value: object) -> bool:
        return not isinstance(value, str) or address.parse(value, conventions) is not None

    checker.checks("email", raises=BadValue)(is_email)
    return checker


def _inline(schema: Json, definitions: Mapping[str, Json]) -> Json:
    """Return a schema with references to its own definitions replaced by them, which is faster to check.

    The bundled schemas do not recur, and definitions that are used twice stay one object.
    """
    done: dict[str, Json] = {}

    def definition(name: str) -> Json:
        if name not in done:
            done[name] = {FORM: name, **walk(definitions[name])}
        return done[name]

    def walk(value: Json) -> Json:
        if isinstance(value, list):
            return [walk(item) for item in value]
        if not isinstance(value, dict):
            return value
        name = _local_name(value, definitions)
        rest = {key: walk(item) for key, item in value.items() if key not in ("$defs", "$id", "$ref")}
        if name is None:
            return {**rest, "$ref": value["$ref"]} if "$ref" in value else rest
        return _together(definition(name), rest)

    return walk(schema)


def _together(definition: Mapping[str, Json], beside: Mapping[str, Json]) -> Json:
    """Return a definition with the keywords beside its reference, none of which may undo one of its own."""
    if any(key in definition for key in beside if key not in _ANNOTATIONS):
        return {**beside, "allOf": [definition, *beside.get("allOf", [])]}
    return {**definition, **beside}


def _local_name(schema: Mapping[str, Json], definitions: Mapping[str, Json]) -> str | None:
    reference = schema.get("$ref")
    if not isinstance(reference, str) or not reference.startswith(_LOCAL):
        return None
    name = reference.removeprefix(_LOCAL)
    return name if name in definitions else None
