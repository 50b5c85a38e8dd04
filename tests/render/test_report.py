import csv
import io
import json

import pytest
import yaml

from crmctl.errors import WrongUse
from crmctl.model.table import Block, Column, Kind, Report
from crmctl.render.colour import PLAIN, Style
from crmctl.render.formats import as_is, output_format
from crmctl.render.width import display_width

COLUMNS = (
    Column("title", "Stage"),
    Column("bar", "", Kind.BAR),
    Column("count", "Count", Kind.COUNT),
    Column("share", "Share", Kind.SHARE),
    Column("amount", "Amount", Kind.AMOUNT),
)
ROWS = [
    {
        "stage": "new",
        "title": "Новая",
        "outcome": "open",
        "count": 4,
        "share": 2 / 3,
        "amount": {"UAH": "1200.50"},
    },
    {
        "stage": "won",
        "title": "Успех",
        "outcome": "won",
        "count": 2,
        "share": 1 / 3,
        "amount": {"UAH": "1.00", "EUR": "5.00"},
    },
]
TOTAL = {"title": "all", "count": 6, "share": 1.0, "amount": {"UAH": "1201.50", "EUR": "5.00"}}
LOST = Block(
    "Lost",
    (Column("reason", "Reason"), Column("count", "Count", Kind.COUNT)),
    [{"reason": "price", "count": 1}],
    "lost",
)
FUNNEL = Report(
    "funnel",
    "2026-11-21T18:00:00+02:00",
    {"pipeline": "wholesale"},
    (Block("Опт: snapshot", COLUMNS, ROWS, total=TOTAL), LOST),
    {"count": 6},
    ("1 deal moved back",),
    {"mode": "snapshot"},
)


def report(name, given=FUNNEL, style=PLAIN):
    return output_format(name).report(given, style, as_is)


def test_a_report_is_headings_tables_bars_and_notes():
    assert report("table", style=Style(width=60)).splitlines() == [
        "Опт: snapshot",
        "Stage                             Count   Share       Amount",
        "-----  -------------------------  -----  ------  -----------",
        "Новая  █████████████████████████      4   66.7%  1200.50 UAH",
        "Успех  ████████████▌                  2   33.3%     1.00 UAH",
        "                                                    5.00 EUR",
        "-----  -------------------------  -----  ------  -----------",
        "all                                   6  100.0%  1201.50 UAH",
        "                                                    5.00 EUR",
        "",
        "Lost",
        "Reason  Count",
        "------  -----",
        "price       1",
        "",
        "note: 1 deal moved back",
    ]


@pytest.mark.parametrize("width", [20, 30, 40, 50, 60, 80, 100, 200])
def test_a_report_fits_the_terminal(width):
    assert max(map(display_width, report("table", style=Style(width=width)).splitlines())) <= width


def test_bars_give_way_to_figures():
    text = report("table", style=Style(width=38))
    assert "█" not in text
    assert "1200.50 UAH" in text


def test_a_dumb_terminal_gets_bars_of_number_signs():
    text = report("table", style=Style(unicode=False))
    assert "#" * 32 in text
    assert text.replace("Опт", "").replace("Новая", "").replace("Успех", "").isascii()


