"""Files of tests as the rules and the compiler walk them. The documents have passed their schema."""

from collections.abc import Iterator

from crmctl.config.document import Node
from crmctl.config.project import Project
from crmctl.model.configuration import Configuration
from crmctl.model.pipeline import Pipeline
from crmctl.model.process_test import Verb, acted_on
from crmctl.model.records import RecordType


def tests_of(project: Project) -> Iterator[Node]:
    """Yield every test of every file."""
    for document in project.tests:
        yield from document.top.each("tests")


def given_records(test: Node) -> Iterator[tuple[RecordType, Node]]:
    """Yield each given record with its type, in the order in which they are written."""
    given = test.get("given")
    for kind in given.value if given else ():
        found = given.get(kind) if given else None
        if found is not None:
            yield from ((RecordType(kind), each) for each in _each(found))


def _each(node: Node) -> list[Node]:
    return list(node.items()) if isinstance(node.value, list) else [node]


def created_records(created: Node) -> Iterator[tuple[RecordType, Node | None]]:
    """Yield each type of record that `created` expects, with the values where it names any."""
    for kind in created.value:
        yield RecordType(kind), created.get(kind)


def part(test: Node, key: str) -> Node:
    """Return `when` or `expect`, which every test has."""
    found = test.get(key)
    assert found is not None
    return found


def verbs(test: Node) -> list[tuple[Verb, Node]]:
    """Return all that a test does, each with its argument; of a test in order it is one thing."""
    when = part(test, "when")
    return [(verb, node) for verb in Verb if (node := when.get(verb.value)) is not None]


def subject(test: Node) -> tuple[RecordType, Node | None] | None:
    """Return the record that a test is about: its type, and the given one where it is given.

    Nothing is returned where that cannot be said: no verb, several, or no such record.
    """
    done, given = verbs(test), list(given_records(test))
    if len(done) != 1:
        return None
    verb, argument = done[0]
    if verb is Verb.CREATE:
        return RecordType(argument.value), None
    if verb is Verb.IMPORT:
        return RecordType(argument.text("record")), None
    at = acted_on(verb, [kind for kind, _ in given])
    return None if at is None else given[at]


def conversion(argument: Node) -> tuple[Node, Node | None, Node | None]:
    """Return what a lead becomes, and the pipeline and the stage of the deal where they are named with it."""
    return argument.get("to") or argument, argument.get("pipeline"), argument.get("stage")


def pipeline_meant(named: Node | None, kind: RecordType, configuration: Configuration) -> Pipeline | None:
    """Return the pipeline that is named by id, title or alias, or else the usual one of a record type."""
    if named is None:
        return configuration.default_pipeline(kind)
    chosen = configuration.pipeline_choices(kind).get(str(named.value))
    return configuration.pipeline_by_id(chosen.id) if chosen else None
