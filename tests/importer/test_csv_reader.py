from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import Refused, WrongUse
from crmctl.importer.csv_reader import LONGEST
from crmctl.importer.formats import open_table
from crmctl.importer.source import Source
from crmctl.importer.table import RawRow, ReadOptions, Table
from crmctl.model.field_types.base import LONGEST_TEXT

Cells = Callable[..., list[list[str]]]
Read = Callable[..., list[RawRow]]
Opened = Callable[..., Table]


def test_cells_and_header_are_read(opened: Opened) -> None:
    table = opened("title,phone\nAcme,123\n")

    assert table.header == ("title", "phone")
    assert [row.cells for row in table.rows] == [["Acme", "123"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_known(cells: Cells, end: str) -> None:
    assert cells(f"a,b{end}1,2{end}3,4{end}") == [["1", "2"], ["3", "4"]]


def test_line_ends_may_be_mixed(cells: Cells) -> None:
    assert cells("a,b\r\n1,2\n3,4\r5,6") == [["1", "2"], ["3", "4"], ["5", "6"]]


@pytest.mark.parametrize("inner", ["\n", "\r\n", "\r", "\n\r\n", "\u2028", "\x85", "\x0b", "\x0c", "\x1d"])
def test_line_breaks_within_quotes_are_kept(cells: Cells, inner: str) -> None:
    assert cells(f'a,b\r\n"one{inner}two",2\r\n') == [[f"one{inner}two", "2"]]


@pytest.mark.parametrize("inner", ["\u2028", "\x85", "\x0b", "\x0c", "\x1c"])
def test_only_cr_and_lf_end_a_line(cells: Cells, inner: str) -> None:
    assert cells(f"a,b\none{inner}two,2\n") == [[f"one{inner}two", "2"]]


def test_a_quote_written_twice_is_one(cells: Cells) -> None:
    assert cells('a\n"5"" pipe"\n') == [['5" pipe']]


def test_a_quote_within_a_bare_cell_is_a_letter(cells: Cells) -> None:
    assert cells('a,b\n5" pipe,x "y" z\n') == [['5" pipe', 'x "y" z']]


def test_spaces_around_cells_are_kept(cells: Cells) -> None:
    assert cells('a,b\n x ," y "\n') == [[" x ", " y "]]


def test_rows_carry_the_line_they_start_on(read: Read) -> None:
    rows = read('a,b\n\n1,"x\ny\r\nz"\n\n3,4\n')

    assert [row.line for row in rows] == [3, 7]


def test_lines_before_the_header_count(read: Read) -> None:
    rows = read("made by hand\r\n\r\na,b\r\n1,2\r\n", skip_rows=1)

    assert [(row.line, row.cells) for row in rows] == [(4, ["1", "2"])]


def test_an_unclosed_quote_is_refused_with_the_line_where_it_opened(read: Read) -> None:
    with pytest.raises(Refused) as refused:
        read('a,b,c\n1,"x\ny","z ""z""\nw\n4,5,6\n')

    assert refused.value.message.endswith("leads.csv: line 3: a quote is opened and never closed")


def test_an_unclosed_quote_in_the_header_is_refused(opened: Opened) -> None:
    with pytest.raises(Refused, match="line 1: a quote is opened and never closed"):
        opened('a,"b\n1,2\n')


def test_a_quote_that_opens_at_the_very_end_is_refused(read: Read) -> None:
    with pytest.raises(Refused, match="line 2: a quote is opened and never closed"):
        read('a,b\n1,"')


def test_text_after_a_closing_quote_is_refused_with_both_lines(read: Read) -> None:
    with pytest.raises(Refused) as refused:
        read('a,b\nx,"one\ntwo"three\n5,6\n')

    assert "line 3: text after the closing quote of the cell that begins on line 2" in refused.value.message


def test_a_stray_quote_that_swallows_rows_names_where_it_began(read: Read) -> None:
    with pytest.raises(Refused, match=r"line 4: text after the closing quote .* begins on line 2"):
        read('a,b\n"x,1\ny,2\nz,"w"\n')


def test_a_quote_that_is_never_closed_in_a_huge_file_ends_early(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crmctl.importer.csv_reader.LONGEST", 200_000)
    monkeypatch.setattr("csv.field_size_limit", _limited())

    with pytest.raises(Refused, match="line 2: a quote is opened and never closed"):
        read('a,b\n"x,1\n' + "y,2\n" * 60_000)


def _limited() -> Callable[[int], int]:
    import csv

    real = csv.field_size_limit
    return lambda *size: real(200_000) if size else 0


def test_a_line_without_end_is_refused(read: Read) -> None:
    with pytest.raises(Refused, match="a line is longer than"):
        read("a,b\n" + "x" * (LONGEST + 10))


def test_short_rows_are_filled_with_a_warning(read: Read) -> None:
    row = read("a,b,c\n1\n")[0]

    assert row.cells == ["1", "", ""]
    assert row.warnings == ("line 2 ends after 1 of 3 cells: the rest are taken as empty",)


def test_long_rows_are_rejected_with_all_their_cells(read: Read) -> None:
    row = read("a,b\n1,2,3\n")[0]

    assert row.cells == ["1", "2", "3"]
    assert [fault.reason for fault in row.faults] == ["has 3 cells, the header 2"]


def test_empty_cells_beyond_the_header_do_no_harm(read: Read) -> None:
    row = read("a,b\n1,2,, \n")[0]

    assert (row.cells, row.faults) == (["1", "2"], ())


def test_a_delimiter_at_the_end_of_every_line_is_no_column_with_data(read: Read) -> None:
    rows = read('"a";"b";\n"1";"2";\n"3";"4"\n')

    assert [(row.cells[:2], row.warnings) for row in rows] == [(["1", "2"], ()), (["3", "4"], ())]


def test_data_in_a_column_without_a_name_is_refused(read: Read) -> None:
    with pytest.raises(Refused, match='line 3: column 2 has no name, but a value: "x"'):
        read("a,,c\n1,,2\n3,x,4\n")


def test_a_nul_rejects_its_row_alone(read: Read) -> None:
    rows = read("a,b\n1,x\0y\n3,4\n")

    assert [str(fault) for fault in rows[0].faults] == ['line 2: b "x^@y": contains a NUL character']
    assert rows[1].faults == ()


def test_a_huge_cell_rejects_its_row_and_names_the_limit(read: Read) -> None:
    rows = read("a,b\n1," + "x" * (LONGEST_TEXT + 1) + "\n3,4\n")

    assert [fault.reason for fault in rows[0].faults] == ["is longer than 65,536 characters"]
    assert rows[1].faults == ()


def test_a_huge_cell_of_many_lines_is_found(read: Read) -> None:
    row = read('a,b\n"' + "x\n" * LONGEST_TEXT + '",2\n')[0]

    assert row.faults[0].column == "a"


def test_the_longest_cell_allowed_is_taken_though_guarded(read: Read) -> None:
    row = read("a\n'=" + "x" * (LONGEST_TEXT - 1) + "\n")[0]

    assert row.faults == ()
    assert row.cells[0].startswith("=")


def test_the_limit_can_be_set(read: Read) -> None:
    assert read("a\nfour\n", field_limit=3)[0].faults[0].reason == "is longer than 3 characters"


def test_blank_lines_are_passed_over(cells: Cells) -> None:
    assert cells("\n\na,b\n\n1,2\n , \n,\n\n3,4\n\n") == [["1", "2"], ["3", "4"]]


def test_a_header_alone_has_no_rows(cells: Cells) -> None:
    assert cells("a,b\n") == []


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", "  \r\n"])
def test_an_empty_file_is_refused(opened: Opened, content: str) -> None:
    with pytest.raises(Refused, match="is empty"):
        opened(content)


def test_reading_may_stop_after_some_rows(cells: Cells) -> None:
    assert cells("a\n1\n2\n3\n", limit=2) == [["1"], ["2"]]


def test_a_delimiter_that_is_named_wins(opened: Opened) -> None:
    table = opened("a,b;c\n1,2;3\n", delimiter=";")

    assert table.header == ("a,b", "c")
    assert table.delimiter == ";"


def test_the_delimiter_line_of_spreadsheets_is_understood(opened: Opened) -> None:
    table = opened("sep=|\na;b|c\n1|2\n")

    assert table.header == ("a;b", "c")
    assert table.line == 2


def test_a_delimiter_of_several_characters_is_wrong_use(opened: Opened) -> None:
    with pytest.raises(WrongUse, match='"::" cannot separate cells'):
        opened("a\n", delimiter="::")


def test_the_guard_of_exports_is_taken_off(cells: Cells) -> None:
    assert cells("a,b\n'=1+1,O'Brien\n''@x,'quoted'\n") == [["=1+1", "O'Brien"], ["'@x", "'quoted'"]]


def test_the_guard_is_taken_off_column_names(opened: Opened) -> None:
    assert opened("'=a,b\n").header == ("=a", "b")


def test_tabs_separate_the_cells_of_a_tsv(opened: Opened) -> None:
    table = opened('a\tb,c\n"x\ty"\t1\n', name="leads.tsv")

    assert table.header == ("a", "b,c")
    assert [row.cells for row in table.rows] == [["x\ty", "1"]]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="a,;\"\n\r\t\0'=ё ", max_size=60))
def test_whatever_is_in_a_file_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_bytes(text.encode())

    with Source(str(path)) as source:
        try:
            table = open_table(source, ReadOptions(format="csv"))
            rows = list(table.rows)
        except Refused:
            return
    assert all(len(row.cells) == len(table.header) or row.faults for row in rows)


def test_only_what_is_needed_is_read(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text("a,b\n" + "1,2\n" * 200_000 + '"unclosed')

    with Source(str(path)) as source:
        table = open_table(source, ReadOptions())
        assert next(iter(table.rows)).cells == ["1", "2"]
