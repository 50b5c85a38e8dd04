from collections.abc import Callable
from pathlib import Path

import pytest

from crmctl.errors import Refused, WrongUse
from crmctl.file_formats import SUFFIXES
from crmctl.importer.formats import READERS, recognised_format
from crmctl.importer.source import Source
from crmctl.importer.table import Table

Opened = Callable[..., Table]
READ = {suffix: name for suffix, name in SUFFIXES.items() if name in READERS}


def _recognised(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    with Source(str(folder / name)) as source:
        return recognised_format(source)


@pytest.mark.parametrize(("suffix", "name"), READ.items())
def test_the_suffix_names_the_format(tmp_path: Path, suffix: str, name: str) -> None:
    content = b"PK\x03\x04" if name == "xlsx" else b"x"
    assert _recognised(tmp_path, f"leads{suffix.upper()}", content) == name


@pytest.mark.parametrize(("content", "name"), [(b"a,b\n", "csv"), (b' [{"a": 1}]', "json"), (b"", "csv")])
def test_without_a_suffix_the_first_character_tells(tmp_path: Path, content: bytes, name: str) -> None:
    assert _recognised(tmp_path, "leads", content) == name


def test_a_workbook_is_recognised_whatever_its_name(tmp_path: Path) -> None:
    assert _recognised(tmp_path, "leads.csv", b"PK\x03\x04" + b"\0" * 20) == "xlsx"
    with pytest.raises(Refused, match="cannot be read"):
        _recognised(tmp_path, "leads.csv", b"\xd0\xcf\x11\xe0" + b"\0" * 20)


def test_an_unknown_format_is_wrong_use(opened: Opened) -> None:
    with pytest.raises(WrongUse) as wrong:
        opened("a\n", format="jsno")

    assert wrong.value.hint == 'did you mean "json"?'


def test_the_columns_that_rejecting_added_are_left_out(opened: Opened) -> None:
    table = opened("a,_line,b,_error\n1,7,2,bad\n")

    assert table.header == ("a", "b")
    assert [row.cells for row in table.rows] == [["1", "2"]]


def test_what_a_rejected_row_has_too_much_stays_in_place(opened: Opened) -> None:
    row = next(opened("a,_line,_error\n1,7,bad,surplus\n").rows)

    assert row.cells == ["1", "surplus"]
    assert row.faults
