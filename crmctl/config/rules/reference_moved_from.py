"""A former stage id is still in use, or two stages claim it.

`moved_from: [old]` tells `crmctl plan` that records of stage "old" now belong here. That works only
while no stage is called "old", and for one stage.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.project import Project
from crmctl.config.rule import Rule

RULE = Rule("reference-moved-from", needed=False)


def check(project: Project) -> Iterator[Fault]:
    """Yield the former ids that mean two things."""
    for document, pipeline in project.compiled:
        claimed: dict[str, Node] = {}
        for stage in document.top.each("stages"):
            for name in stage.each("moved_from"):
                first = claimed.setdefault(name.value, name)
                if pipeline.stage(name.value):
                    yield Fault(name, f'"{name.value}" is still a stage of this pipeline')
                elif first is not name:
                    yield Fault(name, f'"{name.value}" is already claimed on line {first.line()}')
