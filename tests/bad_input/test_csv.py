"""C: CSV as other programs and people leave it."""

import json
from pathlib import Path

import pytest

PLAIN = "title,comment\nДаша,первая\n"
WINDOWS = "Название;Телефон\nРомашка;0441234567\n"


def told_once(err: str) -> bool:
    """Tell whether there is one error and no more."""
    return err.count("error: ") == 1


def test_c03_a_row_with_a_nul_is_rejected_by_line_and_column(put, refused, crm, records) -> None:
    name = put("leads.csv", b"title,comment\nA,x\nB,y\0z\nC,w\n")
    assert '  line 3: comment "y^@z": contains a NUL character' in refused("import", "leads", name)
    assert crm("import", "leads", name, "--partial", "--rejects", "bad.csv").code == 7
    assert [lead["title"] for lead in records()] == ["A", "C"]
    assert b"y\0z" in Path("bad.csv").read_bytes()


def test_c04_a_cp1251_file_is_refused_with_the_encoding_to_declare(put, refused, crm, records) -> None:
    name = put("old.csv", WINDOWS, "cp1251")
    err = refused("import", "leads", name)
    assert "old.csv: line 1 is not UTF-8: byte 0xcd at offset 0" in err
    assert 'in cp1251 it reads "Название;Телефон"' in err
    assert "--encoding cp1251" in err.splitlines()[-1]
    assert crm("import", "leads", name, "--encoding", "cp1251").code == 0
    assert records()[0]["title"] == "Ромашка"


def test_c04_an_encoding_that_does_not_fit_is_refused_too(put, refused) -> None:
    name = put("leads.csv", "title\nЩука\n", "koi8-r")
    assert "line 2" in refused("import", "leads", name, "--encoding", "ascii")
    refused("import", "leads", name, "--encoding", "cp-nonsense", code=2)


def test_c05_a_byte_order_mark_is_no_part_of_the_first_name(put, crm, records) -> None:
    assert crm("import", "leads", put("leads.csv", PLAIN, "utf-8-sig")).code == 0
    assert records()[0]["title"] == "Даша"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_c06_unicode_text_of_a_spreadsheet_is_read(put, crm, records, encoding: str) -> None:
    mark = "" if encoding == "utf-16" else "\ufeff"
    name = put("unicode.txt", f"{mark}Название\tТелефон\r\nРомашка\t0441234567\r\n", encoding)
    ran = crm("import", "leads", name)
    assert (ran.code, "read with tabs between cells" in ran.err) == (0, True)
    assert (records()[0]["title"], records()[0]["phone"]) == ("Ромашка", ["+380441234567"])


def test_c06_without_the_mark_it_is_refused_with_what_to_declare(put, refused, crm) -> None:
    name = put("unicode.txt", "title\tcomment\nA\tB\n", "utf-16-le")
    assert "--encoding utf-16-le" in refused("import", "leads", name)
    assert crm("import", "leads", name, "--encoding", "utf-16-le").code == 0


@pytest.mark.parametrize("more", [(), ("--partial",)])
def test_c07_a_stray_byte_is_one_error_with_its_line_and_offset(put, refused, more: tuple[str, ...]) -> None:
    lines = ["title", *(f"Лид {number}" for number in range(2, 1001))]
    content = "\n".join(lines).encode()
    at = content.index("Лид 900".encode()) + len("Лид 900".encode())
    err = refused("import", "leads", put("leads.csv", content[:at] + b"\xff" + content[at:]), *more)
    assert f"line 900 is not UTF-8: byte 0xff at offset {at:,}" in err
    assert told_once(err)
    assert "--encoding" not in err


def test_c08_a_cell_beyond_the_limit_is_rejected_with_the_limit(put, refused, crm, records) -> None:
    name = put("leads.csv", f"title,comment\nA,{'x' * 65537}\nB,{'y' * 65536}\n")
    err = refused("import", "leads", name)
    assert "line 2: comment" in err
    assert "longer than 65,536 characters" in err
    assert "line 3" not in err
    assert crm("import", "leads", name, "--partial").code == 7
    assert [lead["title"] for lead in records()] == ["B"]


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_c08_the_limit_can_be_raised_and_lowered(put, refused, crm, records, suffix: str) -> None:
    long = "x" * 100_000
    row = json.dumps({"title": "A", "comment": long}) if suffix == "json" else f"title,comment\nA,{long}\n"
    name = put(f"leads.{suffix}", row)
    assert "--field-limit" in refused("import", "leads", name)
    assert "longer than 99,999 characters" in refused("import", "leads", name, "--field-limit", "99999")
    assert crm("import", "leads", name, "--field-limit", "100000").code == 0
    assert records()[0]["comment"] == long


def test_c09_an_unclosed_quote_is_refused_at_the_line_where_it_opened(put, refused) -> None:
    name = put("leads.csv", 'title,comment\nA,"fine"\nB,"open\nC,d\n"E",f\n')
    for more in ((), ("--partial",)):
        err = refused("import", "leads", name, *more)
        assert "leads.csv: line 5: text after the closing quote of the cell that begins on line 3" in err
        assert told_once(err)
    name = put("leads.csv", "title,comment\n" + 'A,"open\n' + "B,c\n" * 5000)
    assert "line 2: a quote is opened and never closed" in refused("import", "leads", name)


