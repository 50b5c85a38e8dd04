"""Which sheet is read, and what its rows are."""

from collections.abc import Callable
from typing import Any

import pytest

from crmctl.errors import CrmError, NotFound, Refused, WrongUse
from crmctl.importer.table import Table

Opened = Callable[..., Table]
Book = Callable[..., bytes]


@pytest.fixture
def table(opened: Opened, book: Book) -> Callable[..., Table]:
    """Return the table of a workbook."""

    def table(rows: Any = (), options: Any = None, **more: Any) -> Table:
        return opened(book(rows, **more), "x.xlsx", **(options or {}))

    return table


Tabled = Callable[..., Table]


def test_rows_have_the_numbers_of_the_sheet_and_empty_ones_are_passed_over(table: Tabled) -> None:
    found = table({2: ["a", "b"], 5: ["1", None], 7: [" ", ""], 9: [None, 2]})
    assert (found.header, found.line) == (("a", "b"), 2)
    assert [(row.line, row.cells) for row in found.rows] == [(5, ["1", ""]), (9, ["", "2"])]


def test_rows_and_cells_without_a_place_follow_one_another(table: Tabled) -> None:
    cells = "<sheetData><row><c><v>1</v></c><c/><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>"
    found = table(cells.replace("<c/>", '<c t="inlineStr"><is><t>b</t></is></c>'))
    assert (found.header, [(row.line, row.cells) for row in found.rows]) == (
        ("1", "b", "2"),
        [(2, ["3", "", ""])],
    )


def test_rows_above_the_header_can_be_passed_over(table: Tabled) -> None:
    found = table([["Report"], ["a", "b"], [1, 2]], {"skip_rows": 1})
    assert (found.header, [row.line for row in found.rows]) == (("a", "b"), [3])


def test_other_namespaces_and_prefixes_are_the_same(table: Tabled) -> None:
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    sheet = (
        f'<x:worksheet xmlns:x="{strict}"><x:sheetData><x:row r="1"><x:c r="A1" t="str"><x:v>a</x:v></x:c>'
        '</x:row><x:row r="2"><x:c r="A2"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    found = table(parts={"xl/worksheets/s1.xml": sheet})
    assert (found.header, [row.cells for row in found.rows]) == (("a",), [["1"]])


def test_a_value_beyond_the_header_rejects_its_row_alone(table: Tabled) -> None:
    far = (
        '<sheetData><row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFC1048576" t="str"><v> </v></c><c r="XFD1048576"><v>7</v></c></row></sheetData>'
    )
    good, bad = table(far).rows
    assert (good.cells, good.faults) == (["1"], ())
    assert (bad.line, bad.cells) == (1_048_576, ["", "7"])
    assert 'XFD1048576 has a value, "7"' in bad.faults[0].reason


def test_a_value_without_a_name_above_it_stops_the_import(table: Tabled) -> None:
    found = table([["a", None, "c"], [1, None, 3], [1, 2, 3]])
    assert found.header == ("a", "", "c")
    with pytest.raises(Refused, match='line 3: column B has no name, but a value: "2"'):
        list(found.rows)


def test_merged_cells_that_go_over_rows_are_told(table: Tabled) -> None:
    cells = (
        '<sheetData><row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
        '<row r="4"><c r="A4"><v>2</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A2:A3"/><mergeCell ref="A4:B4"/></mergeCells>'
    )
    found = table(cells)
    assert len(list(found.rows)) == 2
    (note,) = found.notes
    assert note == "merged cells A2:A3: only the first row of each has the value"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], 'x.xlsx is empty: the sheet "Sheet1" has no cells'),
        ([["", " "]], "is empty"),
        ([["a", "A"]], "columns 1 and 2 are both named"),
        ([["a", {"x": "<f>B1</f>"}]], "line 1, the header: B1 is a formula without a stored value"),
        ('<sheetData><row r="1"><c r="ALM1"><v>1</v></c></row></sheetData>', "1,000 columns are the most"),
    ],
)
def test_a_header_that_names_no_columns_is_refused(table: Tabled, rows: Any, told: str) -> None:
    with pytest.raises(Refused) as refused:
        table(rows)
    assert told in refused.value.message


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="2"/><row r="1"/>',
        '<row r="2"/><row r="2"/>',
        '<row r="0"/>',
        '<row r="1048577"/>',
        '<row r="x"/>',
        '<row r="1"><c r="B1"/><c r="A1"/></row>',
        '<row r="1"><c r="A1"/><c r="A1"/></row>',
        '<row r="1"><c r="XFE1"/></row>',
        '<row r="1"><c r="1"/></row>',
        '<row r="1"><c r="a1"/></row>',
        '<row r="1"><c r="A1">',
        "<row>&nbsp;</row>",
    ],
)
def test_a_sheet_that_is_not_in_order_is_damaged(table: Tabled, cells: str) -> None:
    with pytest.raises(Refused, match=r"x\.xlsx is no sound workbook"):
        list(table(f"<sheetData>{cells}</sheetData>").rows)


SHEETS = {"Notes": [["n"], [1]], "Лиды": [["a"], [2]], "3": [["b"], [3]], "Old": [["c"], [4]]}


def test_the_first_sheet_that_is_seen_is_read_and_the_others_are_named(table: Tabled) -> None:
    found = table(sheets=SHEETS, states={"Notes": "hidden", "Old": "veryHidden"})
    assert found.header == ("a",)
    (note,) = found.notes
    assert note == 'read the sheet "Лиды"; --sheet reads another: "3"'


def test_one_sheet_that_is_seen_needs_no_note(table: Tabled) -> None:
    assert table(sheets=SHEETS, states=dict.fromkeys(["Notes", "3", "Old"], "hidden")).notes == []


@pytest.mark.parametrize(
    ("named", "header"), [("Лиды", "a"), ("лиды ", "a"), ("3", "b"), ("2", "a"), ("4", "c"), ("old", "c")]
)
def test_a_sheet_is_named_by_its_name_else_by_its_number(table: Tabled, named: str, header: str) -> None:
    found = table(sheets=SHEETS, options={"sheet": named}, states={"Old": "veryHidden"})
    assert (found.header, found.notes) == ((header,), [])


def test_a_sheet_that_is_not_there_is_told_with_the_close_name(table: Tabled) -> None:
    with pytest.raises(NotFound, match="no sheet") as missing:
        table(sheets=SHEETS, options={"sheet": "Note"})
    assert missing.value.hint == 'did you mean "Notes"?'
    with pytest.raises(NotFound):
        table(sheets=SHEETS, options={"sheet": "9"})


def test_hidden_sheets_alone_are_not_read_unless_named(table: Tabled) -> None:
    with pytest.raises(Refused, match="every sheet is hidden") as refused:
        table(sheets=SHEETS, states=dict.fromkeys(SHEETS, "hidden"))
    assert refused.value.hint == "name one with --sheet"


def test_an_empty_sheet_is_told_with_those_that_may_be_meant(table: Tabled) -> None:
    with pytest.raises(Refused) as refused:
        table(sheets={"Empty": [], "Full": [["a"]]})
    assert refused.value.hint == '--sheet reads another: "Full"'


def test_formats_without_sheets_have_none_to_name(opened: Opened) -> None:
    with pytest.raises(WrongUse, match="has no sheets"):
        opened("a\n1\n", sheet="2")


def test_what_is_no_archive_is_none_by_name_either(opened: Opened) -> None:
    with pytest.raises(CrmError, match="no file of the format xlsx"):
        opened("a\n1\n", format="xlsx")
