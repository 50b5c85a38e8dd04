"""What a JSON Schema violation means, in the words of someone who writes the file: one function a keyword."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from crmctl.config.document import Document, Fault, Json, Node
from crmctl.config.words import name_of, shown, suggestion, type_of

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Told = Iterator[tuple[str, Fault]]
"""Rule ids with what they have against the document."""

FORM = "crmctl:form"
"""Where an inlined definition of a schema keeps its name, so that messages can say what form is meant."""

_LOOK_ALIKES = frozenset({"y", "yes", "n", "no", "on", "off"})
_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "empty",
}
_FORMS = {
    "id": "an id: a small Latin letter, then small Latin letters, digits and underscores",
    "requirement": "the id of a field: small Latin letters, digits and underscores",
    "next": "the id of a template: small Latin letters, digits and underscores",
    "name": "a name without spaces: letters, digits, underscores, hyphens and dots",
    "line": "one line of text without control characters",
    "value": "one line of text without control characters",
    "when": "one line of text without control characters",
}


def faults_of(error: "ValidationError", document: Document, schema: Json) -> Told:
    """Yield the faults that one violation of a schema stands for."""
    node = Node(document, tuple(error.absolute_path), error.instance)
    if "propertyNames" in error.absolute_schema_path:
        yield from _key_name(error, node)
    elif reason := _condition(list(error.absolute_schema_path), schema):
        yield "schema-value", Fault(node, reason)
    else:
        yield from _BY_KEYWORD.get(str(error.validator), _other)(error, node)


def _value(error: "ValidationError") -> Json:
    return error.validator_value


def _condition(path: list[str | int], schema: Json) -> str:
    """Return what the schema itself says about keys that depend on each other, where that was broken."""
    if "dependentSchemas" not in path:
        return ""
    for step in path[: path.index("dependentSchemas") + 2]:
        schema = schema[step]
    sentence = str(schema.get("description", "these keys do not go together"))
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _key_name(error: "ValidationError", node: Node) -> Told:
    name = str(error.instance)
    at = Node(node.document, (*node.keys, name), name)
    yield "schema-key-name", Fault(at, f"key {shown(name)} is not {_form(error)}", at_key=True)


def _form(error: "ValidationError") -> str:
    """Return what text of the form wanted is, by the definition's name or by an example."""
    schema = error.schema if isinstance(error.schema, dict) else {}
    form = _FORMS.get(str(schema.get(FORM)))
    examples = [example for example in schema.get("examples", ()) if isinstance(example, str)]
    if form or examples:
        return form or f"of the form {examples[0]}"
    about = str(schema.get("description", "of the form expected here"))
    return about[:1].lower() + about[1:].rstrip(".")


def _type(error: "ValidationError", node: Node) -> Told:
    wanted = [_value(error)] if isinstance(_value(error), str) else _value(error)
    value = node.value
    if "boolean" in wanted and isinstance(value, str) and value.lower() in _LOOK_ALIKES:
        yield "syntax-truthy", Fault(node, f'"{value}" is text here: write true or false')
        return
    names = " or ".join(_TYPES[str(name)] for name in wanted)
    scalar = isinstance(value, int | float) and "string" in wanted
    hint = f"put it in quotes: '{shown(value)[1:-1]}'" if scalar else ""
    yield "schema-type", Fault(node, f"{name_of(node)} must be {names}, not {type_of(value)}", hint)


def _required(error: "ValidationError", node: Node) -> Told:
    for key in _value(error):
        if key not in node.value:
            yield "schema-missing-key", Fault(node, f'{name_of(node)} lacks "{key}"', at_key=True)


def _additional(error: "ValidationError", node: Node) -> Told:
    schema = error.schema if isinstance(error.schema, dict) else {}
    allowed = schema.get("properties", {})
    for key in node.value:
        if key not in allowed:
            at = Node(node.document, (*node.keys, key), node.value[key])
            yield (
                "schema-unknown-key",
                Fault(at, f"unknown key {shown(key)}", suggestion(key, allowed), at_key=True),
            )


def _enum(error: "ValidationError", node: Node) -> Told:
    choices = [str(choice) for choice in _value(error)]
    message = f"{name_of(node)} must be one of {', '.join(choices)}, not {shown(node.value)}"
    near = suggestion(str(node.value), choices)
    yield "schema-value", Fault(node, message, near if near.startswith("did") else "")


def _const(error: "ValidationError", node: Node) -> Told:
    if node.keys == ("version",):
        message = f"version {shown(node.value)[1:-1]} is not known: this crmctl reads version {_value(error)}"
        if node.value == str(_value(error)):
            message = f"version must be the number {_value(error)}, not text"
        yield "schema-version", Fault(node, message)
    else:
        yield "schema-value", Fault(node, f"{name_of(node)} must be {shown(_value(error))}")


def _pattern(error: "ValidationError", node: Node) -> Told:
    # Empty text fails its minLength too, which says it better.
    if node.value:
        yield "schema-value", Fault(node, f"{name_of(node)} must be {_form(error)}, not {shown(node.value)}")


def _format(error: "ValidationError", node: Node) -> Told:
    wanted = {"email": "an e-mail address"}.get(str(_value(error)), str(_value(error)))
    yield "schema-value", Fault(node, f"{name_of(node)} must be {wanted}, not {shown(node.value)}")


def _bound(relation: str) -> "Callable[[ValidationError, Node], Told]":
    def told(error: "ValidationError", node: Node) -> Told:
        limit = shown(_value(error))[1:-1]
        number = shown(node.value)[1:-1]
        yield "schema-value", Fault(node, f"{name_of(node)} must be {relation} {limit}, not {number}")

    return told


def _empty(_: "ValidationError", node: Node) -> Told:
    inside = isinstance(node.value, list | dict)
    yield "schema-value", Fault(node, f"{name_of(node)} must not be empty", at_key=inside)


def _too_long(error: "ValidationError", node: Node) -> Told:
    limit = _value(error)
    yield "schema-value", Fault(node, f"{name_of(node)} is longer than {limit} characters")


def _repeated(_: "ValidationError", node: Node) -> Told:
    entries = list(node.items())
    for at, entry in enumerate(entries):
        first = next((before for before in range(at) if entries[before].value == entry.value), None)
        if first is not None:
            message = f"{name_of(entry)} is the same as entry {first + 1}"
            yield "schema-value", Fault(entry, message)


def _without(error: "ValidationError", node: Node) -> Told:
    for key, needed in _value(error).items():
        for other in needed:
            if key in node.value and other not in node.value:
                at = Node(node.document, (*node.keys, key), node.value[key])
                yield "schema-value", Fault(at, f'"{key}" stands without "{other}"', at_key=True)


def _other(error: "ValidationError", node: Node) -> Told:
    yield "schema-value", Fault(node, f"{name_of(node)} does not fit the schema ({error.validator})")


_BY_KEYWORD: "dict[str, Callable[[ValidationError, Node], Told]]" = {
    "type": _type,
    "required": _required,
    "additionalProperties": _additional,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "format": _format,
    "minimum": _bound("at least"),
    "exclusiveMinimum": _bound("more than"),
    "maximum": _bound("at most"),
    "exclusiveMaximum": _bound("less than"),
    "minLength": _empty,
    "minItems": _empty,
    "minProperties": _empty,
    "maxLength": _too_long,
    "uniqueItems": _repeated,
    "dependentRequired": _without,
}
