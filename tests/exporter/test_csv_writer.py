from io import BytesIO

import pytest

from crmctl.errors import Refused, WrongUse
from crmctl.exporter import csv_writer, tsv_writer
from crmctl.exporter.sheet import Cell, Sheet, SheetOptions


def _written(rows: list[list[Cell]], **options: object) -> bytes:
    out = BytesIO()
    csv_writer.write(out, Sheet(["a", "b"], rows), SheetOptions(**options))  # type: ignore[arg-type]
    return out.getvalue()


def test_lines_end_in_lf() -> None:
    assert _written([["1", "2"], ["3", ""]]) == b"a,b\n1,2\n3,\n"


def test_cells_are_quoted_where_they_must_be() -> None:
    assert _written([["x,y", 'say "hi"']]) == b'a,b\n"x,y","say ""hi"""\n'


@pytest.mark.parametrize("inner", ["\n", "\r", "\r\n", "\r\r\n"])
def test_line_breaks_are_quoted_and_kept(inner: str) -> None:
    assert f'"x{inner}y"'.encode() in _written([[f"x{inner}y", "2"]])


def test_formulas_are_guarded_unless_that_is_switched_off() -> None:
    assert _written([["=1+1", "-5"]]) == b"a,b\n'=1+1,-5\n"
    assert _written([["=1+1", "'=x"]], guard=False) == b"a,b\n=1+1,''=x\n"


def test_values_that_are_no_text_are_written_as_it() -> None:
    assert _written([[None, True], [0, ["x", "y"]], [False, 1.5]]) == b"a,b\n,true\n0,x; y\nfalse,1.5\n"


def test_the_delimiter_can_be_chosen() -> None:
    assert _written([["x;y", "z,w"]], delimiter=";") == b'a;b\n"x;y";z,w\n'


def test_tabs_separate_the_cells_of_a_tsv() -> None:
    out = BytesIO()
    tsv_writer.write(out, Sheet(["a", "b"], [["x\ty", "z"]]), SheetOptions())

    assert out.getvalue() == b'a\tb\n"x\ty"\tz\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "cp1251", "koi8-r"])
def test_the_encoding_can_be_chosen(encoding: str) -> None:
    rows: list[list[Cell]] = [["Ёлка", "2"]] * 1200

    assert _written(rows, encoding=encoding) == ("a,b\n" + "Ёлка,2\n" * 1200).encode(encoding)


def test_the_byte_order_mark_stands_once_at_the_beginning() -> None:
    assert _written([["x", "y"]] * 1200, bom=True) == b"\xef\xbb\xbfa,b\n" + b"x,y\n" * 1200


def test_a_character_that_the_encoding_lacks_is_refused_by_row() -> None:
    with pytest.raises(Refused) as refused:
        _written([["x", "y"], ["z", "5 ₴"]], encoding="cp1251")

    assert refused.value.message == 'row 2 has "₴" (U+20B4), which cp1251 lacks'


@pytest.mark.parametrize(
    "options",
    [
        {"encoding": "nonsense"},
        {"encoding": "hex"},
        {"delimiter": ",,"},
        {"delimiter": '"'},
        {"encoding": "cp1251", "bom": True},
    ],
)
def test_options_that_cannot_be_are_wrong_use(options: dict[str, object]) -> None:
    with pytest.raises(WrongUse):
        _written([], **options)
