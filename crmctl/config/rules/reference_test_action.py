"""A test does nothing, or several things, or something that cannot be done to the records it is given.

Under `when:` stands one of move, create, update, convert, reject, import and complete, and beside it
only what goes along with it: `set` with all but update, which has its fields below itself, `pipeline`
with move, create, convert and import, `reason` with move, `next` with move and complete, `no_next` with
complete. A move is of the first lead or deal that is given, a conversion and a rejection of the first
lead, an update of the first lead or deal or else of the first record; the first task ends.

    when: {create: deal, move: order}                         # wrong: which one is refused?
    when: {create: deal, pipeline: wholesale, set: {title: Acme}}
"""

from collections.abc import Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.process_tests import conversion, given_records, part, subject, tests_of, verbs
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.model.process_test import Verb, task_among

RULE = Rule("reference-test-action")

_ALONG = {
    Verb.MOVE: {"set", "pipeline", "reason", "next"},
    Verb.CREATE: {"set", "pipeline"},
    Verb.UPDATE: set[str](),
    Verb.CONVERT: {"set", "pipeline"},
    Verb.REJECT: {"set"},
    Verb.IMPORT: {"set", "pipeline"},
    Verb.COMPLETE: {"set", "next", "no_next"},
}
"""What may stand beside each verb."""
_WANTED = {
    Verb.MOVE: "lead or deal",
    Verb.UPDATE: "record",
    Verb.CONVERT: "lead",
    Verb.REJECT: "lead",
    Verb.COMPLETE: "task",
}
"""The record that must be there for what is done to one."""


def check(project: Project) -> Iterator[Fault]:
    """Yield the tests of which it cannot be said what they do."""
    for test in tests_of(project):
        done = verbs(test)
        if len(done) == 1:
            yield from _beside(test, *done[0])
            yield from _without_record(test, *done[0])
            continue
        names = [verb.value for verb, _ in done]
        told = f"a test does one thing, not {' and '.join(names)}" if names else "nothing is done"
        hint = "make a test of each" if names else f"one of: {', '.join(Verb)}"
        yield Fault(part(test, "when"), told, hint, at_key=True)


def _beside(test: Node, verb: Verb, argument: Node) -> Iterator[Fault]:
    when = part(test, "when")
    for key in ("set", "pipeline", "reason", "next", "no_next"):
        node = when.get(key)
        if node and key not in _ALONG[verb]:
            hint = f"write the fields below {verb}" if (verb, key) == (Verb.UPDATE, "set") else ""
            yield Fault(node, f'"{key}" does not go along with {verb}', hint, at_key=True)
    _, named, _ = conversion(argument)
    if verb is Verb.CONVERT and named and (again := when.get("pipeline")):
        yield Fault(again, "the pipeline is named below convert already", at_key=True)


def _without_record(test: Node, verb: Verb, argument: Node) -> Iterator[Fault]:
    wanted = _WANTED.get(verb)
    kinds = [kind for kind, _ in given_records(test)]
    there = task_among(kinds) is not None if verb is Verb.COMPLETE else subject(test)
    if wanted is None or there:
        return
    given = ", ".join(dict.fromkeys(kind.value for kind, _ in given_records(test)))
    hint = f"given: {given}" if given else "add one under given:"
    yield Fault(argument, f"no {wanted} is given that it could be done to", hint, at_key=True)
