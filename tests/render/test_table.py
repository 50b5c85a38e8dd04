import re
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.model.table import Column, Kind
from crmctl.render.colour import PLAIN, Style
from crmctl.render.table import draw_table
from crmctl.render.width import display_width

DEALS = (
    Column("id", "Id"),
    Column("title", "Title"),
    Column("amount", "Amount", Kind.AMOUNT),
    Column("owner", "Owner"),
)
ROWS = [
    ["D-1", "Поставка кофе для сети кофеен «Утро»", "1 000.00 UAH", "Анна Коваль"],
    ["D-22", "株式会社サクラ", "10 005 534.00 USD", "oleg"],
]


def test_columns_line_up_under_wide_characters():
    lines = draw_table(DEALS[:3], [["D-1", "日本", "5.00 EUR"], ["D-2", "👨‍👩‍👧 семья", "12.00 EUR"]], PLAIN)
    assert lines == [
        "Id   Title        Amount",
        "---  --------  ---------",
        "D-1  日本       5.00 EUR",
        "D-2  👨‍👩‍👧 семья  12.00 EUR",
    ]


def test_columns_line_up_under_wide_characters_after_a_table_that_had_none():
    narrow = "draw_table(columns, [['a', 'b']], PLAIN)"
    wide = "draw_table(columns, [['日本', '1'], ['ab', '2']], PLAIN)"
    code = (
        "from crmctl.render.table import *; from crmctl.render.colour import PLAIN; "
        f"columns = (Column('a', 'A'), Column('b', 'B')); {narrow}; print('\\n'.join({wide}))"
    )
    ran = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert ran.stdout.splitlines() == ["A     B", "----  -", "日本  1", "ab    2"]


def test_numbers_are_printed_as_they_are():
    columns = (Column("id", "Id"), Column("n", "N", Kind.COUNT))
    lines = draw_table(columns, [["12e5", "1.50"], ["1234567890123456789012", "007"]], PLAIN)
    assert lines[2:] == ["12e5                    1.50", "1234567890123456789012   007"]


def test_no_rows_are_no_table():
    assert draw_table(DEALS, [], PLAIN) == []


def test_a_pipe_gets_the_whole_text():
    assert ROWS[0][1] in draw_table(DEALS, ROWS, PLAIN)[2]


def test_a_terminal_gets_the_longest_text_cut():
    assert draw_table(DEALS, ROWS, Style(width=60)) == [
        "Id    Title                              Amount  Owner",
        "----  ----------------------  -----------------  -----------",
        "D-1   Поставка кофе для сет…       1 000.00 UAH  Анна Коваль",
        "D-22  株式会社サクラ          10 005 534.00 USD  oleg",
    ]


def test_ids_and_amounts_are_never_cut():
    columns = (DEALS[0], DEALS[2], DEALS[1])
    rows = [["D-1234567", "10 005 534.00 USD", "Кофе"]]
    assert draw_table(columns, rows, Style(width=28))[2] == "D-1234567  10 005 534.00 USD"


def test_a_title_is_cut_to_the_length_of_its_figures_before_they_are():
    columns = (Column("id", "Id"), Column("n", "Number of enquiries", Kind.COUNT))
    assert draw_table(columns, [["D-1", "12 345"]], Style(width=11)) == [
        "Id   Numbe…",
        "---  ------",
        "D-1  12 345",
    ]


def test_titles_that_are_too_long_stand_in_several_lines_by_their_words():
    columns = (Column("n", "Won amount", Kind.AMOUNT), Column("rate", "Win rate", Kind.SHARE))
    assert draw_table(columns, [["5.00 EUR", "50.0%"]], Style(width=16)) == [
        "     Won    Win",
        "  amount   rate",
        "--------  -----",
        "5.00 EUR  50.0%",
    ]


def test_what_stands_under_titles_that_can_be_read_comes_before_more_figures():
    columns = tuple(Column(name, name.title(), Kind.COUNT) for name in ("won", "lost", "converted"))
    assert draw_table(columns, [["1", "2", "3"]], Style(width=16)) == [
        "Won  Lost",
        "---  ----",
        "  1     2",
        "1 more column d…",
    ]


def test_a_row_of_nothing_but_what_does_not_fit_is_not_drawn():
    columns = (Column("title", "Title"), Column("amount", "Amount", Kind.AMOUNT))
    lines = draw_table(columns, [["x" * 16, "1.00 UAH"], ["", "1.00 EUR"]], Style(width=20))
    assert lines[2:] == ["x" * 16, "1 more column does…"]


def test_columns_without_room_are_named_below():
    lines = draw_table(DEALS, ROWS, Style(width=46))
    assert lines[-1] == "1 more column does not fit: Owner"


def test_a_dumb_terminal_gets_an_ascii_ellipsis():
    lines = draw_table(DEALS, ROWS, Style(width=50, unicode=False))
    assert "..." in lines[2]
    assert "…" not in lines[2]


def test_a_newline_in_a_cell_makes_no_new_line():
    lines = draw_table(DEALS[1:2], [["one\ntwo\tthree"]], PLAIN)
    assert lines[2:] == ["one two three"]


def test_escape_sequences_are_shown_and_never_sent():
    lines = draw_table(DEALS[1:2], [["\x1b[2J\u202eevil\x9b\u200b"]], PLAIN)
    assert lines[2:] == [r"^[[2J\u202eevil\u009b\u200b"]


def test_the_closing_rows_stand_under_a_rule():
    columns = (Column("stage", "Stage"), Column("count", "Count", Kind.COUNT))
    lines = draw_table(columns, [["new", "1"], ["all", "1"]], PLAIN, closing=1)
    assert lines[1] == lines[3] == "-----  -----"
    assert len(lines) == 5


def test_titles_are_bold_where_there_is_colour():
    assert draw_table(DEALS, ROWS, Style(colour=True))[0].startswith("\x1b[1mId")


ANY_TEXT = st.text(st.characters(), max_size=40)
ANY_ROW = st.tuples(
    st.from_regex(r"D-[0-9]{1,3}", fullmatch=True), ANY_TEXT, st.just("1 000.00 UAH"), ANY_TEXT, ANY_TEXT
)
ANY_COLUMNS = (*DEALS, Column("comment", "Комментарий"))


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY_ROW, min_size=1, max_size=4), st.integers(20, 120), st.booleans())
def test_no_line_is_wider_than_the_terminal(rows, width, unicode):
    for line in draw_table(ANY_COLUMNS, rows, Style(width=width, unicode=unicode)):
        assert display_width(line) <= width


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY_ROW, min_size=1, max_size=4), st.sampled_from([None, 40, 80]))
def test_no_control_character_ever_leaves_the_table(rows, width):
    text = "".join(draw_table(ANY_COLUMNS, rows, Style(colour=True, width=width)))
    text = re.sub("\x1b\\[[0-9]+m", "", text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]", text)


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY_ROW, min_size=1, max_size=4))
def test_every_line_of_a_figure_column_ends_at_the_same_place(rows):
    lines = draw_table(ANY_COLUMNS[:3], [row[:3] for row in rows], PLAIN)
    assert len({display_width(line) for line in lines}) == 1


def test_a_joiner_with_nothing_to_join_shifts_no_column():
    lines = draw_table(ANY_COLUMNS[:3], [("D-1", "a\u200d", "1.00 UAH"), ("D-2", "b", "2.00 UAH")], PLAIN)
    assert len({display_width(line) for line in lines}) == 1
