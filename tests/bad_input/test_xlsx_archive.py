"""X: workbooks that explode, lie, change while they are read, or lead elsewhere."""

import fcntl
import os
import struct
from pathlib import Path

import pytest


def stuffed(book, name: str, content: bytes) -> bytes:
    return book([["title"], ["A"]], parts={name: content})


@pytest.mark.parametrize("name", ["xl/worksheets/s1.xml", "xl/sharedStrings.xml", "xl/media/a.png", "x.bin"])
def test_x03_an_archive_that_unpacks_to_a_hundred_times_its_size_is_refused(
    put, book, refused, name: str
) -> None:
    err = refused("import", "leads", put("x.xlsx", stuffed(book, name, b" " * 20_000_000)))
    assert "x.xlsx is not unpacked: it unpacks to more than 100 times its size" in err


def test_x03_padding_does_not_hide_an_entry_that_swells(put, book, refused) -> None:
    noise = bytes((n * n * 2654435761 >> 7) & 255 for n in range(2_000_000))
    parts = {"xl/worksheets/s1.xml": b" " * 20_000_000, "noise": noise}
    assert "100 times" in refused("import", "leads", put("x.xlsx", book(parts=parts)))


def test_x03_archives_of_many_or_huge_entries_are_refused_before_they_are_read(put, book, refused) -> None:
    many = {f"part{n}": b"x" for n in range(1001)}
    assert "more than 1,000 entries" in refused(
        "import", "leads", put("x.xlsx", book([["title"]], parts=many))
    )
    content = bytearray(book([["title"], ["A"]]))
    at = content.rfind(b"PK\x01\x02")
    content[at + 20 : at + 28] = struct.pack("<LL", 150_000_000, 250_000_000)
    err = refused("import", "leads", put("x.xlsx", bytes(content)))
    assert "250," in err
    assert "more than 200,000,000" in err


def test_x03_a_list_of_entries_without_end_is_not_read(put, process, workspace, measured: str) -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[0] * 6, *[0] * 3, 1, *[0] * 4, 0, 0) + b"a"
    listed = entry * 300_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 5, 5, len(listed), 4, 0)
    name = put("x.xlsx", b"PK\x03\x04" + listed + end)
    ran = process("import", "leads", name, script=measured)
    assert ran.code == 1
    assert "more than 1,000 entries" in ran.err
    assert int(ran.out) < 100


def test_x03_a_size_that_is_a_lie_unpacks_to_no_more_than_was_said(put, book, refused) -> None:
    content = bytearray(book([["title"], *[["A" * 50]] * 5000]))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.find(b"xl/worksheets/s1.xml") if at == 22 else content.rfind(b"xl/worksheets/s1.xml")
        start = content.rfind(mark, 0, place)
        content[start + at : start + at + 4] = struct.pack("<L", 300)
    assert "no sound workbook" in refused("import", "leads", put("x.xlsx", bytes(content)))


ENTITIES = (
    '<!DOCTYPE a [<!ENTITY b "{0}">]>',
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
    '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/b"> %b;]>',
    "<!DOCTYPE a>",
)


