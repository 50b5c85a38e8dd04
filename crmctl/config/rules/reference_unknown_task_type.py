"""A task template, or a kind that creates others, names a kind of task that does not exist.

The kinds call, group_call, client, internal, meeting, message and wait are always there; `types:` may
add more.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.config.words import suggestion
from crmctl.model.tasks import BUILT_IN_TYPES

RULE = Rule("reference-unknown-task-type")

BUILT_IN = tuple(each.id for each in BUILT_IN_TYPES)


def check(project: Project) -> Iterator[Fault]:
    """Yield the names that no kind of task has."""
    if project.tasks is None:
        return
    top = project.tasks.top
    known = {*BUILT_IN, *(name for name, _ in top.pairs("types"))}
    for group, key in (("templates", "type"), ("types", "creates")):
        for _, owner in top.pairs(group):
            name = owner.get(key)
            if name and name.value not in known:
                yield Fault(name, f'there is no kind of task "{name.value}"', suggestion(name.value, known))
