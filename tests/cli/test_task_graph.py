"""The chain of tasks drawn, and its templates listed."""

import json
from pathlib import Path


def test_the_chain_is_drawn_as_lines_with_where_each_result_leads(workspace: Path, crm) -> None:
    ran = crm("tasks", "graph")
    assert ran.code == 0
    assert (
        "Проверить доставку (track_parcel)  client  due +2d\n  Ещё в пути (on_its_way) -> track_parcel due +1d"
        in ran.out
    )
    assert "Заказал (ordered) -> sale" in ran.out


def test_the_chain_is_drawn_for_mermaid_and_graphviz_with_the_stages_that_begin_it(
    workspace: Path, crm
) -> None:
    mermaid = crm("tasks", "graph", "-o", "mermaid").out
    assert mermaid.startswith("---\ntitle: 'Торговый дом'\n---\nflowchart TD\n")
    assert '{{"refusal"}}' in mermaid
    dot = crm("tasks", "graph", "-o", "dot").out
    assert '"send_offer" -> "call" [label="Прайс-лист отправлен"];' in dot
    assert '"stage:retail/shipping" -> "track_parcel" [style=dashed];' in dot


def test_templates_are_listed_with_their_results(workspace: Path, crm) -> None:
    found = {each["id"]: each for each in json.loads(crm("tasks", "templates", "-o", "json").out)}
    assert found["send_offer"]["results"] == ["offer_sent", "refused"]
    assert found["group_call"]["results"] == ["interested", "call_back", "ordered", "refused"]
    assert found["internal"]["results"] == ["done"]


def test_a_chain_without_an_end_stops_what_has_to_do_with_tasks(workspace: Path, crm) -> None:
    text = "version: 1\ntemplates: {call: {type: call, results: [again]}}\nresults: {again: {next: call}}\n"
    (workspace / "tasks.yaml").write_text(text, "utf-8")
    assert crm("tasks", "graph").code == 3
    assert 'tasks from "call" never come to an end' in crm("validate", "-o", "parsable").out
