"""Graphs as Mermaid and Graphviz text. What is drawn comes from elsewhere."""

import re

import msgspec

from crmctl.text import visible

_SHAPES = {"open": ('["', '"]'), "won": ('(["', '"])'), "lost": ('{{"', '"}}')}
_DOT_SHAPES = {"open": "box", "won": "ellipse", "lost": "octagon"}
_ENTITIES = {
    "&": "#amp;",
    "#": "#35;",
    '"': "#quot;",
    "<": "#lt;",
    ">": "#gt;",
    "`": "#96;",
    "*": "#42;",
    "\\": "#92;",
}

# Labels are Markdown, where "1. New" is a list: https://github.com/mermaid-js/mermaid/issues/6111
_LIST = re.compile(r"(\d*)([.)+-])(?=\s)")


class Node(msgspec.Struct, frozen=True):
    """A box with lines of text; `kind` is `open`, `won` or `lost` and decides its shape."""

    id: str
    lines: tuple[str, ...]
    kind: str = "open"


class Edge(msgspec.Struct, frozen=True):
    """An arrow between nodes, by their ids; a `side` arrow is no part of the main way and is dashed."""

    source: str
    target: str
    lines: tuple[str, ...] = ()
    side: bool = False


class Graph(msgspec.Struct, frozen=True):
    """Nodes in their order, and the arrows between them."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def mermaid(graph: Graph) -> str:
    """Return a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html)."""
    names = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = ["---", f"title: {_yaml_quoted(graph.title)}", "---", "flowchart TD"]
    for node in graph.nodes:
        opening, closing = _SHAPES[node.kind]
        lines.append(f"  {names[node.id]}{opening}{_mermaid_label(node.lines)}{closing}")
    for edge in graph.edges:
        arrow = "-.->" if edge.side else "-->"
        label = f'|"{_mermaid_label(edge.lines)}"|' if edge.lines else ""
        lines.append(f"  {names[edge.source]} {arrow}{label} {names[edge.target]}")
    return "\n".join(lines) + "\n"


def dot(graph: Graph) -> str:
    """Return a Graphviz digraph (https://graphviz.org/doc/info/lang.html)."""
    lines = [f"digraph {_dot_quoted(graph.title)} {{", "  node [shape=box];"]
    lines += [
        f"  {_dot_quoted(node.id)} [label={_dot_quoted(*node.lines)}, shape={_DOT_SHAPES[node.kind]}];"
        for node in graph.nodes
    ]
    for edge in graph.edges:
        given = [f"label={_dot_quoted(*edge.lines)}"] if edge.lines else []
        given += ["style=dashed"] if edge.side else []
        attributes = f" [{', '.join(given)}]" if given else ""
        lines.append(f"  {_dot_quoted(edge.source)} -> {_dot_quoted(edge.target)}{attributes};")
    return "\n".join([*lines, "}"]) + "\n"


def _mermaid_label(lines: tuple[str, ...]) -> str:
    return "<br/>".join(map(_mermaid_line, lines))


def _mermaid_line(line: str) -> str:
    shown = visible(line).strip()
    escaped = "".join(_ENTITIES.get(char, char) for char in shown)
    if match := _LIST.match(shown):
        return f"{match[1]}#{ord(match[2])};{escaped[match.end() :]}"
    return escaped


def _yaml_quoted(text: str) -> str:
    return "'" + visible(text).replace("'", "''") + "'"


def _dot_quoted(*lines: str) -> str:
    escaped = (visible(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'
