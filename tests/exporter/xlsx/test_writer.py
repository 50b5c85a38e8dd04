"""Workbooks as they are written, and as another reader finds them."""

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import python_calamine

from crmctl.errors import Refused
from crmctl.exporter.export import record_sheet, write_export
from crmctl.exporter.sheet import Cell, Sheet, SheetOptions
from crmctl.exporter.xlsx import writer
from crmctl.model.field import Conventions, Field
from crmctl.model.records import Record

CONVENTIONS = Conventions(now=datetime(2026, 11, 21, 12, tzinfo=UTC), timezone="Europe/Kyiv", currency="UAH")


def written(header: list[str], rows: Iterable[list[Cell]]) -> bytes:
    out = io.BytesIO()
    writer.write(out, Sheet(header, rows), SheetOptions())
    return out.getvalue()


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def sheet_of(content: bytes) -> str:
    return part(content, "xl/worksheets/sheet1.xml")


def found(content: bytes) -> list[list[object]]:
    book = python_calamine.load_workbook(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_another_reader_finds_every_cell_with_its_type() -> None:
    cells: list[Cell] = ["Ромашка", 5, 1.5, Decimal("12.50"), True, None, ["a", "b"]]
    days: list[Cell] = [date(2026, 3, 4), datetime(2026, 3, 4, 15, 30, 59)]
    assert found(written([*"abcdefghi"], [[*cells, *days]]))[1] == [
        *("Ромашка", 5.0, 1.5, 12.5, True, "", "a; b"),
        *days,
    ]


def test_amounts_are_shown_with_the_decimals_they_have() -> None:
    content = written(["amount"], [[Decimal(text)] for text in ("1234", "1234.50", "1.234", "1.2345")])
    styles = [f's="{number}"' for number in (5, 7, 8, 9)]
    assert [style for style in styles if style in sheet_of(content)] == styles
    formats = part(content, "xl/styles.xml")
    assert all(code in formats for code in ('numFmtId="3"', 'numFmtId="4"', '"#,##0.000"', '"#,##0.0000"'))


def test_text_is_marked_as_text_in_its_style_too() -> None:
    content = written(["a"], [["=1+1"]])
    assert '<c r="A2" s="1" t="inlineStr"><is><t>=1+1</t></is></c>' in sheet_of(content)
    assert 'numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"' in part(
        content, "xl/styles.xml"
    )


def test_the_header_stays_in_sight_and_can_be_filtered_by() -> None:
    content = written([f"column {n}" for n in range(28)], [[None] * 28] * 3)
    sheet = sheet_of(content)
    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in sheet
    assert '<autoFilter ref="A1:AB4"/>' in sheet
    assert "Sheet1!$A$1:$AB$4" in part(content, "xl/workbook.xml")


@pytest.mark.parametrize(
    ("name", "cells", "width"),
    [
        ("a", ["x"], 8),
        ("a", ["Общество с ограниченной"], 25),
        ("a", ["東京都千代田区"], 16),
        ("a", ["x" * 500], 60),
        ("a", ["first\nthe longest line"], 18),
        ("a long name of a column", ["x"], 26),
        ("a", [Decimal("1234567.00")], 14),
        ("a", [datetime(2026, 3, 4, 15, 30)], 21),
    ],
)
def test_columns_are_as_wide_as_what_is_in_them(name: str, cells: list[Cell], width: int) -> None:
    assert f'width="{width}" customWidth' in sheet_of(written([name], [[cell] for cell in cells]))


def test_equal_content_gives_equal_bytes() -> None:
    rows: list[list[Cell]] = [[n, f"text {n}", Decimal(n), date(2026, 1, 1)] for n in range(2000)]
    assert written([*"abcd"], rows) == written([*"abcd"], iter(rows))


def test_a_sheet_without_rows_is_a_header() -> None:
    assert found(written(["a", "b"], [])) == [["a", "b"]]


@pytest.mark.parametrize("size", [32_768, 40_000])
def test_a_text_that_is_too_long_is_refused_with_its_record(size: int) -> None:
    with pytest.raises(Refused) as refused:
        written(["id", "comment"], [["L-1", "x" * 32_767], ["L-2", "x" * size]])
    assert refused.value.message == f"L-2: comment has {size:,} characters, and a cell of XLSX holds 32,767"
    with pytest.raises(Refused, match="row 2: comment has 32,768"):
        written(["comment"], [["\U0001f600" * 16_384]])


def test_a_sheet_that_no_import_would_unpack_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "_LARGEST_SHEET", 100_000)
    with pytest.raises(Refused, match="larger than an import reads"):
        written(["a"], [["x" * 100]] * 5000)
    monkeypatch.setattr(writer, "MOST_ROWS", 1000)
    with pytest.raises(Refused, match="no room for more than 1,000 rows"):
        written(["a"], [["x"]] * 1000)


