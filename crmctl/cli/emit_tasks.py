"""Writing the templates of tasks, and the chain of them."""

from crmctl.activities.chain import offered
from crmctl.cli.output import Output
from crmctl.model.table import Column
from crmctl.model.tasks import TaskBook, Template
from crmctl.workspace.workspace import Workspace

_COLUMNS = (
    Column("id", "Template"),
    Column("title", "Title"),
    Column("type", "Type"),
    Column("category", "Category"),
    Column("due", "Due"),
    Column("results", "Results"),
)


def emit_templates(output: Output, book: TaskBook) -> None:
    """Write a line for each template."""
    output.rows(_COLUMNS, [_row(each, book) for each in book.templates])
    if not book.templates and not output.format:
        output.status("there are no templates: add them to tasks.yaml")
    elif not output.format and output.style.width:
        output.status("their results one by one: crmctl tasks graph")


def emit_task_graph(output: Output, workspace: Workspace) -> None:
    """Draw the chain in the format asked for, as text where none is."""
    from crmctl.render.graph import dot, mermaid
    from crmctl.render.task_graph import task_graph, task_text

    found = workspace.configuration
    book = found.tasks_book()
    draw = {"mermaid": mermaid, "dot": dot}.get(output.format)
    graph = task_graph(book, found.pipelines, found.name)
    output.text(draw(graph) if draw else task_text(book, output.style))


def _row(template: Template, book: TaskBook) -> dict[str, object]:
    row = {
        "id": template.id,
        "title": template.title,
        "type": template.type,
        "category": template.category,
        "due": template.due,
        "results": [result.id for result in offered(template, book)],
    }
    return {name: value for name, value in row.items() if value}
