"""Cases of csvkit, Papa Parse and csv-test-data about whole files: headers, encodings, conversions, workbooks.

Each is read as its answer says, or as the tables below do: where the answer differs on purpose, they say how,
and docs/import-export.md why. What single cells and quotes come to is in test_hard_csv.py.
"""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crmctl.errors import Refused
from crmctl.importer.formats import open_table
from crmctl.importer.source import Source
from crmctl.importer.table import RawRow, ReadOptions, Table

HARD = Path(__file__).parents[3] / "shared" / "data" / "csv_hard"
pytestmark = pytest.mark.skipif(not HARD.is_dir(), reason=f"the hard CSV files are not at {HARD}")
CSVKIT = HARD / "csvkit-examples"

Opened = Callable[..., Table]


def _read(path: Path, **options: Any) -> tuple[list[str], list[RawRow]]:
    with Source(str(path)) as source:
        table = open_table(source, ReadOptions(**options))
        return list(table.header), list(table.rows)


READ = {
    "bad_skip_lines.csv": (
        {"skip_rows": 3},
        ["column_a", "column_b", "column_c"],
        [["", "I'm too short!", ""], ["0", "mixed types.... uh oh", "17"]],
    ),
    "blanks.csv": ({}, [*"abcdef"], [["", "NA", "N/A", "NONE", "NULL", "."]]),
    "date_like_number.csv": ({}, ["a"], [["4.5"]]),
    "dummy_col_shuffled_ragged.csv": ({}, [*"bcad"], [["2", "3", "1", "4"]]),
    "mac_newlines.csv": ({}, [*"abc"], [["1", "2", "3"], ["Once upon\ra time", "5", "6"]]),
    "optional_quote_characters.csv": ({}, [*"abc"], [["1", "2", "3"]]),
    "sniff_limit.csv": ({}, [*"abc"], [["1", "2", "3"]]),
    "test_empty_columns.csv": ({}, ["a", "b", "c", "", ""], [["a", "", "", "", ""], ["", "", "c", "", ""]]),
    "test_header_newline.csv": ({}, ["start \t\n\x0b\x0c\r end", "b", "c"], [["d", "e", "f"]]),
    "test_latin1.csv": ({"encoding": "latin-1"}, [*"abc"], [["1", "2", "3"], ["4", "5", "©"]]),
    "test_skip_lines.csv": ({}, [*"abc"], [["1", "2", "3"]]),
    "test_utf16_big.csv": ({}, [*"abc"], [["1", "2", "3"], ["4", "5", "ʤ"]]),
    "test_utf16_little.csv": ({}, [*"abc"], [["1", "2", "3"], ["4", "5", "ʤ"]]),
    "test_utf8.csv": ({}, ["foo", "bar", "baz"], [["1", "2", "3"], ["4", "5", "ʤ"]]),
    "test_utf8_bom.csv": ({}, ["foo", "bar", "baz"], [["1", "2", "3"], ["4", "5", "ʤ"]]),
}
"""How to read a file of csvkit, its columns, and its rows without those that are rejected."""


@pytest.mark.parametrize("name", READ)
def test_csvkit_files_are_read_as_their_answers_say(name: str) -> None:
    options, header, rows = READ[name]
    found, read = _read(CSVKIT / name, **options)
    stripped = [" ".join(column.split()) for column in header]
    assert [" ".join(column.split()) for column in found] == stripped
    assert [row.cells for row in read if not row.faults] == rows


FAULTY = {
    "bad.csv": {2: "has 4 cells, the header 3"},
    "null_byte.csv": {2: "contains a NUL character"},
}


@pytest.mark.parametrize("name", FAULTY)
def test_csvkit_rows_that_cannot_be_taken_are_rejected_by_line(name: str) -> None:
    _, rows = _read(CSVKIT / name)
    assert {row.line: row.faults[0].reason for row in rows if row.faults} == FAULTY[name]


SHORT = ["bad.csv", "test_extra_header.csv", "test_join_short_rows.csv"]