def test_c10_short_rows_are_filled_with_a_note_and_long_ones_rejected(put, refused, crm, records) -> None:
    name = put("leads.csv", "title,comment,email\nA\nB,x,b@example.com,surplus\n")
    assert "line 3: has 4 cells, the header 3" in refused("import", "leads", name)
    ran = crm("import", "leads", name, "--partial")
    assert ran.code == 7
    assert "leads.csv: line 2 ends after 1 of 3 cells" in ran.err
    assert [(lead["title"], lead.get("comment")) for lead in records()] == [("A", None)]


@pytest.mark.parametrize("header", ["title,Title", "title,comment,\u00a0TITLE ", "Имя\u0435\u0308,имяё"])
def test_c11_a_name_that_stands_twice_is_refused_with_both_columns(put, refused, header: str) -> None:
    err = refused("import", "leads", put("leads.csv", f"{header}\nA,b\n"))
    names = header.split(",")
    assert f"columns 1 and {len(names)} are both named" in err
    for number, name in ((1, names[0]), (len(names), names[-1])):
        assert f"  column {number}: {name.strip()}" in err


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", ",\nA,b\n", "title,\nA,b\n", " , \n,\n"])
def test_c12_without_a_header_there_is_nothing_to_import(put, refused, content: str) -> None:
    assert "leads.csv" in refused("import", "leads", put("leads.csv", content))


@pytest.mark.parametrize("content", ["title,comment\n", "title", "\ufefftitle,comment\r\n\r\n"])
def test_c12_a_header_alone_is_no_rows_and_no_error(put, crm, unwritten, content: str) -> None:
    with unwritten():
        put("leads.csv", content)
        ran = crm("import", "leads", "leads.csv")
        Path("leads.csv").unlink()
    assert (ran.code, "0 rows" in ran.err) == (0, True)


@pytest.mark.parametrize("name", ["  НАЗВАНИЕ\u00a0лида ", "название  лида", "Название Лида"])
@pytest.mark.parametrize("city", ["Населе\u0308нный пункт", "НАСЕЛЕННЫЙ\u00a0ПУНКТ", "населённый пункт"])
def test_c13_names_of_columns_are_met_however_they_are_written(
    put, crm, records, name: str, city: str
) -> None:
    assert crm("import", "leads", put("leads.csv", f"{name}\nИрина\n")).code == 0
    assert records()[0]["title"] == "Ирина"
    people = put("people.csv", f"Name,Contact type,{city}\nАнна,client,Киев\n")
    assert crm("import", "contacts", people).code == 0
    assert records("contacts")[0]["city"] == "Киев"


def test_c14_an_unknown_column_is_refused_with_the_nearest_name(put, refused, crm, records) -> None:
    name = put("leads.csv", "title,Sorce,Q7\nИрина,call,x\n")
    err = refused("import", "leads", name, code=2)
    assert '"Sorce" is no field; close is "Source"' in err
    assert '"Q7" is no field' in err
    ran = crm("import", "leads", name, "--ignore-unknown")
    assert (ran.code, "columns passed over: Sorce, Q7" in ran.err) == (0, True)
    assert "source" not in records()[0]


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars"), (",", "")])
def test_c15_the_delimiter_is_found_on_the_header_line_and_told(
    put, crm, records, mark: str, word: str
) -> None:
    others = "".join(each for each in ";|, " if each != mark)
    ran = crm("import", "leads", put("leads.csv", f"title{mark}comment\nA{mark}b{others * 9}c\n"))
    assert ran.code == 0
    assert (f"read with {word} between cells" in ran.err) == bool(word)
    assert records()[0]["comment"] == f"b{others * 9}c"


def test_c15_what_was_declared_wins_and_nothing_else_is_tried(put, refused, crm) -> None:
    name = put("leads.csv", "title;comment\nA;b\n")
    assert '"title;comment" is no field' in refused("import", "leads", name, "--delimiter", ",", code=2)
    caret = put("caret.csv", "title^comment\nA^b\n")
    refused("import", "leads", caret, code=2)
    assert crm("import", "leads", caret, "--delimiter", "^").code == 0


def test_c16_old_mac_line_ends_count_outside_quotes_alone(put, crm, records, refused) -> None:
    assert crm("import", "leads", put("mac.csv", 'title,comment\rA,"x\ry"\rB,z')).code == 0
    assert [(lead["title"], lead["comment"]) for lead in records()] == [("A", "x\ry"), ("B", "z")]
    bad = put("bad.csv", "title,email\rA,a@example.com\rB,nope\r")
    assert "line 3: email" in refused("import", "leads", bad)


@pytest.mark.parametrize("inner", ["\r\n", "\n", "\r", "\n\n", "\r\r\n"])
def test_c17_line_breaks_in_a_cell_come_back_byte_for_byte(put, crm, records, inner: str) -> None:
    text = f"one{inner}two"
    assert crm("import", "leads", put("leads.csv", f'title,comment\r\nA,"{text}"\r\n')).code == 0
    assert records()[0]["comment"] == text
    assert crm("export", "leads", "out.csv", "--fields", "title,comment").code == 0
    assert f'"{text}"'.encode() in Path("out.csv").read_bytes()
    crm("undo", "--yes")
    assert crm("import", "leads", "out.csv").code == 0
    assert records()[0]["comment"] == text
