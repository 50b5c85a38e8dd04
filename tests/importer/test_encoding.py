from collections.abc import Callable

import pytest

from crmctl.errors import Refused, WrongUse
from crmctl.importer.table import Table

Opened = Callable[..., Table]
Cells = Callable[..., list[list[str]]]
RUSSIAN = "Название;Имя\nАкме;Ёлка\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_recognised_by_itself(opened: Opened, encoding: str) -> None:
    table = opened(RUSSIAN.encode(encoding))

    assert table.header == ("Название", "Имя")
    assert [row.cells for row in table.rows] == [["Акме", "Ёлка"]]


def test_big_endian_utf_16_is_recognised_by_its_mark(opened: Opened) -> None:
    assert opened(b"\xfe\xff" + RUSSIAN.encode("utf-16-be")).header == ("Название", "Имя")


def test_unicode_text_from_excel_is_read(cells: Cells) -> None:
    assert cells("a\tb\r\n1\tдва\r\n".encode("utf-16"), name="book.txt") == [["1", "два"]]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "windows-1251"])
def test_any_other_encoding_is_read_as_declared(cells: Cells, encoding: str) -> None:
    assert cells(RUSSIAN.encode(encoding), encoding=encoding) == [["Акме", "Ёлка"]]


def test_a_byte_order_mark_wins_over_what_is_declared(cells: Cells) -> None:
    assert cells(RUSSIAN.encode("utf-8-sig"), encoding="cp1251") == [["Акме", "Ёлка"]]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866"])
def test_a_russian_file_that_is_not_unicode_is_refused_with_the_encoding_to_declare(
    opened: Opened, encoding: str
) -> None:
    with pytest.raises(Refused) as refused:
        opened(RUSSIAN.encode(encoding))

    assert "line 1 is not UTF-8: byte 0x" in refused.value.message
    assert refused.value.hint == f"if that is how it should read, add --encoding {encoding}"
    assert refused.value.details[0]["message"] == f'in {encoding} it reads "Название;Имя"'


def test_a_western_file_is_offered_its_encoding_first(opened: Opened) -> None:
    with pytest.raises(Refused) as refused:
        opened("Müller;Straße 5;José\n".encode("cp1252"))

    assert str(refused.value.hint).endswith("--encoding cp1252")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_bad_byte_late_in_a_file_is_named_by_line_and_offset(cells: Cells, end: bytes) -> None:
    lines = [b"a,b"] + [b"\xd0\x81,2"] * 99_000
    lines[900] = b"x,\xcf\xf0\xe8"
    content = end.join(lines)

    with pytest.raises(Refused) as refused:
        cells(content)

    assert f"line 901 is not UTF-8: byte 0xcf at offset {content.index(0xCF):,}" in refused.value.message


def test_a_character_cut_off_at_the_end_is_refused(cells: Cells) -> None:
    with pytest.raises(Refused, match="line 2 is not UTF-8: byte 0xd0 at offset 4"):
        cells(b"a,b\n\xd0")


def test_offsets_count_from_the_first_byte_despite_a_mark(cells: Cells) -> None:
    with pytest.raises(Refused, match="offset 7"):
        cells(b"\xef\xbb\xbfa,b\n\xff")


def test_a_declared_encoding_that_does_not_fit_is_refused(cells: Cells) -> None:
    with pytest.raises(Refused, match="line 2 is not cp1252: byte 0x81"):
        cells(b"a,b\n\x81,2\n", encoding="cp1252")


def test_utf_16_that_breaks_off_is_refused(cells: Cells) -> None:
    with pytest.raises(Refused, match="line 2 is not UTF-16"):
        cells("a,b\nx".encode("utf-16") + b"\x00")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_refused_with_what_to_declare(opened: Opened, encoding: str) -> None:
    with pytest.raises(Refused) as refused:
        opened("a,b\n1,2\n".encode(encoding))

    assert "contains NUL characters" in refused.value.message
    assert str(refused.value.hint).endswith(f"--encoding {encoding}")


@pytest.mark.parametrize("encoding", ["cp-nonsense", "hex", "rot13", "utf-7", "unicode_escape", "idna", "\0"])
def test_what_is_no_encoding_of_text_is_wrong_use(opened: Opened, encoding: str) -> None:
    with pytest.raises(WrongUse, match="unknown encoding"):
        opened("a\n", encoding=encoding)


def test_the_shown_line_cannot_drive_a_terminal(opened: Opened) -> None:
    with pytest.raises(Refused) as refused:
        opened(b"\x1b[2J\xcf\xf0\xe8\n")

    assert "\x1b" not in str(refused.value.details)
