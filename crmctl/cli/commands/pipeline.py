"""`crmctl pipeline`."""

import click

from crmctl.cli.emit_pipelines import emit_graph, emit_pipeline, emit_pipelines
from crmctl.cli.options import Command, Group
from crmctl.cli.session import Session


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
    emit_pipelines(session.output, session.workspace)


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
    emit_pipeline(session.output, found, session.workspace)


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
    emit_graph(session.output, session.workspace.configuration.pipeline(pipeline))
