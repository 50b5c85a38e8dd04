"""What others write is read as they meant it, and as another reader reads it."""

import io
import random
import string
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmctl.importer.formats import open_table
from crmctl.importer.source import Source
from crmctl.importer.table import ReadOptions, Table

Opened = Callable[..., Table]


@pytest.mark.parametrize("in_place", [True, False])
def test_a_workbook_of_another_writer_is_read(opened: Opened, in_place: bool) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": in_place})
    sheet = book.add_worksheet("Лиды")
    day, moment, clock = (book.add_format({"num_format": code}) for code in ("dd.mm.yyyy", 22, "hh:mm:ss"))
    sheet.write_row(0, 0, ["text", "number", "day", "moment", "time", "flag", "formula"])
    sheet.write_string(1, 0, " Ромашка & <Ко>\r\n_x0041_\x01")
    sheet.write_number(1, 1, 1234.5)
    sheet.write_datetime(1, 2, date(2026, 3, 4), day)
    sheet.write_datetime(1, 3, datetime(2026, 3, 4, 15, 30, 59), moment)
    sheet.write_datetime(1, 4, time(15, 30, 59), clock)
    sheet.write_boolean(1, 5, True)
    sheet.write_formula(1, 6, "=1+1", None, 2)
    sheet.merge_range("A4:B4", "merged")
    sheet.freeze_panes(1, 0)
    book.add_worksheet("Hidden").hide()
    book.close()

    table = opened(out.getvalue(), "x.xlsx")

    assert table.notes == []
    assert [row.cells for row in table.rows] == [
        [
            " Ромашка & <Ко>\r\n_x0041_\x01",
            "1234.5",
            "2026-03-04",
            "2026-03-04T15:30:59",
            "15:30:59",
            "true",
            "2",
        ],
        ["merged", *[""] * 6],
    ]


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.integers(-(10**9), 10**9).map(lambda number: number / 1000),
    st.dates(date(1900, 3, 1)),
    st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31)).map(lambda each: each.replace(microsecond=0)),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=20),
    st.text(string.ascii_letters + "яё<>&\"'_ ", max_size=20),
)


def _told(value: object) -> str:
    """Return what another reader found as the text that it should be."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat() if value.time() != time() else value.date().isoformat()
    return str(value)


def _shown(text: str) -> str:
    """Return a number without the nought that keeps it from being read as thousands."""
    number, mark, decimals = text.partition(".")
    whole = number.lstrip("-").isdigit() and decimals.isdigit()
    return f"{number}{mark}{decimals.rstrip('0')}" if whole else text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=6), seed=st.integers())
def test_two_readers_agree(tmp_path: Path, rows: list[list[object]], seed: int) -> None:
    path = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(path, {"constant_memory": random.Random(seed).random() < 0.5})
    sheet = book.add_worksheet()
    formats = {date: book.add_format({"num_format": 14}), datetime: book.add_format({"num_format": 22})}
    sheet.write_row(0, 0, "abcd")
    for line, cells in enumerate(rows, 1):
        for at, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(line, at, f"x{cell}")  # `<r>` alone would be taken for XML
            elif type(cell) in formats:
                sheet.write_datetime(line, at, cell, formats[type(cell)])
            elif cell is not None:
                sheet.write(line, at, cell)
    book.close()

    with Source(str(path)) as source:
        ours = {row.line: row.cells for row in open_table(source, ReadOptions()).rows}
    theirs = python_calamine.load_workbook(path).get_sheet_by_index(0).to_python(skip_empty_area=False)

    for line, cells in enumerate(theirs[1:], 2):
        known = ours.get(line, [""] * 4)
        filled = [*map(_told, cells), *[""] * (4 - len(cells))]
        assert [_shown(cell) for cell in known] == [_shown(cell) for cell in filled]
