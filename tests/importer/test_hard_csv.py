"""CSV that breaks readers, from collections that say what the right answer is.

Where the answer differs on purpose, the tables below say how.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crmctl.errors import CrmError, Refused
from crmctl.importer.delimiter import found_delimiter
from crmctl.importer.formats import open_table
from crmctl.importer.source import Source
from crmctl.importer.table import ReadOptions, Table

HARD = Path(__file__).parents[3] / "shared" / "data" / "csv_hard"
pytestmark = pytest.mark.skipif(not HARD.is_dir(), reason=f"the hard CSV files are not at {HARD}")

Opened = Callable[..., Table]
Cells = Callable[..., list[list[str]]]

AFTER_QUOTE = "text after the closing quote"
UNCLOSED = "a quote is opened and never closed"
NO_DELIMITER = "cannot separate cells"
PAPA_REFUSED = {
    "Quoted field has no closing quote": UNCLOSED,
    "Quoted field has invalid trailing quote after delimiter with a valid closer": AFTER_QUOTE,
    "Quoted field has invalid trailing quote after delimiter": AFTER_QUOTE,
    "Quoted field has invalid trailing quote before delimiter": AFTER_QUOTE,
    "Quoted field has invalid trailing quote after new line": AFTER_QUOTE,
    "Quoted fields with spaces between closing quote and next delimiter": AFTER_QUOTE,
    "Quoted fields with spaces between closing quote and next new line": AFTER_QUOTE,
    "Quoted fields with spaces after closing quote": AFTER_QUOTE,
    "Quoted fields with spaces between closing quote and next delimiter and contains delimiter": AFTER_QUOTE,
    "Quoted fields with spaces between closing quote and newline and contains newline": AFTER_QUOTE,
    "Bad delimiter (\\n)": NO_DELIMITER,
    "Multi-character delimiter": NO_DELIMITER,
    "Multi-character delimiter (length 2) with quoted field": NO_DELIMITER,
}
PAPA_OTHERWISE = {
    # CR ends a line wherever it stands outside quotes.
    "Mixed slash n and slash r should choose first as precident": [
        ["a", "b", "c"],
        ["d", "e", "f"],
        ["g", "h", "i"],
    ],
    # The header that the test puts before the input is where a mark would be.
    "UTF-8 BOM encoded input is stripped from invisible BOM character": [["\ufeffA", "B"], ["X", "Y"]],
}
CPYTHON_OTHERWISE = {
    # A line end within what the csv module takes for one line is a line end to us.
    "a,b\rc,d": [["a", "b"], ["c", "d"]],
    "a,b\nc,d": [["a", "b"], ["c", "d"]],
    "a,b\r\nc,d": [["a", "b"], ["c", "d"]],
    # The test feeds bytes; their text is CSV.
    "b'abc'": [["b'abc'"]],
}


def _papa() -> Iterator[Any]:
    for name in ("CORE_PARSER_TESTS", "PARSE_TESTS"):
        path = HARD / "papaparse" / f"{name}.json"
        for case in json.loads(path.read_text()) if path.is_file() else []:
            config, rows = case.get("config") or {}, case["expected"]["data"]
            plain = set(config) <= {"delimiter", "newline", "skipEmptyLines"}
            named = isinstance(config.get("delimiter", ","), str) and isinstance(case["input"], str)
            if plain and named and all(isinstance(row, list) for row in rows):
                yield pytest.param(case, id=f"{name[:4]}: {case['description']}")


def _cpython() -> Iterator[Any]:
    path = HARD / "cpython_test_csv_cases.json"
    cases = json.loads(path.read_text()) if path.is_file() else {"reader": [], "dialect_reader": []}
    for case in cases["reader"]:
        options = case["kwargs"]
        if set(options) <= {"delimiter", "strict"} and options.get("delimiter") != "\0":
            text = "\n".join(case["input_lines"])
            yield pytest.param(text, options.get("delimiter", ","), case["expect"], id=repr(text))
    for case in cases["dialect_reader"]:
        if case["dialect"] in ("excel", "unix"):
            yield pytest.param(case["input"], ",", case["expect"], id=f"{case['test']}: {case['input']!r}")


def _body(cells: Cells, text: str, delimiter: str, width: int) -> list[list[str]]:
    """Return the rows of a text without a header."""
    separator = delimiter if len(delimiter) == 1 else ","
    header = separator.join(f"column {number}" for number in range(width))
    return cells(f"{header}\n{text}", delimiter=delimiter)


def _as_we_read(rows: list[list[str]], width: int) -> list[list[str]]:
    """Return an answer with blank rows left out and short ones filled, as the documentation says."""
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    return [row + [""] * (width - len(row)) for row in kept]


@pytest.mark.parametrize("case", list(_papa()))
def test_papa_parse_cases_are_read_or_refused_as_documented(cells: Cells, case: Any) -> None:
    text, description = case["input"], case["description"]
    delimiter = (case.get("config") or {}).get("delimiter") or found_delimiter(text.split("\n")[0])
    wanted = PAPA_OTHERWISE.get(description, case["expected"]["data"])
    width = max(map(len, wanted), default=1)

    if description in PAPA_REFUSED:
        with pytest.raises(CrmError, match=PAPA_REFUSED[description]):
            _body(cells, text, delimiter, width)
    else:
        assert _body(cells, text, delimiter, width) == _as_we_read(wanted, width)


@pytest.mark.parametrize(("text", "delimiter", "expect"), list(_cpython()))
def test_cpython_cases_are_read_or_refused_as_documented(
    cells: Cells, text: str, delimiter: str, expect: list[list[str]]
) -> None:
    wanted = CPYTHON_OTHERWISE.get(text, expect or [])
    width = max(map(len, wanted), default=1) or 1
    reason = _refusal(text)

    if reason:
        with pytest.raises(Refused, match=reason):
            _body(cells, text, delimiter, width)
    else:
        assert _body(cells, text, delimiter, width) == _as_we_read(wanted, width)


def _refusal(text: str) -> str:
    """Return why a case is refused that the csv module, unless told to be strict, makes something of."""
    return {'a,"': UNCLOSED, '"a': UNCLOSED}.get(
        text, AFTER_QUOTE if text in ('"ab"c', '"a"b', '"a" "b"') else ""
    )


@pytest.mark.parametrize("path", sorted(HARD.glob("csv-spectrum/csvs/*.csv")), ids=lambda path: path.stem)
def test_csv_spectrum_is_read_as_its_answers_say(opened: Opened, path: Path) -> None:
    content = path.read_bytes()
    if path.stem.endswith("_crlf"):
        # Copies through version control have lost the line ends that the file is named for.
        content = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    table = opened(content)
    rows = [dict(zip(table.header, row.cells, strict=True)) for row in table.rows]

    assert rows == json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_text())


@pytest.mark.parametrize("path", sorted(HARD.glob("csv-test-data/json/*.json")), ids=lambda path: path.stem)
def test_csv_test_data_is_read_as_its_answers_say(path: Path) -> None:
    wanted = json.loads(path.read_text())
    with Source(str(path.parents[1] / "csv" / f"{path.stem}.csv")) as source:
        if path.stem == "all-empty":
            with pytest.raises(Refused, match="is empty"):
                open_table(source, ReadOptions())
            return
        table = open_table(source, ReadOptions())
        rows = [row.cells for row in table.rows]

    if not wanted or isinstance(wanted[0], dict):
        assert [dict(zip(table.header, row, strict=True)) for row in rows] == wanted
    else:
        # Column names are trimmed, and rows of blank cells are left out.
        assert [list(table.header), *rows] == [
            [name.strip() for name in wanted[0]],
            *(row for row in wanted[1:] if any(cell.strip() for cell in row)),
        ]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("bad-missing-quote", UNCLOSED),
        ("bad-quotes-with-unescaped-quote", AFTER_QUOTE),
        ("bad-header-no-header", "is empty"),
    ],
)
def test_bad_csv_is_refused(name: str, answer: str) -> None:
    with (
        Source(str(HARD / "csv-test-data" / "csv" / f"{name}.csv")) as source,
        pytest.raises(Refused, match=answer),
    ):
        list(open_table(source, ReadOptions()).rows)


@pytest.mark.parametrize("path", sorted(HARD.rglob("*.csv")), ids=lambda path: path.name)
def test_every_file_is_read_or_refused_by_name(path: Path) -> None:
    with Source(str(path)) as source:
        try:
            table = open_table(source, ReadOptions())
            rows = list(table.rows)
        except Refused as error:
            refused = error.message
        else:
            refused = path.name
            assert all(len(row.cells) == len(table.header) or row.faults for row in rows)
    assert path.name in refused
