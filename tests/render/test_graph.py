from datetime import timedelta

from crmctl.model.pipeline import Outcome, Pipeline, Requirement, Stage
from crmctl.model.records import RecordType
from crmctl.render.colour import Style
from crmctl.render.graph import Edge, Graph, Node, dot, mermaid
from crmctl.render.pipeline_graph import pipeline_graph, pipeline_text

WHOLESALE = Pipeline(
    "wholesale",
    "Опт",
    RecordType.DEAL,
    (
        Stage(
            "new",
            "Новая",
            probability=10,
            max_age=timedelta(days=2),
            require_to_leave=(Requirement("phone"),),
        ),
        Stage(
            "order", "Заказ", require=(Requirement("amount"), Requirement("address", "delivery = courier"))
        ),
        Stage("won", "Успех", Outcome.WON),
        Stage("lost", "Провал", Outcome.LOST, require=(Requirement("lost_reason"),)),
    ),
)


def arrows(pipeline):
    return [(edge.source, edge.target) for edge in pipeline_graph(pipeline).edges]


def test_arrows_lead_through_the_open_stages_to_won_and_from_each_to_lost():
    assert arrows(WHOLESALE) == [("new", "order"), ("new", "lost"), ("order", "won"), ("order", "lost")]


def test_a_stage_that_names_what_follows_has_those_arrows_alone():
    stages = (Stage("a", "A", next=("won",)), Stage("b", "B"), *WHOLESALE.stages[2:])
    assert arrows(Pipeline("p", "P", RecordType.DEAL, stages))[0] == ("a", "won")
    assert ("a", "b") not in arrows(Pipeline("p", "P", RecordType.DEAL, stages))


def test_arrows_carry_what_is_required():
    edges = {(edge.source, edge.target): edge for edge in pipeline_graph(WHOLESALE).edges}
    assert edges["new", "order"].lines == ("phone", "amount", "address when delivery = courier")
    assert edges["new", "lost"].lines == ("lost_reason",)
    assert edges["new", "lost"].side


def test_text_lists_stages_gates_and_outcomes():
    assert pipeline_text(WHOLESALE).splitlines() == [
        "Опт (wholesale)",
        "deal pipeline; stages may be skipped, records may go back",
        "",
        "○ Новая (new)  10%  at most 2d",
        "│   to leave, requires phone",
        "○ Заказ (order)",
        "│   requires amount, address when delivery = courier",
        "● Успех (won)  won",
        "× Провал (lost)  lost",
        "│   requires lost_reason",
    ]


def test_text_for_a_dumb_terminal_draws_in_ascii():
    text = pipeline_text(WHOLESALE, Style(unicode=False))
    assert not set(text) & set("○●×│")


def test_mermaid_has_a_node_a_stage_and_labelled_arrows():
    assert mermaid(pipeline_graph(WHOLESALE)).splitlines() == [
        "---",
        "title: 'Опт (wholesale)'",
        "---",
        "flowchart TD",
        '  n0["Новая (new)<br/>10%<br/>at most 2d"]',
        '  n1["Заказ (order)"]',
        '  n2(["Успех (won)<br/>won"])',
        '  n3{{"Провал (lost)<br/>lost"}}',
        '  n0 -->|"phone<br/>amount<br/>address when delivery = courier"| n1',
        '  n0 -.->|"lost_reason"| n3',
        "  n1 --> n2",
        '  n1 -.->|"lost_reason"| n3',
    ]


def test_mermaid_labels_cannot_end_early_or_become_markup():
    graph = Graph("it's", (Node("a", ('"] --> x <b>#1 `c` *i*',)), Node("end", ("1. Новая",))), ())
    text = mermaid(graph)
    assert "title: 'it''s'" in text
    assert 'n0["#quot;] --#gt; x #lt;b#gt;#35;1 #96;c#96; #42;i#42;"]' in text
    assert 'n1["1#46; Новая"]' in text


def test_dot_quotes_names_and_labels():
    graph = Graph(
        'a"b', (Node("x", ('say "hi"', "back\\slash"), "lost"),), (Edge("x", "x", ("a",), side=True),)
    )
    assert dot(graph) == (
        'digraph "a\\"b" {\n'
        "  node [shape=box];\n"
        '  "x" [label="say \\"hi\\"\\nback\\\\slash", shape=octagon];\n'
        '  "x" -> "x" [label="a", style=dashed];\n'
        "}\n"
    )


def test_control_characters_in_titles_are_shown():
    stages = (Stage("a", "\x1b[1mA\nB"), *WHOLESALE.stages[2:])
    pipeline = Pipeline("p", "\x9b", RecordType.DEAL, stages)
    for text in (pipeline_text(pipeline), mermaid(pipeline_graph(pipeline)), dot(pipeline_graph(pipeline))):
        assert not set(text) & set("\x1b\x9b")
        assert "^[[1mA B" in text
