import csv
import io
import json
import re
from html.parser import HTMLParser

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import WrongUse
from crmctl.model.table import Column, Kind
from crmctl.render.colour import PLAIN, Style
from crmctl.render.format_names import FORMATS
from crmctl.render.formats import as_is, needs_cells, output_format
from crmctl.render.listing import Card, Listing, Section

COLUMNS = (Column("id", "Id"), Column("title", "Название"), Column("amount", "Amount", Kind.AMOUNT))
DEALS = Listing(
    COLUMNS,
    [{"id": "D-1", "title": "Кофе", "amount": "1000.00", "tags": ["vip"]}, {"id": "D-2", "title": "a|b"}],
    [["D-1", "Кофе", "1 000.00 UAH"], ["D-2", "a|b", ""]],
)
CARD = Card(
    'D-1 "Кофе"',
    COLUMNS,
    DEALS.rows[0],
    ("D-1", "Кофе", "1 000.00 UAH"),
    (Section("Tasks", ("T-1  Звонок",)),),
)
EMPTY = Listing(COLUMNS)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SCALAR = st.one_of(
    TEXT, st.booleans(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False)
)
NAME = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
ROWS = st.lists(st.dictionaries(NAME, st.one_of(SCALAR, st.lists(TEXT, max_size=3)), max_size=5), max_size=4)


def records(name, listing=DEALS, style=PLAIN, escape=as_is):
    return output_format(name).records(listing, style, escape)


def cards(name, *given, style=PLAIN):
    return output_format(name).cards(given or (CARD,), style, as_is)


def test_an_unknown_format_is_refused_with_the_close_one():
    with pytest.raises(WrongUse) as caught:
        output_format("jsn")
    assert caught.value.hint == 'did you mean "json"?'


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_ends_its_text_with_a_newline(name):
    assert records(name).endswith("\n")
    assert cards(name).endswith("\n")


def test_only_formats_for_data_do_without_cells():
    assert [name for name in FORMATS if not needs_cells(name)] == ["json", "jsonl", "yaml", "ids"]


def test_a_table_of_nothing_is_nothing():
    assert records("table", EMPTY) == ""


def test_json_is_an_array_with_a_record_a_line():
    assert records("json").splitlines()[1] == '{"id":"D-1","title":"Кофе","amount":"1000.00","tags":["vip"]},'


def test_json_of_nothing_is_an_empty_array():
    assert records("json", EMPTY) == "[]\n"


def test_json_of_one_card_is_an_object():
    assert json.loads(cards("json")) == DEALS.rows[0]


def test_json_of_several_cards_is_an_array():
    assert json.loads(cards("json", CARD, CARD)) == [DEALS.rows[0]] * 2


def test_json_shows_what_a_terminal_might_obey_as_escapes():
    text = records("json", Listing(COLUMNS, [{"id": "\x9b31m\u202e\x7f"}]))
    assert r'"\u009b31m\u202e\u007f"' in text


def test_csv_has_the_names_of_the_fields_above_the_cells():
    assert records("csv") == "id,title,amount\nD-1,Кофе,1 000.00 UAH\nD-2,a|b,\n"


def test_csv_cells_go_through_the_guard_but_names_do_not():
    text = records("csv", Listing((Column("=a", "A"),), (), [["=1+1"]]), escape=lambda cell: "'" + cell)
    assert text == "=a\n'=1+1\n"


def test_tsv_is_separated_by_tabs_and_quotes_them():
    assert records("tsv", Listing(COLUMNS[:2], (), [["D-1", "a\tb"]])) == 'id\ttitle\nD-1\t"a\tb"\n'


def test_cards_of_several_types_share_one_csv_header():
    contact = Card("C-1", (Column("id", "Id"), Column("phone", "Phone")), {"id": "C-1"}, ("C-1", "+380"))
    assert cards("csv", CARD, contact) == "id,title,amount,phone\nD-1,Кофе,1 000.00 UAH,\nC-1,,,+380\n"


def test_ids_are_printed_one_a_line():
    assert records("ids") == "D-1\nD-2\n"


def test_yaml_keeps_the_order_and_the_letters():
    assert records("yaml").startswith("- id: D-1\n  title: Кофе\n  amount: '1000.00'\n")


