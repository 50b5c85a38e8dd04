"""Tasks are configured, but nothing ever leads to one.

No stage creates a task (`on_enter: [{task: ...}]`) and no result has a `next:`. Work that nobody is
reminded of is not done.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import style

RULE = style("no-next-step", of_all=True)


def check(project: Project) -> Iterator[Fault]:
    """Yield the stages of each pipeline, where there is no next step anywhere."""
    if project.tasks is None or not project.whole:
        return
    chained = any(result.get("next") for _, result in project.tasks.top.pairs("results"))
    if chained or any(action.get("task") for _, action in project.actions()):
        return
    for document in project.pipelines:
        if stages := document.top.get("stages"):
            hint = "add on_enter: [{task: TEMPLATE, due: +1d}] to a stage, or next: to a result in tasks.yaml"
            yield Fault(stages, "no stage and no result leads to a next step", hint, at_key=True)
