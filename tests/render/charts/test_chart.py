from crmctl.model.table import Block, Column, Kind
from crmctl.render.charts.chart import MOST_LABELS, MOST_SERIES, Chart, Series, charts_of, compared

SOURCE = Column("source", "Source")
LEADS = Column("leads", "Leads", Kind.COUNT)
WON = Column("won", "Won", Kind.COUNT)
LOST = Column("lost", "Lost", Kind.COUNT)
RATE = Column("romi", "ROMI", Kind.SHARE)
REVENUE = Column("revenue", "Revenue", Kind.AMOUNT)
ROWS = [
    {"source": "Сайт", "leads": 4, "romi": 0.25, "revenue": {"UAH": "10.00", "EUR": "5.50"}},
    {"source": None, "leads": 0, "romi": -0.5, "revenue": {}},
    {"source": "Fair", "leads": 1, "romi": None, "revenue": {"UAH": "0.10"}},
]


def block(*columns: Column, rows: list = ROWS, chart: str = "", sums: int = 0) -> Block:
    return Block("Sources", columns, rows, chart=chart, sums=sums)


def only(found: list[Chart]) -> Chart:
    (chart,) = found
    return chart


def test_the_column_that_the_table_names_is_drawn() -> None:
    chart = only(charts_of(block(SOURCE, LEADS, RATE, chart="romi")))
    assert chart.labels == ("Сайт", "(none)", "Fair")
    assert chart.series == (Series("ROMI", (25.0, -50.0, None), ("25.0%", "-50.0%", "n/a")),)
    assert chart.measured == "ROMI, %"


def test_where_none_is_named_counts_come_before_other_figures() -> None:
    assert only(charts_of(block(SOURCE, RATE, LEADS))).measured == "Leads"


def test_each_currency_is_a_chart_of_its_own() -> None:
    euro, hryvnia = charts_of(block(SOURCE, REVENUE, chart="revenue"))
    assert (euro.measured, euro.series[0].texts) == ("Revenue, EUR", ("5.50 EUR", "0", "0"))
    assert (hryvnia.measured, hryvnia.series[0].values) == ("Revenue, UAH", (10.0, 0.0, 0.1))


def test_columns_of_one_kind_are_drawn_beside_one_another() -> None:
    rows = [{"source": "Fair", "won": 1, "lost": 2, "romi": 1.0}]
    chart = only(charts_of(block(SOURCE, WON, LOST, RATE, rows=rows)))
    assert [each.name for each in chart.series] == ["Won", "Lost"]


def test_a_row_without_a_name_is_compared_by_its_columns() -> None:
    chart = only(charts_of(block(WON, LOST, RATE, rows=[{"won": 3, "lost": 1, "romi": 0.5}], chart="won")))
    assert (chart.labels, chart.series[0].values) == (("Won", "Lost"), (3.0, 1.0))
    assert [chart.tone(at) for at in range(2)] == ["won", "lost"]


def test_a_sum_is_not_compared_with_sums_of_something_else() -> None:
    price = Column("average_won", "Average", Kind.AMOUNT)
    rows = [{"revenue": {"UAH": "9.00"}, "average_won": {"UAH": "3.00"}}]
    chart = only(charts_of(block(price, REVENUE, rows=rows, chart="revenue")))
    assert (chart.labels, chart.measured) == (("Revenue",), "Revenue, UAH")


def test_a_table_without_the_column_that_is_drawn_is_drawn_by_its_first_figure() -> None:
    rows = [{"source": "Fair", "won": 1, "lost": 2}]
    assert only(charts_of(block(SOURCE, WON, LOST, rows=rows, chart="revenue"))).measured == "Won"


def test_records_are_named_by_id_and_title() -> None:
    columns = (Column("id", "Id"), Column("title", "Title"), Column("stage", "Stage"), LEADS)
    rows = [{"id": "D-1", "title": "Acme", "stage": "order", "leads": 1}]
    assert only(charts_of(block(*columns, rows=rows))).labels == ("D-1, Acme",)


def test_nothing_is_drawn_of_zeros_of_no_figures_and_of_no_rows() -> None:
    assert charts_of(block(SOURCE, LEADS, rows=[{"source": "Fair", "leads": 0}])) == []
    assert charts_of(block(SOURCE, RATE, rows=[{"source": "Fair", "romi": None}])) == []
    assert charts_of(block(SOURCE, rows=ROWS)) == []
    assert charts_of(block(SOURCE, LEADS, rows=[])) == []


def test_rows_that_sum_others_up_are_not_drawn() -> None:
    assert only(charts_of(block(SOURCE, LEADS, sums=1))).labels == ("Сайт", "(none)")


def test_what_is_too_much_for_a_chart_is_left_to_the_table_and_told() -> None:
    many = [{"source": f"S{at}", "leads": at} for at in range(MOST_LABELS + 2)]
    assert only(charts_of(block(SOURCE, LEADS, rows=many))).left_out == "2 more rows in the table"
    wide = [Column(f"n{at}", f"N{at}", Kind.COUNT) for at in range(MOST_SERIES + 1)]
    chart = only(charts_of(block(SOURCE, *wide, rows=[{"source": "x", **{each.name: 1 for each in wide}}])))
    assert (len(chart.series), chart.left_out) == (MOST_SERIES, "1 more column in the table")


def test_rows_without_names_are_compared_by_what_they_are_of() -> None:
    def of(about: str, won: int) -> Block:
        return Block(
            f"{about}, winloss", (WON, LOST), [{"won": won, "lost": 1}], chart="won,lost", about=about
        )

    together = compared([of("Опт", 3), of("Розница", 0)])
    assert together
    chart = only(charts_of(together))
    assert (chart.labels, [each.name for each in chart.series]) == (("Опт", "Розница"), ["Won", "Lost"])
    assert compared([of("Опт", 3)]) is None
    assert compared([block(SOURCE, LEADS), block(SOURCE, LEADS)]) is None
