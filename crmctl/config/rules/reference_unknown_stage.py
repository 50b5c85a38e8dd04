"""A stage is named that the pipeline does not have.

Stages are named by id: under `next:`, under `stages:` of an access rule, as the stage of a conversion,
and under `move:` of a task's result, where any pipeline's will do.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.config.words import suggestion
from crmctl.model.records import RecordType

RULE = Rule("reference-unknown-stage")


def check(project: Project) -> Iterator[Fault]:
    """Yield the names that no stage has."""
    for document, pipeline in project.compiled:
        known = [stage.id for stage in pipeline.stages]
        for name in _own_stages(document.top):
            if name.value not in known:
                yield _fault(name, f'pipeline "{pipeline.id}" has', known)
    if project.configuration and project.whole:
        yield from _conversions(project)
        yield from _moves(project)


def _fault(name: Node, owner: str, known: list[str]) -> Fault:
    return Fault(name, f'{owner} no stage "{name.value}"', suggestion(name.value, known))


def _own_stages(top: Node) -> Iterator[Node]:
    for stage in top.each("stages"):
        yield from stage.each("next")
    for permission in top.each("access"):
        yield from permission.each("stages")


def _conversions(project: Project) -> Iterator[Fault]:
    """Yield the stages of conversions that the pipeline of the new deal does not have."""
    assert project.configuration is not None
    conversions = [action.get("convert") for _, action in project.actions()]
    if project.tasks:
        conversions += [result.get("convert") for _, result in project.tasks.top.pairs("results")]
    for conversion in conversions:
        stage = conversion.get("stage") if conversion else None
        if conversion is None or stage is None:
            continue
        named = project.configuration.pipeline_by_id(conversion.text("pipeline"))
        pipeline = named or project.configuration.default_pipeline(RecordType.DEAL)
        if pipeline and pipeline.stage(stage.value) is None:
            yield _fault(stage, f'pipeline "{pipeline.id}" has', [known.id for known in pipeline.stages])


def _moves(project: Project) -> Iterator[Fault]:
    known = [stage.id for _, pipeline in project.compiled for stage in pipeline.stages]
    for _, result in project.tasks.top.pairs("results") if project.tasks else ():
        move = result.get("move")
        if move and move.value not in known:
            yield _fault(move, "the pipelines have", known)