@pytest.mark.parametrize("part", ["xl/worksheets/s1.xml", "xl/workbook.xml", "xl/styles.xml", "_rels/.rels"])
@pytest.mark.parametrize("declared", ENTITIES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_x04_a_document_type_is_refused_and_nothing_is_fetched(
    put, book, refused, part: str, declared: str, encoding: str
) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?>{declared}<a>&b;</a>'.encode(encoding)
    err = refused("import", "leads", put("x.xlsx", book([["title"], ["A"]], parts={part: content})))
    assert "its XML declares a document type" in err


@pytest.mark.parametrize("place", [("XFD", 1_048_576), ("A", 1_048_576), ("ALL", 2), ("B", 1_048_576)])
def test_x05_a_cell_in_a_far_corner_costs_nothing(
    put, book, process, measured: str, place: tuple[str, int]
) -> None:
    column, line = place
    far = f'<row r="{line}"><c r="{column}{line}" t="str"><v>far</v></c></row>'
    rows = (
        '<sheetData><row r="1"><c r="A1" t="str"><v>title</v></c></row>'
        f'<row r="2"><c r="A2" t="str"><v>A</v></c></row>{far}</sheetData>'
    ).replace('</row><row r="2"><c r="ALL2"', '<c r="ALL2"')
    ran = process("import", "leads", put("x.xlsx", book(rows)), "--partial", script=measured)
    assert ran.code == (0 if column == "A" else 7)
    assert int(ran.out) < 100


def test_x05_rows_and_columns_have_an_end(put, book, refused) -> None:
    wide = '<sheetData><row r="1"><c r="ALM1" t="str"><v>title</v></c></row></sheetData>'
    assert "1,000 columns are the most" in refused("import", "leads", put("x.xlsx", book(wide)))
    long = '<sheetData><row r="1048577"><c t="str"><v>title</v></c></row></sheetData>'
    assert "row 1,048,577" in refused("import", "leads", put("x.xlsx", book(long)))


def password(content: bytes) -> bytes:
    changed = bytearray(content)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = changed.find(mark)
        changed[start + at] |= 1
    return bytes(changed)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"


@pytest.mark.parametrize(
    ("name", "made", "told"),
    [
        (
            "locked.xlsx",
            lambda book: OLE + "EncryptedPackage".encode("utf-16-le"),
            "protected with a password",
        ),
        ("locked.csv", lambda book: password(book([["title"]])), "protected with a password"),
        ("old.xlsx", lambda book: OLE + "Workbook".encode("utf-16-le"), "of the format xls, which cannot"),
        ("a.xlsb", lambda book: book(parts={"xl/workbook.bin": b""}), "a binary workbook (XLSB)"),
        ("a.xlsm", lambda book: book([["title"]], parts={"xl/vbaProject.bin": b""}), "has macros"),
        ("a.ods", lambda book: book(parts={"mimetype": MIMETYPE}), "an OpenDocument file (ODS)"),
        ("a.zip", lambda book: book(parts={"[Content_Types].xml": None}), "[Content_Types].xml is missing"),
        ("a.xlsx", lambda book: book(parts={"_rels/.rels": None}), "it names no workbook"),
        ("b.xlsx", lambda book: book(parts={"xl/workbook.xml": None}), "it names no workbook"),
        (
            "c.xlsx",
            lambda book: book(parts={"xl/worksheets/s1.xml": None}),
            "xl/worksheets/s1.xml is missing",
        ),
        ("d.xlsx", lambda book: book([["title"]])[:-30], "no sound workbook"),
        ("e.xlsx", lambda book: book([["title"]])[30:], "named like a file of the format xlsx, but is none"),
        ("f.xlsx", lambda book: b"title\nA\n", "named like a file of the format xlsx, but is none"),
    ],
)
def test_x09_what_is_no_plain_workbook_is_told_in_one_sentence(
    put, book, refused, name: str, made, told: str
) -> None:
    err = refused("import", "leads", put(name, made(book)))
    assert err.startswith(f"error: {name} ")
    assert told in err
    assert err.count("error: ") == 1


def test_x09_a_workbook_with_long_sizes_is_read(put, book, crm) -> None:
    content = book([["title"], ["A"]])
    at = content.rfind(b"PK\x05\x06")
    _, _, _, _, count, size, start, _ = struct.unpack("<4s4H2LH", content[at:])
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert crm("import", "leads", put("x.xlsx", content[:at] + record + locator + end)).code == 0


def rewritten(path: Path, other: bytes) -> None:
    """Write as many other bytes in place, and leave no trace of the time."""
    before = path.stat()
    with path.open("r+b") as file:
        file.write(other)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def cut(path: Path, _: bytes) -> None:
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize("change", [rewritten, cut])
def test_c21_a_workbook_that_changes_while_it_is_read_changes_nothing(
    workspace, put, book, started, change
) -> None:
    first, other = (book([["title"], [name]]) for name in ("Ирина", "Арина"))
    path, other = workspace / put("x.xlsx", first), other[: len(first)].ljust(len(first), b"\0")
    before = (workspace / "crm.json").read_bytes()
    with (workspace / "crm.json.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        importing = started("import", "leads", "x.xlsx", "--partial")
        assert "waiting for" in importing.stderr.readline()
        change(path, other)
        fcntl.flock(lock, fcntl.LOCK_UN)
    _, err = importing.communicate(timeout=30)
    assert (importing.returncode, "x.xlsx changed while it was read" in err) == (1, True)
    assert (workspace / "crm.json").read_bytes() == before


OUTSIDE = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="s1" Type="x/worksheet" Target="worksheets/s1.xml"/>
<Relationship Id="e" Type="x/externalLink" Target="http://127.0.0.1:9/x.xlsx" TargetMode="External"/>
<Relationship Id="c" Type="x/connections" Target="connections.xml"/>
<Relationship Id="t" Type="x/sharedStrings" Target="file:///etc/passwd" TargetMode="External"/>
</Relationships>"""


def test_x10_what_leads_out_of_the_workbook_is_never_followed(put, book, process, measured: str) -> None:
    script = "import socket\nsocket.socket.connect = lambda *_: exit(9)\n" + measured
    parts = {"xl/_rels/workbook.xml.rels": OUTSIDE, "xl/connections.xml": "<connections/>"}
    name = put("x.xlsx", book([["title", "amount"], ["A", {"x": "<f>[1]S!A1</f><v>5</v>"}]], parts=parts))
    assert process("import", "leads", name, script=script).code == 0
    away = OUTSIDE.replace("worksheets/s1.xml", "http://127.0.0.1:9/s1.xml")
    name = put("y.xlsx", book(parts={"xl/_rels/workbook.xml.rels": away}))
    assert process("import", "leads", name, script=script).code == 1


def test_x10_a_hidden_sheet_is_read_only_by_name(put, book, crm, refused, records) -> None:
    sheets = {"Old": [["title"], ["hidden"]], "New": [["title"], ["seen"]]}
    name = put("x.xlsx", book(sheets=sheets, states={"Old": "veryHidden"}))
    assert crm("import", "leads", name).code == 0
    assert crm("import", "leads", name, "--sheet", "Old").code == 0
    assert [record["title"] for record in records()] == ["seen", "hidden"]
    alone = put("y.xlsx", book(sheets={"Old": [["title"], ["hidden"]]}, states={"Old": "hidden"}))
    assert "every sheet is hidden" in refused("import", "leads", alone)
