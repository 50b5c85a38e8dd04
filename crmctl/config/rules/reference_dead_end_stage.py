"""No way leads from this open stage to a won or lost one.

Records that get there can never be closed. It comes of `next:` lists that lead nowhere or round in
circles.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.moves import closable, is_known
from crmctl.config.project import Project
from crmctl.config.rule import Rule

RULE = Rule("reference-dead-end-stage", needed=False)


def check(project: Project) -> Iterator[Fault]:
    """Yield the open stages that no record can be closed from."""
    for document, pipeline in project.compiled:
        closed = {stage.id for stage in pipeline.stages if not stage.open}
        if not closed or not is_known(pipeline):
            continue
        fine = closable(pipeline)
        for node in document.top.each("stages"):
            stage = pipeline.stage(node.text("stage"))
            if stage and stage.id not in fine:
                message = f'no way leads from stage "{stage.id}" to a won or lost one'
                yield Fault(node.get("next") or node, message, at_key=True)
