"""Dashboards as pages."""

from crmctl.model.dashboard import Answer, Dashboard
from crmctl.model.table import Block, Column, Kind, Report, Row
from crmctl.render.dashboard_page import dashboard_page

LISTED = (Column("id", "ID"), Column("title", "Title"))
COUNTED = (Column("stage", "Stage"), Column("count", "Count", Kind.COUNT))


def page(*blocks: Block) -> str:
    made = Report("diff", "2026-11-21T08:00:00+00:00", {}, blocks, {}, question="What moved?")
    answers = [Answer("diff", made.question, [made])]
    return dashboard_page(Dashboard("Shop", made.as_of, {"pipeline": "sales,repairs"}, answers))


def test_of_long_lists_of_records_a_page_has_the_first_and_tells_of_the_others() -> None:
    rows: list[Row] = [{"id": f"D-{number}", "title": ""} for number in range(1, 24)]
    made = page(Block("Moved", LISTED, rows), Block("Other", LISTED, rows[:3]))
    assert made.count("D-20<") == 1
    assert "D-21" not in made
    assert "<li>3 more rows of records: crmctl diff lists them</li>" in made


def test_figures_are_never_shortened() -> None:
    rows: list[Row] = [{"stage": f"s{number}", "count": 1} for number in range(1, 24)]
    assert "s23" in page(Block("By stage", COUNTED, rows))


def test_a_pipeline_of_which_nothing_is_counted_is_named_once() -> None:
    nothing: list[Row] = [{"stage": "new", "count": 0}]
    empty = [Block(f"Repairs, {name}", COUNTED, nothing, about="Repairs") for name in ("open", "lost")]
    made = page(Block("Sales", COUNTED, [{"stage": "new", "count": 2}]), *empty)
    assert "<li>nothing to count in: Repairs</li>" in made
    assert "<h3>Sales</h3>" in made


def test_what_all_were_asked_stands_once_above_them() -> None:
    made = page()
    assert "<dt>Pipelines</dt><dd>sales, repairs</dd>" in made
    assert "<dt>As of</dt><dd>2026-11-21 08:00 +00:00</dd>" in made