def test_coloured_bars_do_not_move_the_columns():
    plain, coloured = report("table"), report("table", style=Style(colour=True))
    for code in ("1", "2", "31", "32", "36", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured == plain


def test_a_block_without_rows_says_so():
    empty = Report("x", "", {}, (Block("Lost", LOST.columns, []),), {})
    assert report("table", empty) == "Lost\n(none)\n"


def test_a_json_report_has_its_keys_and_unrounded_figures():
    assert json.loads(report("json")) == {
        "report": "funnel",
        "as_of": "2026-11-21T18:00:00+02:00",
        "filters": {"pipeline": "wholesale"},
        "columns": ["stage", "title", "outcome", "count", "share", "amount"],
        "rows": ROWS,
        "lost": LOST.rows,
        "totals": {"count": 6},
        "notes": ["1 deal moved back"],
        "mode": "snapshot",
    }


def test_rows_of_several_blocks_are_put_together():
    blocks = (Block("A", COLUMNS, ROWS[:1]), Block("B", COLUMNS, ROWS[1:]))
    assert json.loads(report("json", Report("x", "", {}, blocks, {})))["rows"] == ROWS
    assert report("csv", Report("x", "", {}, blocks, {})).count("title") == 1


def test_a_report_without_blocks_still_has_rows():
    assert json.loads(report("json", Report("x", "", {}, (), {})))["rows"] == []


def test_a_report_without_rows_still_names_its_columns():
    empty = Report("x", "", {}, (Block("", COLUMNS, []),), {})
    assert json.loads(report("json", empty))["columns"] == ["title", "count", "share", "amount"]
    assert report("csv", empty) == "title,count,share,amount\n"


def test_a_table_for_people_alone_is_in_no_data_format():
    side = Report("x", "", {}, (Block("", COLUMNS, ROWS), Block("By source", COLUMNS, ROWS, key="")), {})
    assert "By source" in report("table", side)
    assert "By source" in report("html", side)
    assert len(json.loads(report("json", side))["rows"]) == 2
    assert "" not in json.loads(report("json", side))
    assert len(report("jsonl", side).splitlines()) == 2
    assert len(report("csv", side).splitlines()) == 3


@pytest.mark.parametrize("name", ["table", "markdown", "html"])
def test_people_are_shown_the_rows_as_people_read_them_and_programs_are_not(name):
    told = [{**row, "title": f"<{row['title']}>"} for row in ROWS]
    made = Report("x", "", {}, (Block("", COLUMNS, ROWS, told=told),), {})
    assert report(name, made) == report(name, Report("x", "", {}, (Block("", COLUMNS, told),), {}))
    assert json.loads(report("json", made))["rows"] == ROWS


def test_rows_for_programs_alone_are_in_no_format_for_people():
    hidden = Report("x", "", {}, (Block("Whole", COLUMNS, ROWS, shown=False),), {})
    assert report("table", hidden) == ""
    assert "Whole" not in report("markdown", hidden) + report("html", hidden)
    assert json.loads(report("json", hidden))["rows"] == ROWS


def test_yaml_holds_the_same_document_as_json():
    assert yaml.safe_load(report("yaml")) == json.loads(report("json"))


def test_json_lines_are_the_rows():
    assert [json.loads(line) for line in report("jsonl").splitlines()] == [*ROWS, *LOST.rows]


def test_csv_has_a_column_for_each_currency_and_unrounded_shares():
    rows = list(csv.DictReader(io.StringIO(report("csv").split("\n\n")[0])))
    assert rows[1]["amount UAH"] == "1.00"
    assert rows[1]["amount EUR"] == "5.00"
    assert float(rows[0]["share"]) == 2 / 3


def test_csv_guards_text_and_leaves_figures():
    given = Report(
        "x", "", {}, (Block("", (), [{"source": "=x", "romi": -0.5, "amount": {"UAH": "-1.00"}}]),), {}
    )
    text = output_format("csv").report(given, PLAIN, lambda cell: "'" + cell)
    assert text.splitlines()[1] == "'=x,-0.5,-1.00"


def test_markdown_has_a_table_a_block_without_bars():
    assert "| Stage | Count | Share | Amount |\n| --- | ---: | ---: | ---: |\n" in report("markdown")


def test_html_draws_bars_to_scale():
    text = report("html")
    assert 'style="width:12.00rem"' in text
    assert 'style="width:6.00rem"' in text


def test_bars_of_a_page_have_the_colours_of_outcomes():
    rows = [{**ROWS[0], "outcome": "won"}, {**ROWS[1], "outcome": "open"}]
    text = report("html", Report("x", "", {}, (Block("", COLUMNS, rows),), {}))
    assert text.count('<span class="bar won"') == 1
    assert text.count('<span class="bar"') == 1


def test_ids_of_a_report_over_records_are_its_rows():
    aging = Report("aging", "", {}, (Block("", (), [{"id": "D-1"}, {"id": "D-2"}]),), {})
    assert report("ids", aging) == "D-1\nD-2\n"


def test_ids_of_other_reports_are_refused():
    with pytest.raises(WrongUse, match='the rows of report "funnel" are not records'):
        report("ids")


def test_control_characters_in_a_report_are_shown():
    given = Report(
        "x", "", {}, (Block("\x1b[1m", LOST.columns, [{"reason": "\x07", "count": 1}]),), {}, ("\x9b",)
    )
    text = report("table", given)
    assert "^[[1m" in text
    assert "^G" in text
    assert "note: \\u009b" in text
