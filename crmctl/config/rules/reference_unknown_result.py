"""A result, or a set of results, is named that tasks.yaml does not have.

A template's `results:` is the name of a set under `result_sets:`, or a list of results; a set lists
results.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.config.words import suggestion

RULE = Rule("reference-unknown-result")


def check(project: Project) -> Iterator[Fault]:
    """Yield the names that no result, or no set, has."""
    if project.tasks is None:
        return
    top = project.tasks.top
    results, sets = ([name for name, _ in top.pairs(key)] for key in ("results", "result_sets"))
    for _, template in top.pairs("templates"):
        named = template.get("results")
        if named and isinstance(named.value, str) and named.value not in sets:
            yield Fault(named, f'there is no result set "{named.value}"', suggestion(named.value, sets))
        for name in named.items() if named else ():
            yield from _known(name, results)
    for _, members in top.pairs("result_sets"):
        for name in members.items():
            yield from _known(name, results)


def _known(name: Node, results: list[str]) -> Iterator[Fault]:
    if name.value not in results:
        yield Fault(name, f'there is no result "{name.value}"', suggestion(name.value, results))
