"""`crmctl tasks`."""

import click

from crmctl.cli.emit_tasks import emit_task_graph, emit_templates
from crmctl.cli.options import Command, Group
from crmctl.cli.session import Session


@click.group("tasks", cls=Group)
def command() -> None:
    """List the templates of tasks, or draw the chain from one to the next."""


@command.command(
    "templates",
    cls=Command,
    examples="""
    crmctl tasks templates
    crmctl tasks templates -o json
    """,
)
@click.pass_obj
def templates(session: Session) -> None:
    """List the templates, with the results that their tasks can end with."""
    emit_templates(session.output, session.workspace.configuration.tasks_book())


@command.command(
    "graph",
    cls=Command,
    formats=("table", "text", "mermaid", "dot"),
    examples="""
    crmctl tasks graph
    crmctl tasks graph -o mermaid
    crmctl tasks graph -o dot | dot -Tsvg > tasks.svg
    """,
)
@click.pass_obj
def graph(session: Session) -> None:
    """Draw the chain of tasks as text, mermaid or dot."""
    emit_task_graph(session.output, session.workspace)