def test_rows_are_written_as_they_come() -> None:
    alive: list[int] = []

    def rows() -> Iterable[list[Cell]]:
        for number in range(5000):
            alive.append(out.tell())
            yield [str(hash(str(number)))] * 20

    out = io.BytesIO()
    writer.write(out, Sheet([f"c{n}" for n in range(20)], rows()), SheetOptions())
    assert alive[-1] > 10_000


def test_a_failed_export_leaves_the_old_file(tmp_path) -> None:
    target = tmp_path / "x.xlsx"
    target.write_bytes(b"old")

    def rows() -> Iterable[list[Cell]]:
        yield ["x"]
        raise Refused("no")

    with pytest.raises(Refused, match="no"):
        write_export(str(target), "xlsx", Sheet(["a"], rows()))
    assert (target.read_bytes(), [each.name for each in tmp_path.iterdir()]) == (b"old", ["x.xlsx"])


def cell_of(kind: str, value: object) -> Cell:
    """Return the cell that a field of a kind has in a workbook."""
    record = Record({"id": "D-1", "record": "deal", "field": value, "currency": "UAH"})  # type: ignore[dict-item]
    fields = [
        Field("field", kind, paired="currency" if kind == "money" else ""),
        Field("currency", "currency"),
    ]
    (row,) = record_sheet("xlsx", fields, [record], CONVENTIONS).rows
    return row[0]


@pytest.mark.parametrize(
    ("kind", "value", "cell"),
    [
        ("integer", 5, 5),
        ("number", 1.25, 1.25),
        ("number", 123456789012345, 123456789012345),
        ("number", 1234567890123456, "1234567890123456"),
        ("money", "12.50", Decimal("12.50")),
        ("money", "-12.50", Decimal("-12.50")),
        ("money", "12345678901234.50", "12345678901234.50"),
        ("boolean", True, True),
        ("date", "2026-03-04", date(2026, 3, 4)),
        ("date", "1899-12-31", "1899-12-31"),
        ("date", "1900-02-28", "1900-02-28"),
        ("datetime", "2026-03-04T13:30:00+00:00", datetime(2026, 3, 4, 15, 30)),
        ("datetime", "2026-10-25T00:30:00+00:00", "2026-10-25T03:30:00+03:00"),
        ("datetime", "2026-10-25T01:30:00+00:00", "2026-10-25T03:30:00+02:00"),
        ("datetime", "0001-01-01T00:00:00+00:00", "0001-01-01T02:02:04+02:02:04"),
        ("text", "5", "5"),
        ("tags", ["a", "b"], "a; b"),
    ],
)
def test_a_value_has_its_own_type_where_that_gives_it_back(kind: str, value: object, cell: Cell) -> None:
    assert (type(cell_of(kind, value)), cell_of(kind, value)) == (type(cell), cell)


def test_an_amount_without_a_column_for_its_currency_names_it() -> None:
    record = Record({"id": "D-1", "record": "deal", "amount": "12.50", "currency": "UAH"})
    sheet = record_sheet("xlsx", [Field("amount", "money", paired="currency")], [record], CONVENTIONS)
    assert list(sheet.rows) == [["12.50 UAH"]]


def test_equal_bytes_do_not_depend_on_the_stream() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.content = b""

        def writable(self) -> bool:
            return True

        def write(self, block: bytes) -> int:  # type: ignore[override]
            self.content += bytes(block)
            return len(block)

    pipe = Pipe()
    writer.write(pipe, Sheet(["a"], [["x"]]), SheetOptions())  # type: ignore[arg-type]
    assert found(pipe.content) == [["a"], ["x"]]