@pytest.mark.parametrize(
    "text", ["no", "012", "1:30", "2026-01-02", "1e3", "0o17", ".5", "null", "~", "=", "<<"]
)
def test_yaml_quotes_text_that_looks_like_something_else(text):
    assert cards("yaml", Card("x", (), {"a": text}, ())) == f"a: '{text}'\n"


def test_yaml_writes_long_text_as_lines():
    assert cards("yaml", Card("x", (), {"a": "one\ntwo\n"}, ())) == "a: |\n  one\n  two\n"


def test_markdown_escapes_what_would_be_markup():
    text = records(
        "markdown", Listing(COLUMNS[:2], (), [["D-1", "a|b <i>*x*</i> [l](u) snake_case _e_ `c`"]])
    )
    assert text.splitlines()[2] == r"| D-1 | a\|b \<i\>\*x\*\</i\> \[l\](u) snake_case \_e\_ \`c\` |"


def test_markdown_sets_figures_to_the_right():
    assert records("markdown").splitlines()[1] == "| --- | --- | ---: |"


def test_a_newline_does_not_end_a_markdown_row():
    assert len(records("markdown", Listing(COLUMNS[:1], (), [["a\r\nb\n| c |"]])).splitlines()) == 3


class Tags(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.text = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)

    def handle_data(self, data):
        self.text.append(data)


def test_html_shows_markup_in_data_as_text():
    page = Tags()
    page.feed(records("html", Listing(COLUMNS[:1], (), [["<script>alert(1)</script>"]])))
    assert "script" not in page.tags
    assert "<script>alert(1)</script>" in page.text


def test_a_card_lines_its_values_up():
    assert cards("table") == (
        'D-1 "Кофе"\n  Id        D-1\n  Название  Кофе\n  Amount    1 000.00 UAH\nTasks\n  T-1  Звонок\n'
    )


def test_a_card_leaves_empty_fields_out():
    card = Card("D-2", COLUMNS, {}, ("D-2", "", ""))
    assert cards("table", card) == "D-2\n  Id  D-2\n"


def test_long_text_of_a_card_is_wrapped_under_itself():
    card = Card("D-1", (Column("comment", "Comment"),), {}, ("Перезвонить после обеда\nили завтра",))
    assert cards("table", card, style=Style(width=28)) == (
        "D-1\n  Comment  Перезвонить после\n           обеда\n           или завтра\n"
    )


def test_control_characters_of_a_card_are_shown():
    card = Card(
        "D-1 \x1b[1m", (Column("c", "C"),), {}, ("a\r\nb\x1b]0;x\x07\u202e",), (Section("S", ("\x1b[2J",)),)
    )
    assert cards("table", card) == "D-1 ^[[1m\n  C  a\n     b^[]0;x^G\\u202e\nS\n  ^[[2J\n"


def test_cards_have_an_empty_line_between_them():
    assert cards("table", CARD, CARD).count("\n\n") == 1


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_json_of_any_records_reads_back_the_same(rows):
    assert json.loads(records("json", Listing((), rows))) == rows


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_json_lines_of_any_records_read_back_the_same(rows):
    lines = records("jsonl", Listing((), rows)).split("\n")[:-1]
    assert [json.loads(line) for line in lines] == rows


@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_yaml_of_any_records_reads_back_the_same(rows):
    assert yaml.safe_load(records("yaml", Listing((), rows))) == rows


@settings(max_examples=60, deadline=None)
@given(ROWS, st.sampled_from(["json", "jsonl", "yaml"]))
def test_data_formats_never_send_what_a_terminal_obeys(rows, name):
    text = records(name, Listing((), rows))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(TEXT, min_size=1, max_size=1) | st.lists(TEXT, min_size=3, max_size=3), max_size=4))
@pytest.mark.parametrize(("name", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_delimited_cells_read_back_the_same(name, delimiter, cells):
    text = records(name, Listing((Column("x", "X"),), (), cells))
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    assert read == [["x"], *cells]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=3),
    st.sampled_from(["markdown", "html", "table"]),
)
def test_formats_for_people_never_send_what_a_terminal_obeys(cells, name):
    text = records(name, Listing(COLUMNS, (), cells))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", text)
