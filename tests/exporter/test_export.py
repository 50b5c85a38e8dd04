import io
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crmctl.errors import WrongUse
from crmctl.exporter.export import record_sheet, write_export
from crmctl.exporter.formats import WRITERS, export_format
from crmctl.exporter.sheet import Cell, Sheet, SheetOptions
from crmctl.file_formats import SUFFIXES
from crmctl.model.field import Conventions
from crmctl.model.records import Record, RecordType
from crmctl.model.standard_fields import STANDARD_FIELDS

CONVENTIONS = Conventions(now=datetime(2026, 11, 21, tzinfo=UTC), timezone="Europe/Kyiv")


def test_an_export_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_export(str(tmp_path / "x.csv"), "csv", Sheet(["a"], [["1"]]))

    assert (tmp_path / "x.csv").read_text() == "a\n1\n"
    assert stat.S_IMODE((tmp_path / "x.csv").stat().st_mode) == 0o600


def test_an_export_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    def rows() -> Iterator[list[Cell]]:
        yield ["1"]
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        write_export(str(tmp_path / "x.csv"), "csv", Sheet(["a"], rows()))

    assert list(tmp_path.iterdir()) == []


def test_a_dash_is_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(out, "ascii"))
    write_export("-", "csv", Sheet(["a"], [["Ёлка"]]), SheetOptions(delimiter=";"))

    assert out.getvalue().decode() == "a\nЁлка\n"


def test_records_have_a_column_for_each_field(tmp_path: Path) -> None:
    fields = STANDARD_FIELDS[RecordType.DEAL]
    record = Record(
        {
            "id": "D-1",
            "record": "deal",
            "title": "=Acme",
            "amount": "0.00",
            "currency": "UAH",
            "tags": ["a", "b"],
            "created_at": "2026-11-20T22:00:00+00:00",
            "revision": 3,
        }
    )
    write_export(str(tmp_path / "x.csv"), "csv", record_sheet("csv", fields, [record], CONVENTIONS))
    header, row = (tmp_path / "x.csv").read_text().splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True))

    assert list(cells) == [field.name for field in fields]
    assert {name: cell for name, cell in cells.items() if cell} == {
        "id": "D-1",
        "record": "deal",
        "title": "'=Acme",
        "amount": "0.00",
        "currency": "UAH",
        "tags": "a; b",
        "created_at": "2026-11-21T00:00:00+02:00",
        "revision": "3",
    }


@pytest.mark.parametrize(("suffix", "name"), SUFFIXES.items())
def test_the_suffix_names_the_format(suffix: str, name: str) -> None:
    assert export_format(f"Leads{suffix.upper()}") == name


def test_a_format_that_is_named_wins() -> None:
    assert export_format("leads.csv", "JSON") == "json"


def test_standard_output_gets_csv() -> None:
    assert export_format("-") == "csv"


@pytest.mark.parametrize(("target", "named"), [("leads", ""), ("leads.zip", ""), ("leads.csv", "cvs")])
def test_a_format_that_cannot_be_written_is_wrong_use(target: str, named: str) -> None:
    with pytest.raises(WrongUse):
        export_format(target, named)


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_writes_a_sheet_without_rows(tmp_path: Path, name: str) -> None:
    write_export(str(tmp_path / "x"), name, Sheet(["a"], []))

    assert (tmp_path / "x").exists()
