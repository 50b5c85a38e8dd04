"""Tables of HTML, which some systems call Excel."""

from collections.abc import Callable
from typing import Any

import pytest

from crmctl.errors import Refused

ROWS = "<tr><td>title</td><td>phone</td></tr>\n<tr><td>Дуб</td><td>+380441234567</td></tr>"
TABLE = f"<table>{ROWS}</table>"
OFFICE = (
    '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>'
    '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
    "<style>td {content: '<table><tr><td>no'}</style><!--[if gte mso 9]><xml></xml><![endif]--></head>"
    f"<body>{TABLE}</body></html>"
)


@pytest.fixture
def rows(opened: Callable[..., Any]) -> Callable[..., list[list[str]]]:
    """Return header and rows of a file with this content."""

    def rows(content: str | bytes, name: str = "deals.xls", **options: object) -> list[list[str]]:
        table = opened(content, name=name, **options)
        assert table.format == "html"
        return [list(table.header), *(row.cells for row in table.rows)]

    return rows


@pytest.mark.parametrize("name", ["deals.xls", "deals.csv", "deals.html", "deals.xlsx", "deals"])
@pytest.mark.parametrize(
    "content",
    [
        TABLE,
        OFFICE,
        f"<!DOCTYPE html>\n{OFFICE}",
        f"\ufeff\n<!-- made by hand -->\n<!-- > -->{TABLE}",
        f'<?xml version="1.0"?>\n<html>{TABLE}',
        TABLE.upper().replace("TITLE", "title").replace("PHONE", "phone").replace("ДУБ", "Дуб"),
        TABLE.replace("</td>", "").replace("</tr>", ""),
        f"<table><thead>{ROWS}</table><p>",
        ROWS.join(["<meta charset='utf-8'><table>", ""]),
    ],
)
def test_a_table_is_known_by_its_content_whatever_its_name(rows, name: str, content: str) -> None:
    assert rows(content, name) == [["title", "phone"], ["Дуб", "+380441234567"]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("a &amp; b &lt;c&gt; &quot;d&quot; &#1046;", 'a & b <c> "d" Ж'),
        (" a \n  b ", "a b"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>a</p> <p>b</p>c", "a\nb\nc"),
        ("a&#10;b", "a\nb"),
        ("<b>a</b><i>b</i>", "ab"),
        ("<a title='x > y' href=\"#\">a</a>", "a"),
        ("a<!-- <td>no</td> -->b", "ab"),
        ("<script>if (a<b) '<td>'</script>a", "a"),
        ("1&nbsp;000", "1\u00a0000"),
        ("a < b", "a < b"),
        ("<table><tr><td>in</td><td>ner</td></tr></table>", "in ner"),
        ("<td>", ""),
    ],
)
def test_a_cell_is_what_a_person_sees(rows, cell: str, text: str) -> None:
    found = rows(f"<table><tr><td>a</td><td>b</td></tr><tr><td>{cell}</td><td>x</td></tr></table>")

    assert found[1][0] == text


@pytest.mark.parametrize(
    "charset", ['<meta charset="windows-1251">', "<META content='text/html; Charset=cp1251'>"]
)
def test_the_file_says_its_encoding(rows, charset: str) -> None:
    assert rows(f"<html>{charset}{TABLE}".encode("cp1251"))[1][0] == "Дуб"


def test_a_declared_encoding_wins_over_what_the_file_says(rows) -> None:
    assert rows(f"<html><meta charset=utf-8>{TABLE}".encode("koi8-r"), encoding="koi8-r")[1][0] == "Дуб"
    assert rows(OFFICE.encode("utf-16"))[1][0] == "Дуб"


def test_an_encoding_that_nothing_says_is_not_guessed(rows) -> None:
    with pytest.raises(Refused, match="is not UTF-8"):
        rows(TABLE.encode("cp1251"))


def test_lines_are_counted_in_rows_of_the_table(opened) -> None:
    table = opened(f"<p>text</p><table><tr><td>Title</td></tr>{ROWS}</table>", skip_rows=1)

    assert (table.line, [row.line for row in table.rows]) == (2, [3])


def test_the_first_table_with_columns_is_read_and_others_are_told(opened) -> None:
    table = opened(
        f"<table><tr><td>Report of May</td></tr></table>{TABLE}<table><tr><td>1</td><td>2</td></tr></table>"
    )

    assert table.header == ("title", "phone")
    assert len(list(table.rows)) == 1
    assert table.notes == ["the rows of further tables are passed over: 1"]


def test_a_wide_cell_takes_its_columns_and_a_tall_one_is_rejected(opened) -> None:
    content = "<table><tr><td>a<td>b<td>c</tr><tr><td colspan=2>x<td>y</tr><tr><td rowspan='2'>z<td>1<td>2</tr></table>"
    first, second = opened(content).rows

    assert first.cells == ["x", "", "y"]
    assert second.faults[0].reason == "has a cell that spans several rows"


def test_a_row_with_too_many_cells_is_rejected(opened) -> None:
    rows = list(opened("<table><tr><td>a<td>b</tr><tr><td>1<td>2<td>3</tr></table>").rows)

    assert rows[0].faults


@pytest.mark.parametrize("content", ["<html><p>nothing here", "<table></table>", "<table><tr></tr></table>"])
def test_html_without_a_table_is_refused(opened, content: str) -> None:
    with pytest.raises(Refused, match="without a table"):
        opened(content)


def test_a_table_of_endless_width_is_refused(opened) -> None:
    with pytest.raises(Refused, match=r"leads.csv: a table has more than 1,000 columns"):
        opened("<table><tr>" + "<td colspan=9999>a" * 3)


@pytest.mark.parametrize("piece", ['<a b="', "<!--", "<", "<td ", "</", "<table>", "&", "<script>", "<td>"])
def test_broken_markup_takes_no_longer_than_whole(opened, piece: str) -> None:
    table = opened(f"<table>{ROWS}</table>{piece * 200_000}")

    assert [row.cells[0] for row in table.rows][:1] == ["Дуб"]
