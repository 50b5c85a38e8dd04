"""A pipeline drawn: its stages in order, what each requires, where records may go."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from crmctl.model.pipeline import Outcome, Permission, Pipeline, Requirement, Stage
from crmctl.render.colour import PLAIN, Style
from crmctl.render.graph import Edge, Graph, Node
from crmctl.text import visible


def pipeline_graph(pipeline: Pipeline) -> Graph:
    """Return the pipeline as a graph: the way through its stages, and the side ways to the lost ones.

    Where a stage does not say what may follow it, the next open stage does, or the won ones after the last;
    jumps and steps back, which most pipelines allow from anywhere to anywhere, are not drawn.
    """
    nodes = tuple(Node(stage.id, tuple(_facts(stage)), stage.outcome.value) for stage in pipeline.stages)
    edges = (
        Edge(stage.id, target.id, tuple(_needs(stage, target)), target.outcome is Outcome.LOST)
        for stage in pipeline.stages
        for target in _following(pipeline, stage)
    )
    return Graph(f"{pipeline.title} ({pipeline.id})", nodes, tuple(edges))


def pipeline_text(pipeline: Pipeline, style: Style = PLAIN) -> str:
    """Return the pipeline as lines: a stage each, with what a record needs to come there and to leave."""
    moves = [
        "stages may be skipped" if pipeline.skip else "no stage may be skipped",
        "records may go back" if pipeline.back else "no record may go back",
    ]
    lines = [
        style.bold(visible(f"{pipeline.title} ({pipeline.id})")),
        f"{pipeline.record} pipeline; {', '.join(moves)}",
        "",
    ]
    for stage in pipeline.stages:
        lines += _stage_lines(stage, style)
    if pipeline.access:
        lines += ["", "Access", *(f"  {visible(_permitted(each))}" for each in pipeline.access)]
    return "".join(f"{line}\n" for line in lines)


def _permitted(permission: Permission) -> str:
    stages = f" at {', '.join(permission.stages)}" if permission.stages else ""
    where = f" where {permission.where}" if permission.where else ""
    return f"{permission.role}: {', '.join(permission.actions) or 'nothing'}{stages}{where}"


def _stage_lines(stage: Stage, style: Style) -> Iterator[str]:
    mark, paint = {
        Outcome.OPEN: ("○" if style.unicode else "o", style.bold),
        Outcome.WON: ("●" if style.unicode else "+", style.green),
        Outcome.LOST: ("×" if style.unicode else "x", style.red),
    }[stage.outcome]
    rail = "│" if style.unicode else "|"
    title, *facts = (visible(fact) for fact in _facts(stage))
    yield "  ".join([f"{mark} {paint(title)}", *facts])
    given = [_listed("requires", stage.require), _listed("to leave, requires", stage.require_to_leave)]
    if stage.next is not None:
        given.append("next: " + (", ".join(stage.next) or "nothing"))
    yield from (f"{rail}   {visible(line)}" for line in given if line)


def _facts(stage: Stage) -> Iterator[str]:
    yield stage.title if stage.title == stage.id else f"{stage.title} ({stage.id})"
    if stage.outcome is not Outcome.OPEN:
        yield stage.outcome.value
    elif stage.probability is not None:
        yield f"{stage.probability}%"
    if stage.max_age is not None:
        yield f"at most {_length(stage.max_age)}"


def _following(pipeline: Pipeline, stage: Stage) -> Sequence[Stage]:
    """Return the stages to draw arrows to."""
    if stage.next is not None:
        return [target for target in pipeline.stages if target.id in stage.next]
    if not stage.open:
        return []
    later = pipeline.stages[pipeline.position(stage.id) + 1 :]
    ahead = [target for target in later if target.open][:1]
    ends = (Outcome.LOST,) if ahead else (Outcome.WON, Outcome.LOST)
    return [*ahead, *(target for target in pipeline.stages if target.outcome in ends)]


def _needs(stage: Stage, target: Stage) -> Iterator[str]:
    """Yield what a record needs for a step: what the stage it leaves asks, and the one it enters."""
    if target.outcome is not Outcome.LOST:
        yield from map(_need, stage.require_to_leave)
    yield from map(_need, target.require)


def _need(requirement: Requirement) -> str:
    return f"{requirement.field} when {requirement.when}" if requirement.when else requirement.field


def _listed(words: str, requirements: Sequence[Requirement]) -> str:
    return f"{words} {', '.join(map(_need, requirements))}" if requirements else ""


def _length(length: timedelta) -> str:
    """Return a length of time in the unit it was most likely written in."""
    seconds = int(length.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
