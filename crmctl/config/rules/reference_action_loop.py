"""Actions move a record round in circles, or through more than five stages at once.

An action that sets the stage sets off the actions of that stage in turn; chains stop at depth 5 with an
error.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.model.pipeline import Pipeline

RULE = Rule("reference-action-loop", needed=False)

DEEPEST = 5


def check(project: Project) -> Iterator[Fault]:
    """Yield the actions that begin a circle, or a chain that is too long."""
    for document, pipeline in project.compiled:
        targets = dict(_targets(pipeline, document.top))
        for stage, (node, _) in targets.items():
            chain = _chain(stage, {name: target for name, (_, target) in targets.items()})
            if chain[-1] == stage:
                yield Fault(node, f"this action goes round in a circle: {' -> '.join(chain)}")
            elif len(chain) > DEEPEST + 1:
                yield Fault(node, f"this action sets off {len(chain) - 1} moves, more than {DEEPEST}")


def _targets(pipeline: Pipeline, top: Node) -> Iterator[tuple[str, tuple[Node, str]]]:
    """Yield the stages whose actions move the record on, with the place and the stage it moves to."""
    for stage in top.each("stages"):
        for key in ("on_leave", "on_enter"):
            for action in stage.each(key):
                values = action.get("set")
                moved = values.get("stage") if values else None
                target = pipeline.choices.get(str(moved.value)) if moved else None
                if moved and target and target.id != stage.text("stage"):
                    yield stage.text("stage"), (moved, target.id)


def _chain(start: str, targets: dict[str, str]) -> list[str]:
    """Return the stages passed from `start`, up to its end or to one passed before."""
    chain = [start]
    while chain[-1] in targets:
        chain.append(targets[chain[-1]])
        if chain[-1] in chain[:-1]:
            break
    return chain
