"""Cells of each type, as the text that a cell of CSV would have."""

from collections.abc import Callable
from typing import Any

import pytest

from crmctl.errors import Refused
from crmctl.importer.table import RawRow, SheetNumber, Table

Opened = Callable[..., Table]
Book = Callable[..., bytes]


@pytest.fixture
def row(opened: Opened, book: Book) -> Callable[..., RawRow]:
    """Return the row of one cell under the header `a`."""

    def row(cell: Any, **more: Any) -> RawRow:
        (found,) = opened(book([["a", "b"], [cell, "."]], **more), "x.xlsx").rows
        return found

    return row


FORMATS = ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "h:mm", "[h]:mm", "00000", "0.00")
DAY, MOMENT, TIME, LENGTH, ZEROS, PLAIN = ({"s": str(n)} for n in range(1, 7))


def v(text: object, **more: str) -> dict[str, str]:
    return {"x": f"<v>{text}</v>", **more}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Ирина", "Ирина"),
        (" a\n b ", " a\n b "),
        ("=1+1", "=1+1"),
        ("'=1+1", "'=1+1"),
        ("_x0041_", "A"),
        ("_x005F_x0041_", "_x0041_"),
        ("a_x000D_\nb", "a\r\nb"),
        ("_xD83D__xDE00_", "\U0001f600"),
        ("_xZZZZ_ _x41_", "_xZZZZ_ _x41_"),
        (True, "true"),
        (False, "false"),
        (12, "12"),
        (1.5, "1.5"),
        (v("0.30000000000000004"), "0.3"),
        (v("31001.0"), "31001"),
        (v("1E3"), "1000"),
        (v("1.5E-7"), "0.00000015"),
        (v("-7"), "-7"),
        (v("007"), "7"),
        (v("9007199254740991"), "9007199254740991"),
        (v("1.234"), "1.2340"),
        (v("45292", **DAY), "2024-01-01"),
        (v("45292.75", **DAY), "2024-01-01T18:00:00"),
        (v("45292", **MOMENT), "2024-01-01"),
        (v("0.75", **TIME), "18:00:00"),
        (v("45292.75", **TIME), "2024-01-01T18:00:00"),
        (v("1.5", **LENGTH), "36:00:00"),
        (v("7302", **ZEROS), "07302"),
        (v("1.50", **PLAIN), "1.5"),
        (v("5", s="999"), "5"),
        (v("2024-01-02T00:00:00", t="d"), "2024-01-02"),
        (v("2024-01-02T10:00:00", t="d"), "2024-01-02T10:00:00"),
        (v("a&lt;b", t="str"), "a<b"),
        ({"x": "<f>A1</f><v>7</v>"}, "7"),
        ({"x": "<f>A1</f><v>seven</v>", "t": "str"}, "seven"),
        ({"x": "<f>A1</f><v></v>", "t": "str"}, ""),
        ({"x": "<f>[1]Other!A1</f><v>7</v>"}, "7"),
        ({"x": "<is><r><t>a</t></r><r><rPr/><t>b</t></r></is>", "t": "inlineStr"}, "ab"),
        ({"x": "<is><t>東京</t><rPh><t>とうきょう</t></rPh></is>", "t": "inlineStr"}, "東京"),
        ({"x": "<is> <t>a</t> </is>", "t": "inlineStr"}, "a"),
        ({}, ""),
        (v(""), ""),
    ],
)
def test_a_cell_is_read_as_the_text_it_shows(row: Callable[..., RawRow], cell: Any, text: str) -> None:
    found = row(cell, formats=FORMATS)
    assert (found.cells[0], found.odd, found.faults) == (text, (), ())


def test_shared_texts_are_found_by_number(opened: Opened, book: Book) -> None:
    strings = ["<si><r><t>na</t></r><r><t>me</t></r></si>", "Анна", "<si><t>東京</t><rPh><t>x</t></rPh></si>"]
    rows = [[v(0, t="s")], [v(1, t="s")], [v(2, t="s")]]
    table = opened(book(rows, strings=strings), "x.xlsx")
    assert (table.header, [row.cells for row in table.rows]) == (("name",), [["Анна"], ["東京"]])


def test_numbers_are_told_from_texts(row: Callable[..., RawRow]) -> None:
    assert isinstance(row(5).cells[0], SheetNumber)
    assert not isinstance(row("5").cells[0], SheetNumber)
    assert not isinstance(row(v("45292", **DAY), formats=FORMATS).cells[0], SheetNumber)


@pytest.mark.parametrize(
    ("cell", "text", "reason"),
    [
        (v("#N/A", t="e"), "#N/A", "an error of the spreadsheet"),
        ({"x": "<f>VLOOKUP(1)</f><v>#REF!</v>", "t": "e"}, "#REF!", "an error of the spreadsheet"),
        ({"x": "<f>A1*2</f>"}, "=A1*2", "a formula without a stored value"),
        ({"x": "<f>A1*2</f><v></v>"}, "=A1*2", "a formula without a stored value"),
        ({"x": '<f t="shared" si="0"/>'}, "=", "a formula without a stored value"),
        ({"x": "<f>A1</f>", "t": "str"}, "=A1", "a formula without a stored value"),
        (v("60", **DAY), "60", "29 February 1900"),
        (v("0", **DAY), "0", "before 1900"),
        (v("-1", **TIME), "-1", "before 1900"),
        (v("3000000", **DAY), "3000000", "after 9999"),
    ],
)
def test_what_is_no_value_is_told_of_its_cell(
    row: Callable[..., RawRow], cell: Any, text: str, reason: str
) -> None:
    found = row(cell, formats=FORMATS)
    (fault,) = found.odd
    assert (found.cells, fault.line, fault.column, fault.value) == ([text, "."], 2, "a", text)
    assert reason in fault.reason


def test_days_begin_where_the_workbook_says(opened: Opened, book: Book) -> None:
    rows = [["a"], [v("0", **DAY)], [v("60", **DAY)], [v("0.5", **TIME)], [v("0.5", **DAY)]]
    table = opened(book(rows, formats=FORMATS, date1904=True), "x.xlsx")
    assert table.epoch == "1904"
    assert [row.cells[0] for row in table.rows] == [
        "1904-01-01",
        "1904-03-01",
        "12:00:00",
        "1904-01-01T12:00:00",
    ]


@pytest.mark.parametrize(
    "cell",
    [
        v("abc"),
        v("nan"),
        v("1_000"),
        v("0x10"),
        v("7", t="s"),
        v("-1", t="s"),
        v("x", t="s"),
        v("2", t="b"),
        v("1", t="unheard"),
        v("today", t="d"),
        v("5", s="one"),
    ],
)
def test_a_cell_that_no_sound_workbook_has_stops_the_import(row: Callable[..., RawRow], cell: Any) -> None:
    with pytest.raises(Refused, match="no sound workbook"):
        row(cell)
