import json
from io import BytesIO

from crmctl.exporter import json_writer, jsonl_writer
from crmctl.exporter.sheet import Cell, Sheet, SheetOptions

ROWS: list[list[Cell]] = [["Ёлка \x1b", None, 0], ["", ["x"], False]]


def _written(module: object, rows: list[list[Cell]]) -> str:
    out = BytesIO()
    module.write(out, Sheet(["a", "b", "c"], rows), SheetOptions())  # type: ignore[attr-defined]
    return out.getvalue().decode()


def test_json_is_an_array_with_an_object_a_line() -> None:
    text = _written(json_writer, ROWS)

    assert text == '[\n{"a":"Ёлка \\u001b","c":0},\n{"b":["x"],"c":false}\n]\n'
    assert json.loads(text) == [{"a": "Ёлка \x1b", "c": 0}, {"b": ["x"], "c": False}]


def test_json_without_rows_is_an_empty_array() -> None:
    assert json.loads(_written(json_writer, [])) == []


def test_json_lines_are_an_object_each() -> None:
    lines = _written(jsonl_writer, ROWS).splitlines()

    assert [json.loads(line) for line in lines] == [{"a": "Ёлка \x1b", "c": 0}, {"b": ["x"], "c": False}]
