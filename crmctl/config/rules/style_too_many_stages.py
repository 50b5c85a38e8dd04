"""A pipeline has more than 12 stages.

Nobody keeps so many apart, and a funnel with so many steps says little. Steps that always follow each
other are one stage with a checklist; what happened to a call is the result of a task.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import style

RULE = style("too-many-stages")

MOST = 12


def check(project: Project) -> Iterator[Fault]:
    """Yield the pipelines with too many stages."""
    for document in project.pipelines:
        stages = document.top.get("stages")
        if stages and len(stages.value) > MOST:
            yield Fault(stages, f"{len(stages.value)} stages are more than {MOST}", at_key=True)
