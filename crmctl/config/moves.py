"""Where records get to on their way through a pipeline: the moves that `next` and `moves` leave open.

Moving back and reopening are corrections: a stage that only they lead to is not on the way.
"""

from crmctl.model.pipeline import Outcome, Pipeline, Stage


def reachable(pipeline: Pipeline, start: str) -> set[str]:
    """Return the stages that records at `start` can get to in any number of moves, `start` included."""
    found, waiting = {start}, [start]
    while waiting:
        stage = pipeline.stage(waiting.pop())
        for name in _followers(pipeline, stage) if stage else ():
            if name not in found and pipeline.stage(name):
                found.add(name)
                waiting.append(name)
    return found


def is_known(pipeline: Pipeline) -> bool:
    """Tell whether every `next` names stages that are there: else nothing can be said about the ways."""
    return all(pipeline.stage(name) for stage in pipeline.stages for name in stage.next or ())


def _followers(pipeline: Pipeline, stage: Stage) -> list[str]:
    if stage.next is not None:
        return list(stage.next)
    if not stage.open:
        return []
    later = [other.id for other in pipeline.stages[pipeline.position(stage.id) + 1 :] if other.open]
    closed = [other for other in pipeline.stages if not other.open]
    if pipeline.skip or not later:
        return later + [other.id for other in closed]
    return [later[0], *(other.id for other in closed if other.outcome is Outcome.LOST)]