@pytest.mark.parametrize("name", SHORT)
def test_csvkit_rows_that_are_short_are_filled_and_told(name: str) -> None:
    header, rows = _read(CSVKIT / name)
    assert all(len(row.cells) == len(header) or row.faults for row in rows)
    assert any("the rest are taken as empty" in warning for row in rows for warning in row.warnings)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("empty.csv", "is empty"),
        ("test_latin1.csv", "is not UTF-8"),
        ("testjson_nested.json", '"nested" is an object'),
        ("dummy.xls", "of the format xls, which cannot be read"),
        ("sheets.xlsx", 'the sheet "not this one" has no cells'),
    ],
)
def test_csvkit_files_that_have_no_single_reading_are_refused(name: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        _read(CSVKIT / name)
    assert told in refused.value.message


# name, how it is read, and the CSV that csvkit makes of it
CONVERTED: list[tuple[str, dict[str, Any], str]] = [
    ("test.xlsx", {}, "testxlsx_converted.csv"),
    ("sheets.xlsx", {"sheet": "data"}, "testxlsx_converted.csv"),
    ("sheets.xlsx", {"sheet": "ʤ"}, "testxlsx_unicode_converted.csv"),
    ("dummy.xlsx", {}, "testxlsx_unicode_converted.csv"),
    ("test_skip_lines.xlsx", {"skip_rows": 3}, "testxlsx_converted.csv"),
    ("testjson.json", {}, "testjson_converted.csv"),
    ("testjson_multiline.json", {"format": "jsonl"}, "testjson_multiline_converted.csv"),
]
EXTRA = "Extra data"


def _alike(cell: str) -> str:
    """Return a cell in the one form that csvkit and we write differently: 1.0 or 1, True or true, 4:14:00."""
    cell = cell.removesuffix("T00:00:00")
    if cell[1:2] == ":":
        cell = f"0{cell}"
    number = cell.replace(".", "", 1).isdigit()
    return str(float(cell)) if number else {"True": "true", "False": "false"}.get(cell, cell)


@pytest.mark.parametrize(("name", "options", "answer"), CONVERTED)
def test_what_csvkit_converts_is_read_as_its_conversion_says(
    name: str, options: dict[str, Any], answer: str
) -> None:
    header, rows = _read(CSVKIT / name, **options)
    with (CSVKIT / answer).open(encoding="utf-8", newline="") as file:
        names, *wanted = csv.reader(file)

    assert header == names[: len(header)]
    assert [[*map(_alike, row.cells[: len(header)])] for row in rows] == [
        [*map(_alike, row[: len(header)])] for row in wanted
    ]
    # What csvkit gives a column of its own, or trims away, is told of its row.
    assert [bool(row.faults) for row in rows] == [any(EXTRA in cell for cell in row) for row in wanted]


def test_a_workbook_of_thousand_rows_is_read_whole() -> None:
    header, rows = _read(CSVKIT / "realdata" / "ne_1033_data.xlsx")
    assert (len(header), len(rows), rows[-1].line) == (14, 1036, 1037)
    assert {row.cells[0] for row in rows} == {"NE"}
    assert not any(row.faults or row.odd or row.warnings for row in rows)


PAPA_OPTIONS = {"header", "preview", "skipFirstNLines", "delimiter", "newline", "skipEmptyLines"}
PAPA_OTHERWISE: dict[str, Any] = {
    # A row that is too short is filled; one that is too long is rejected.
    "Row with too few fields": [{"A": "a", "B": "b", "C": ""}],
    "Row with too many fields": [{"A": "f", "B": "g", "C": "h"}],
    # Columns of one name are refused, or numbered as profiles ask for it.
    "Simple duplicated header names": Refused,
    "Duplicated header names existing column": Refused,
    "Duplicate header names with __proto__ field": Refused,
}


def _papa() -> Iterator[Any]:
    for name in ("CORE_PARSER_TESTS", "PARSE_TESTS"):
        path = HARD / "papaparse" / f"{name}.json"
        for case in json.loads(path.read_text("utf-8")) if path.is_file() else []:
            config = case.get("config") or {}
            if config.get("header") and set(config) <= PAPA_OPTIONS:
                yield pytest.param(case, id=case["description"])


@pytest.mark.parametrize("case", list(_papa()))
def test_papa_parse_files_with_a_header_are_read_or_refused_as_documented(opened: Opened, case: Any) -> None:
    config, description = case["config"], case["description"]
    wanted = PAPA_OTHERWISE.get(description, case["expected"]["data"])
    options = {"limit": config.get("preview"), "skip_rows": config.get("skipFirstNLines", 0)}
    if wanted is Refused:
        with pytest.raises(Refused, match="both named"):
            opened(case["input"], **options)
        return
    table = opened(case["input"], **options)
    rows = [row for row in table.rows if not row.faults]
    assert [dict(zip(table.header, row.cells, strict=True)) for row in rows] == wanted


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("bad-header-less-fields", ["line 2 ends after 2 of 3 cells: the rest are taken as empty"]),
        ("bad-header-more-fields", ["line 2: has 4 cells, the header 3"]),
        ("bad-header-wrong-header", []),
        ("bad-unescaped-quote", []),
    ],
)
def test_csv_test_data_that_is_bad_is_told_by_row(name: str, told: list[str]) -> None:
    _, rows = _read(HARD / "csv-test-data" / "csv" / f"{name}.csv")
    assert [str(each) for row in rows for each in (*row.faults, *row.warnings)] == told
