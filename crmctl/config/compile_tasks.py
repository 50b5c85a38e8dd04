"""tasks.yaml as the program uses it. The document has passed its schema; its references may lead nowhere."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import msgspec

from crmctl.config.compile_field import Vocabulary, own_field, value_list
from crmctl.config.compile_pipeline import requirements
from crmctl.config.document import Document, Json, Node
from crmctl.model.field import Field
from crmctl.model.tasks import BUILT_IN_TYPES, Clients, NextTask, Result, TaskBook, TaskType, Template


def compile_tasks(document: Document, words: Vocabulary) -> TaskBook:
    """Return what a file of tasks says."""
    top = document.top
    built_in = {each.id: each for each in BUILT_IN_TYPES}
    declared = {name: _type(name, node, built_in.get(name), words) for name, node in top.pairs("types")}
    sets: dict[str, Json] = top.value.get("result_sets", {})
    return TaskBook(
        tuple((built_in | declared).values()),
        tuple(_template(name, node, sets) for name, node in top.pairs("templates")),
        tuple(_result(name, node, words) for name, node in top.pairs("results")),
        value_list("categories", categories) if (categories := top.value.get("categories")) else None,
    )


def with_choices(fields: Sequence[Field], book: TaskBook) -> list[Field]:
    """Return the fields of tasks with what they choose from, and after them those of kinds and results."""
    choices = {
        "type": book.type_choices,
        "template": book.template_choices if book.templates else None,
        "result": book.result_choices,
        "category": book.categories,
    }
    known = {
        field.name: msgspec.structs.replace(field, choices=choices[field.name])
        if choices.get(field.name)
        else field
        for field in fields
    }
    groups = (*(each.fields for each in book.types), *(each.fields for each in book.results))
    for field in chain.from_iterable(groups):
        known.setdefault(field.name, field)
    return list(known.values())


def _type(name: str, node: Node, built_in: TaskType | None, words: Vocabulary) -> TaskType:
    """Return a kind of task; what the file does not say of a built-in one is as it always is."""
    found = built_in or TaskType(name, name)
    return TaskType(
        name,
        node.text("title") or found.title,
        Clients(node.text("clients") or found.clients),
        node.text("creates") or ("" if "clients" in node.value else found.creates),
        requirements(node, "require") if "require" in node.value else found.require,
        tuple(_fields(name, node, words)),
    )


def _fields(owner: str, node: Node, words: Vocabulary) -> Iterator[Field]:
    yield from (own_field(field, raw.value, words, owned_by=owner) for field, raw in node.pairs("fields"))


def _template(name: str, node: Node, sets: Mapping[str, Json]) -> Template:
    results = node.value.get("results", ())
    return Template(
        name,
        node.text("type"),
        node.text("title") or name,
        tuple(node.value.get("aliases", ())),
        node.text("category"),
        node.text("due"),
        node.text("remind"),
        node.text("assignee"),
        tuple(sets.get(results, ()) if isinstance(results, str) else results),
        requirements(node, "require"),
        tuple(node.value.get("checklist", ())),
        node.text("priority"),
        node.text("text"),
        node.text("help"),
    )


def _result(name: str, node: Node, words: Vocabulary) -> Result:
    conversion = node.value.get("convert")
    return Result(
        name,
        node.text("title") or name,
        tuple(node.value.get("aliases", ())),
        requirements(node, "require"),
        tuple(_fields(name, node, words)),
        _next(node.value.get("next")),
        node.text("ends"),
        node.text("move"),
        {"to": conversion} if isinstance(conversion, list) else dict(conversion or {}),
        node.text("help"),
    )


def _next(raw: Json) -> NextTask | None:
    if raw is None:
        return None
    if isinstance(raw, str):
        return NextTask(raw)
    return NextTask(raw["task"], raw.get("due", ""), raw.get("assignee", ""))
