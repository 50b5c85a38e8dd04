"""Each standard report has a page that defines every column under the key that programs read."""

from pathlib import Path

import pytest

from crmctl.reports.standard import report_names, standard_report
from crmctl.reports.why import Why

DOCS = Path(__file__).parent.parent.parent / "docs"


@pytest.mark.parametrize("name", report_names())
def test_the_page_of_a_report_defines_its_columns_and_options(name: str) -> None:
    page = (DOCS / "reports" / f"{name}.md").read_text("utf-8")
    definition = standard_report(name).REPORT
    assert [
        column.name for column in (*definition.columns, *definition.further) if f"`{column.name}`" not in page
    ] == []
    assert [option.typed for option in definition.options if option.typed not in page] == []
    assert definition.question in page


def test_the_page_of_reports_leads_to_each() -> None:
    page = (DOCS / "reports.md").read_text("utf-8")
    assert [name for name in report_names() if f"(reports/{name}.md)" not in page] == []
    assert {path.stem for path in (DOCS / "reports").glob("*.md")} == set(report_names())


@pytest.mark.parametrize("name", report_names())
def test_every_figure_has_a_meaning_that_can_be_asked_for(name: str) -> None:
    definition = standard_report(name).REPORT
    columns = {column.name for column in (*definition.columns, *definition.further)}
    assert definition.meanings.keys() <= columns
    assert not definition.chart or set(definition.chart.split(",")) <= columns


def test_every_reason_not_to_count_records_is_described() -> None:
    page = (DOCS / "reports.md").read_text("utf-8")
    assert [why.value for why in Why if f"`{why.value}`" not in page] == []
