"""Writing pipelines: a list of them, one whole, or one drawn."""

from collections.abc import Mapping

from crmctl.cli.output import Output
from crmctl.model.pipeline import Pipeline
from crmctl.model.table import Column, Kind
from crmctl.workspace.pipelines import stage_counts
from crmctl.workspace.workspace import Workspace

_COLUMNS = (
    Column("pipeline", "Pipeline"),
    Column("title", "Title"),
    Column("record", "Record"),
    Column("stages", "Stages", Kind.COUNT),
    Column("records", "Records", Kind.COUNT),
)


def emit_pipelines(output: Output, workspace: Workspace) -> None:
    """Write a line for each pipeline, or all of each as JSON."""
    from crmctl.render.pipeline_json import pipeline_object

    pipelines, counts = workspace.configuration.pipelines, stage_counts(workspace)
    if output.format == "json":
        output.json([pipeline_object(each, counts) for each in pipelines])
    else:
        output.rows(_COLUMNS, [_row(each, counts) for each in pipelines])


def emit_pipeline(output: Output, pipeline: Pipeline, workspace: Workspace) -> None:
    """Write a pipeline whole: as text for people, else as JSON."""
    from crmctl.render.pipeline_graph import pipeline_text
    from crmctl.render.pipeline_json import pipeline_object

    if output.shows_every_field:
        output.json(pipeline_object(pipeline, stage_counts(workspace)))
    else:
        output.text(pipeline_text(pipeline, output.style))


def emit_graph(output: Output, pipeline: Pipeline) -> None:
    """Draw a pipeline in the format asked for, as text where none is."""
    from crmctl.render.graph import dot, mermaid
    from crmctl.render.pipeline_graph import pipeline_graph, pipeline_text

    draw = {"mermaid": mermaid, "dot": dot}.get(output.format)
    output.text(draw(pipeline_graph(pipeline)) if draw else pipeline_text(pipeline, output.style))


def _row(pipeline: Pipeline, counts: Mapping[tuple[str, str], int]) -> dict[str, object]:
    return {
        "id": pipeline.id,
        "pipeline": pipeline.id,
        "title": pipeline.title,
        "record": pipeline.record.value,
        "stages": len(pipeline.stages),
        "records": sum(counts.get((pipeline.id, stage.id), 0) for stage in pipeline.stages),
    }
