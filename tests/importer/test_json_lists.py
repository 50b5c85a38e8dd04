"""A JSON file that is one object of lists, as other programs write all they have into one file."""

from collections.abc import Callable

import pytest

from crmctl.errors import NotFound, Refused, WrongUse
from crmctl.importer.table import RawRow, Table

Read = Callable[..., list[RawRow]]
DUMP = """{
  "sales": [{"id": 1}],
  "contacts": [
    {"id": 2, "name": "Ida", "tags": ["a", "b"]},
    {"id": 3,
     "emails": [{"email": "x@y.example", "rank": 1}], "phones": {"number": "12"}}
  ],
  "total": 2
}"""


def test_a_list_is_read_by_its_name_with_the_lines_of_the_file(
    opened: Callable[..., Table],
) -> None:
    table = opened(DUMP, "dump.json", sheet="contacts")

    assert table.header == ("id", "name", "tags", "emails", "phones")
    assert [(row.line, row.cells[:3]) for row in table.rows] == [
        (4, ["2", "Ida", "a; b"]),
        (5, ["3", "", ""]),
    ]


def test_what_is_nested_in_its_records_stays_json(read: Read) -> None:
    cells = read(DUMP, name="dump.json", sheet="contacts")[1].cells

    assert cells[3:] == ['[{"email": "x@y.example", "rank": "1"}]', '{"number": "12"}']


def test_without_a_name_the_file_is_refused_with_the_option_that_reads_it(
    opened: Callable[..., Table],
) -> None:
    with pytest.raises(Refused, match='"sales" is nested') as caught:
        opened(DUMP, "dump.json")

    assert '--sheet "sales"' in str(caught.value.hint)


def test_a_name_that_no_list_has_is_told_with_those_there_are(read: Read) -> None:
    with pytest.raises(NotFound, match='no list "contact"') as caught:
        read(DUMP, name="dump.json", sheet="contact")

    assert "contacts" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[{"a": 1}]', "not an object that has lists"),
        ('{"a": 1}', '"a" is no list'),
        ('{"a": {"b": 1}}', '"a" is no list'),
        ('{"a": [1]}', "not an object"),
        ('{"a": [{"b": 1}', "the list is not closed"),
        ('{"a": [{"b": 1}]', "not JSON"),
        ('{"a": [{"b": 1}]} x', "something follows the object"),
        ('{"a": [{"b": 1}], "a": []}', '"a" stands twice'),
        ('{"a": [{"b": 1}] "c": []}', "a comma is missing between two lists"),
        ('{"a": [{"b": {"c": 1, "c": 2}}]}', "a name stands twice"),
        ('{"a": [{"b": {"c": "\\ud800"}}]}', "lone surrogate"),
        ('{"a": [{"b": NaN}]}', "NaN is not a number"),
        ("{1: []}", "an object's names stand before colons"),
        ('{"a" []}', "an object's names stand before colons"),
        ("", "is empty"),
    ],
)
def test_what_is_no_such_file_is_refused(read: Read, text: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        read(text, name="dump.json", sheet="a")


def test_a_file_of_another_format_has_no_sheets(read: Read) -> None:
    with pytest.raises(WrongUse, match="has no sheets"):
        read("a\n1\n", name="x.csv", sheet="a")


def test_an_empty_list_has_no_rows(read: Read) -> None:
    assert read('{"a": [], "b": [{"c": 1}]}', name="dump.json", sheet="a") == []
