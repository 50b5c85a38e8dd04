"""Where records get to on their way through a pipeline: the moves that `next` and `moves` leave open.

Moving back and reopening are corrections: a stage that only they lead to is not on the way.
"""

from collections.abc import Iterable, Mapping

from crmctl.model.pipeline import Outcome, Pipeline


def is_known(pipeline: Pipeline) -> bool:
    """Tell whether every `next` names stages that are there: else nothing can be said about the ways."""
    return all(pipeline.stage(name) for stage in pipeline.stages for name in stage.next or ())


def reachable(pipeline: Pipeline, start: str) -> set[str]:
    """Return the stages that records at `start` can get to in any number of moves, `start` included."""
    return _spread([start], _followers(pipeline), pipeline)


def closable(pipeline: Pipeline) -> set[str]:
    """Return the stages from which records can get to a won or lost one in any number of moves, those included."""
    sources: dict[str, list[str]] = {}
    for source, names in _followers(pipeline).items():
        for name in names:
            sources.setdefault(name, []).append(source)
    return _spread([stage.id for stage in pipeline.stages if not stage.open], sources, pipeline)


def _spread(starts: Iterable[str], steps: Mapping[str, Iterable[str]], pipeline: Pipeline) -> set[str]:
    waiting = list(starts)
    found = set(waiting)
    while waiting:
        for name in steps.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return {name for name in found if pipeline.stage(name)}


def _followers(pipeline: Pipeline) -> dict[str, list[str]]:
    """Return where one move leads from each stage.

    Names that no stage can have stand for many: `>3` for the open stages from the fourth on, `>closed` and `>lost`
    for those of that outcome. Else a pipeline of thousands would have millions of moves.
    """
    in_order = [stage.id for stage in pipeline.stages if stage.open]
    places = {name: at for at, name in enumerate(in_order)}
    found = {f">{at}": [stage, f">{at + 1}"] for stage, at in places.items()}
    found[">closed"] = [stage.id for stage in pipeline.stages if not stage.open]
    found[">lost"] = [stage.id for stage in pipeline.stages if stage.outcome is Outcome.LOST]
    for stage in pipeline.stages:
        if stage.next is not None:
            found[stage.id] = list(stage.next)
        elif stage.open:
            at = places[stage.id]
            step_by_step = not pipeline.skip and at + 1 < len(places)
            found[stage.id] = [in_order[at + 1], ">lost"] if step_by_step else [f">{at + 1}", ">closed"]
    return found
