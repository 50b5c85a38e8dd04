"""`crmctl pipeline`."""

import click

from crmctl.cli.options import Command, Group
from crmctl.cli.session import Session
from crmctl.model.table import Column, Kind
from crmctl.workspace.pipelines import pipeline_object, stage_counts

_COLUMNS = (
    Column("pipeline", "Pipeline"),
    Column("title", "Title"),
    Column("record", "Record"),
    Column("stages", "Stages", Kind.COUNT),
    Column("records", "Records", Kind.COUNT),
)


@click.group("pipeline", cls=Group)
def command() -> None:
    """List, show or draw pipelines."""


@command.command(
    "list",
    cls=Command,
    examples="""
    crmctl pipeline list
    crmctl pipeline list -o json
    """,
)
@click.pass_obj
def list_pipelines(session: Session) -> None:
    """List the pipelines, with how many records are in each."""
    workspace = session.workspace
    counts = stage_counts(workspace)
    if session.output.format == "json":
        session.output.json([pipeline_object(each, counts) for each in workspace.configuration.pipelines])
        return
    rows = [
        {
            "id": each.id,
            "pipeline": each.id,
            "title": each.title,
            "record": each.record.value,
            "stages": len(each.stages),
            "records": sum(counts.get((each.id, stage.id), 0) for stage in each.stages),
        }
        for each in workspace.configuration.pipelines
    ]
    session.output.rows(_COLUMNS, rows)


@command.command(
    "show",
    cls=Command,
    examples="""
    crmctl pipeline show wholesale
    crmctl pipeline show Опт -o json
    """,
)
@click.argument("pipeline")
@click.pass_obj
def show(session: Session, pipeline: str) -> None:
    """Show a pipeline's stages, and what each requires."""
    found = session.workspace.configuration.pipeline(pipeline)
    if session.output.shows_every_field:
        session.output.json(pipeline_object(found, stage_counts(session.workspace)))
        return
    from crmctl.render.pipeline_graph import pipeline_text

    session.output.text(pipeline_text(found, session.output.style))


@command.command(
    "graph",
    cls=Command,
    formats=("table", "text", "mermaid", "dot"),
    examples="""
    crmctl pipeline graph wholesale
    crmctl pipeline graph wholesale -o mermaid
    crmctl pipeline graph wholesale -o dot | dot -Tsvg > wholesale.svg
    """,
)
@click.argument("pipeline")
@click.pass_obj
def graph(session: Session, pipeline: str) -> None:
    """Draw a pipeline as text, mermaid or dot."""
    from crmctl.render.graph import dot, mermaid
    from crmctl.render.pipeline_graph import pipeline_graph, pipeline_text

    found = session.workspace.configuration.pipeline(pipeline)
    draw = {"mermaid": mermaid, "dot": dot}.get(session.output.format)
    if draw:
        session.output.text(draw(pipeline_graph(found)))
    else:
        session.output.text(pipeline_text(found, session.output.style))
