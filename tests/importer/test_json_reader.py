from collections.abc import Callable

import pytest

from crmctl.errors import Refused
from crmctl.importer.table import NumberCell, RawRow, Table

Opened = Callable[..., Table]
Read = Callable[..., list[RawRow]]


def test_an_array_of_objects_is_a_table(opened: Opened) -> None:
    table = opened('[{"a": "1", "b": true},\n {"b": null, "c": ["x", "y"]}]', name="x.json")

    assert table.header == ("a", "b", "c")
    assert [(row.line, row.cells) for row in table.rows] == [(1, ["1", "true", ""]), (2, ["", "", "x; y"])]


@pytest.mark.parametrize("content", ['{"a": 1}\n{"a": 2}\n', '{"a": 1}{"a": 2}', '[{"a":1},{"a":2}]\n'])
def test_objects_may_stand_one_after_another(read: Read, content: str) -> None:
    assert [row.cells for row in read(content, name="x.jsonl")] == [["1"], ["2"]]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1.234", "1.234"),
        ("1e3", "1000"),
        ("-2.5E-3", "-0.0025"),
        ("10000000000000000001", "10000000000000000001"),
    ],
)
def test_numbers_keep_their_digits(read: Read, number: str, text: str) -> None:
    cell = read(f'[{{"a": {number}}}]', name="x.json")[0].cells[0]

    assert cell == text
    assert type(cell) is NumberCell


def test_a_power_bomb_stays_text(read: Read) -> None:
    assert read('[{"a": 1e999999999}]', name="x.json")[0].cells == ["1e999999999"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[{"a": 1,\n"a": 2}]', '"a" stands twice in one object'),
        ('[{"a": NaN}]', "NaN is not a number in JSON"),
        ('[{"a": -Infinity}]', "-Infinity is not a number in JSON"),
        ('[{"a": "\\ud800"}]', "half of a character"),
        ('[{"a": {"b": 1}}]', '"a" is an object'),
        ('[{"a": [[1]]}]', '"a" is nested'),
        ('[{"a": [{"b": 1}]}]', '"a" is nested'),
        ("[" * 100_000, "nested too deeply"),
        ('[1, "x"]', "not an object"),
        ('[{"a": 1}', "the list is not closed"),
        ('[{"a": 1} {"a": 2}]', "a comma is missing"),
        ('[{"a": 1}] x', "something follows the list"),
        ('[{"a": 1},\n\n{"a" 2}]', "line 3: not JSON"),
        ('[{"": 1, "a": 2}]', "a value without a name"),
        ('[{"Name": 1, "name": 2}]', 'are both named "name"'),
        ("  \n", "is empty"),
    ],
)
def test_what_is_no_list_of_flat_objects_is_refused(read: Read, content: str, message: str) -> None:
    with pytest.raises(Refused) as refused:
        read(content, name="x.json")

    assert message in refused.value.message


def test_an_empty_list_has_no_rows(read: Read) -> None:
    assert read("[]", name="x.json") == []


@pytest.mark.parametrize("content", ["", "\n \r\n", "\ufeff"])
def test_a_file_of_json_lines_may_be_empty_as_an_export_of_nothing_is(read: Read, content: str) -> None:
    assert read(content, name="x.jsonl") == []


def test_the_line_of_a_bad_object_is_named(read: Read) -> None:
    with pytest.raises(Refused, match=r"x\.jsonl: line 3: "):
        read('{"a": 1}\n{"a": 2}\n{"a": {}}\n', name="x.jsonl")


def test_a_nul_rejects_its_row_alone(read: Read) -> None:
    rows = read('[{"a": "x\\u0000"}, {"a": "y"}]', name="x.json")

    assert [fault.reason for fault in rows[0].faults] == ["contains a NUL character"]
    assert rows[1].faults == ()


def test_cells_that_look_guarded_are_as_they_are(read: Read) -> None:
    assert read('[{"a": "\'=x"}]', name="x.json")[0].cells == ["'=x"]


def test_bytes_that_are_no_utf_8_are_refused(read: Read) -> None:
    with pytest.raises(Refused, match="line 2 is not UTF-8"):
        read(b'[{"a": 1},\n{"a": "\xcf\xf0"}]', name="x.json")
