"""The chain of tasks drawn: templates, the results that lead from one to the next, and its ends."""

from collections.abc import Iterator

from crmctl.activities.chain import offered, target
from crmctl.model.pipeline import Pipeline
from crmctl.model.tasks import Result, TaskBook, Template
from crmctl.render.colour import PLAIN, Style
from crmctl.render.graph import Edge, Graph, Node
from crmctl.text import visible

_KINDS = {"sale": "won", "refusal": "lost", "": "open"}
_STOP = "nothing follows"
_GONE = "no such template"


def task_graph(book: TaskBook, pipelines: tuple[Pipeline, ...], name: str) -> Graph:
    """Return the chain as a graph. Stages that create tasks are part of it, by dashed arrows."""
    nodes = [Node(each.id, (_called(each.title, each.id), each.type)) for each in book.templates]
    edges = [edge for template in book.templates for edge in _edges(template, book)]
    entries = list(_entries(pipelines))
    ends = dict.fromkeys(edge.target for edge in edges if edge.target.startswith("end:"))
    nodes += [Node(each, (each[4:] or _STOP,), _KINDS[each[4:]]) for each in ends]
    nodes += [node for node, _ in entries]
    known = {each.id for each in book.templates}
    nodes += [
        Node(edge.target, (f"{edge.target}: {_GONE}",)) for _, edge in entries if edge.target not in known
    ]
    return Graph(
        name, tuple({node.id: node for node in nodes}.values()), (*edges, *(edge for _, edge in entries))
    )


def task_text(book: TaskBook, style: Style = PLAIN) -> str:
    """Return the chain as lines: a template each, with where its results lead."""
    return "\n".join("".join(f"{line}\n" for line in _lines(each, book, style)) for each in book.templates)


def _lines(template: Template, book: TaskBook, style: Style) -> Iterator[str]:
    facts = [template.type, f"due {template.due}" if template.due else ""]
    head = style.bold(visible(_called(template.title, template.id)))
    yield "  ".join(part for part in (head, *facts) if part)
    for result in offered(template, book):
        yield visible(f"  {_called(result.title, result.id)} -> {', '.join(_leads(result, template))}")


def _leads(result: Result, template: Template) -> Iterator[str]:
    """Yield what follows from a result: where the record goes, the next task or the end."""
    if result.move:
        yield f"moves to {result.move}"
    if result.convert:
        to = result.convert.get("to", ())
        yield f"becomes {', '.join(map(str, to)) if isinstance(to, list) else to}"
    step = result.next
    if step:
        yield f"{target(result, template)}{f' due {step.due}' if step.due else ''}"
    else:
        yield result.ends or _STOP


def _edges(template: Template, book: TaskBook) -> Iterator[Edge]:
    """Yield the arrows from a template, one to each target with the results that lead there."""
    labels: dict[str, list[str]] = {}
    for result in offered(template, book):
        goal = target(result, template) or f"end:{result.ends}"
        moved = f" ({result.move})" if result.move else ""
        labels.setdefault(goal, []).append(f"{result.title or result.id}{moved}")
    yield from (Edge(template.id, goal, tuple(lines)) for goal, lines in labels.items())


def _entries(pipelines: tuple[Pipeline, ...]) -> Iterator[tuple[Node, Edge]]:
    """Yield the stages whose actions create tasks, with the arrows to these."""
    for pipeline in pipelines:
        for stage in pipeline.stages:
            for action in (*stage.on_enter, *stage.on_leave):
                if action.kind == "task":
                    node = Node(f"stage:{pipeline.id}/{stage.id}", (stage.title, pipeline.title))
                    yield node, Edge(node.id, str(action.arguments["task"]), side=True)


def _called(title: str, name: str) -> str:
    return name if title in ("", name) else f"{title} ({name})"
