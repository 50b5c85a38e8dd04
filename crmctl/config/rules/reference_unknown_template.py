"""A task is to be created from a template that tasks.yaml does not have.

Stage actions (`on_enter: [{task: ...}]`) and results (`next: {task: ...}`) name a template by id;
`same` in a result is the template of the task itself.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.config.words import suggestion
from crmctl.model.tasks import SAME

RULE = Rule("reference-unknown-template")


def check(project: Project) -> Iterator[Fault]:
    """Yield the names that no template has."""
    top = project.tasks.top if project.tasks else None
    known = [name for name, _ in top.pairs("templates")] if top else []
    if top or (project.workspace and not project.workspace.top.get("tasks")):
        for _, action in project.actions():
            if (name := action.get("task")) and name.value not in known:
                yield _fault(name, known, configured=top is not None)
    for _, result in top.pairs("results") if top else ():
        following = result.get("next")
        name = following.named("task") if following else None
        if name and name.value not in (*known, SAME):
            yield _fault(name, known, configured=True)


def _fault(name: Node, known: list[str], *, configured: bool) -> Fault:
    cure = (
        suggestion(name.value, known) if configured else "name the file of tasks under tasks: in crmctl.yaml"
    )
    return Fault(name, f'there is no task template "{name.value}"', cure)
