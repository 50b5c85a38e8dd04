import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import NotFound
from crmctl.importer.formats import open_table
from crmctl.importer.mapping import map_columns
from crmctl.importer.rejects import Fault, Reject, reject, write_rejects
from crmctl.importer.row_parser import RowParser
from crmctl.importer.source import Source
from crmctl.importer.table import ReadOptions, Table
from crmctl.model.field import Conventions, Field
from crmctl.model.records import RecordType


def test_rows_come_back_with_their_line_and_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    rejected = [Reject(7, ["Acme", "x;y"], (Fault("amount: not a number"), Fault("title: is empty")))]

    assert write_rejects(str(path), ["title", "amount"], rejected, delimiter=";") == 1
    assert path.read_text() == (
        '"title";"amount";"_line";"_error"\n"Acme";"x;y";"7";"amount: not a number; title: is empty"\n'
    )


def test_a_rejects_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    write_rejects(str(path), ["a"], [])

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_rejects_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    path.write_text("old")

    def interrupted() -> Iterator[Reject]:
        yield Reject(2, ["x"], (Fault("bad"),))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_rejects(str(path), ["a"], interrupted())

    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["rejects.csv"]


def test_a_missing_folder_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="its folder does not exist"):
        write_rejects(str(tmp_path / "no" / "rejects.csv"), ["a"], [])


def test_rejected_cells_are_no_formulas_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    write_rejects(str(path), ["a"], [Reject(2, ["=cmd|' /C calc'!A0"], (Fault("a: bad"),))])

    assert "\"'=cmd|" in path.read_text()


def test_mended_rejects_are_imported_as_they_are(
    tmp_path: Path,
    opened: Callable[..., Table],
    lead_fields: dict[str, Field],
    conventions: Conventions,
) -> None:
    table = opened("Title;Amount\nA;x\nB;7\n")
    columns = map_columns(table.header, lead_fields)
    parser = RowParser(columns, lead_fields, RecordType.LEAD, conventions)
    bad = [row for row in parser.rows(table.rows) if row.errors]
    write_rejects(str(tmp_path / "bad.csv"), table.header, map(reject, bad), delimiter=table.delimiter)
    mended = (tmp_path / "bad.csv").read_text().replace('"x"', '"5"')

    again = opened(mended)

    assert again.header == table.header
    assert [row.cells for row in again.rows] == [["A", "5"]]


def test_reasons_of_cells_stand_before_those_of_rules(
    opened: Callable[..., Table], lead_fields: dict[str, Field], conventions: Conventions
) -> None:
    table = opened("title,amount\nA,x\n")
    parser = RowParser(map_columns(table.header, lead_fields), lead_fields, RecordType.LEAD, conventions)

    rejected = reject(next(parser.rows(table.rows)), [Fault("source is required")])

    assert rejected.line == 2
    assert rejected.reasons[0].startswith('amount "x": ')
    assert rejected.reasons[1] == "source is required"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="a=+'\"\n\r\t,;ё@", max_size=8), min_size=2, max_size=4))
def test_rejected_cells_are_read_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "rejects.csv"
    header = [f"c{n}" for n in range(len(cells))]
    write_rejects(str(path), header, [Reject(2, cells, (Fault("bad"),))])

    with Source(str(path)) as source:
        table = open_table(source, ReadOptions())
        assert list(table.header) == header
        assert [row.cells for row in table.rows] == [cells]
