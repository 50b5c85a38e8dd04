import json

import pytest


@pytest.fixture(autouse=True)
def closed(workspace, crm) -> None:
    """Give the workspace deals in two currencies, one of them lost."""
    for title, amount in (("Acme", "100"), ("Beta", "50"), ("Gamma", "10 USD")):
        crm("create", "deal", title, "--pipeline", "retail", "-s", f"amount={amount}")
    crm("move", "D-2", "lost", "--reason", "price")


def test_bars_stand_below_the_table_with_the_figures_beside_them(crm) -> None:
    out = crm("report", "winloss", "retail", "--chart").out
    table, _, bars = out.partition("\n\n")
    assert "Win rate" in table
    assert bars.splitlines()[:2] == ["Won   0", f"Lost  {'█' * 40} 1"]


def test_a_funnel_is_drawn_stage_by_stage(crm) -> None:
    out = crm("funnel", "retail", "--chart").out
    assert "\nCount:\n" in out
    assert f"{'█' * 40} 2" in out


def test_without_the_option_nothing_is_drawn(crm) -> None:
    assert "Count:" not in crm("funnel", "retail").out


@pytest.mark.parametrize("form", ["json", "csv", "yaml", "markdown", "ids"])
def test_other_formats_are_the_same_with_it(crm, form: str) -> None:
    for argv in (("report", "winloss"), ("funnel", "retail")):
        assert crm(*argv, "--chart", "-o", form, "--now", "2026-11-20") == crm(
            *argv, "-o", form, "--now", "2026-11-20"
        )


def test_json_has_no_word_of_charts(crm) -> None:
    told = json.loads(crm("report", "winloss", "--chart", "-o", "json").out)
    assert set(told) == {"report", "as_of", "filters", "columns", "rows", "totals", "notes"}
