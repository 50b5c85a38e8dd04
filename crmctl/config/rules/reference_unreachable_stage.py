"""No way leads from the first open stage to this one.

Where stages have `next:`, records move only to the stages it lists; where `moves: {skip: false}`, only
to the stage that follows. A stage that nothing leads to stays empty.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.moves import is_known, reachable
from crmctl.config.project import Project
from crmctl.config.rule import Rule

RULE = Rule("reference-unreachable-stage", needed=False)

_HINT = "name it under next: of an earlier stage"


def check(project: Project) -> Iterator[Fault]:
    """Yield the stages that no record can get to."""
    for document, pipeline in project.compiled:
        first = next((stage.id for stage in pipeline.stages if stage.open), None)
        if first is None or not is_known(pipeline):
            continue
        found = reachable(pipeline, first)
        for stage in document.top.each("stages"):
            name = stage.get("stage")
            if name and name.value not in found:
                yield Fault(name, f'stage "{name.value}" cannot be reached from "{first}"', _HINT)
