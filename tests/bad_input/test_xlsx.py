"""X: workbooks that would run, explode, lie or change what they hold."""

import fcntl
import io
import os
import struct
import zipfile
from pathlib import Path

import pytest

PEAK = """
import re, resource, sys
from pathlib import Path
from crmctl.cli.main import run
code = run(sys.argv[1:])
status = Path("/proc/self/status")
if status.exists():  # where the most that the usage tells begins with that of whoever started the process
    print(int(re.search(r"VmHWM:\\s*(\\d+)", status.read_text())[1]) // 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1 if sys.platform == "darwin" else 1024))
sys.exit(code)
"""


def sheet_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


RUNS = [
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "'=1",
    "{=1}",
    "http://example.com",
    "#REF!",
    "TRUE",
    "0012",
]


def test_x01_text_goes_out_as_text_whatever_it_begins_with(crm, workspace, records) -> None:
    for text in RUNS:
        assert crm("create", "lead", "x", "-s", f"comment={text}").code == 0
    assert crm("export", "leads", "leads.xlsx").code == 0
    sheet = sheet_of((workspace / "leads.xlsx").read_bytes())
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert all(f"{text.strip()}</t>" in sheet for text in RUNS)
    before = records()
    assert "11 unchanged" in crm("import", "leads", "leads.xlsx").err
    assert records() == before


def test_x02_control_characters_come_back_to_the_letter(crm, workspace, records) -> None:
    texts = [
        "a\x01b",
        "a\x1f",
        "line\r\nline",
        "_x0001_",
        "_x0041_x0042_",
        "<r><t>a</t></r>",
        "\ufffe",
        "]]>",
    ]
    for text in texts:
        assert crm("create", "lead", "x", "-s", f"comment={text}").code == 0
    before = [record["comment"] for record in records()]
    assert crm("export", "leads", "leads.xlsx").code == 0
    assert crm("init", "other", "--template", "trade", "-q").code == 0
    assert crm("-C", "other", "import", "leads", "leads.xlsx").code == 0
    assert [record["comment"] for record in records("leads", "-C", "other")] == before


def test_x02_a_text_that_no_cell_holds_is_refused_and_nothing_is_written(crm, workspace, refused) -> None:
    assert crm("create", "lead", "x", "-s", f"comment={'я' * 32_767}").code == 0
    assert crm("export", "leads", "leads.xlsx").code == 0
    before = (workspace / "leads.xlsx").read_bytes()
    assert crm("create", "lead", "y", "-s", f"comment={'я' * 32_768}").code == 0
    err = refused("export", "leads", "leads.xlsx")
    assert "L-2: comment has 32,768 characters, and a cell of XLSX holds 32,767" in err
    assert "-o csv" in err
    assert (workspace / "leads.xlsx").read_bytes() == before


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


def test_x03_a_list_of_entries_without_end_is_not_read(put, process, workspace) -> None:
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[0] * 6, *[0] * 3, 1, *[0] * 4, 0, 0) + b"a"
    listed = entry * 300_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 5, 5, len(listed), 4, 0)
    name = put("x.xlsx", b"PK\x03\x04" + listed + end)
    ran = process("import", "leads", name, script=PEAK)
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
def test_x05_a_cell_in_a_far_corner_costs_nothing(put, book, process, place: tuple[str, int]) -> None:
    column, line = place
    far = f'<row r="{line}"><c r="{column}{line}" t="str"><v>far</v></c></row>'
    rows = (
        '<sheetData><row r="1"><c r="A1" t="str"><v>title</v></c></row>'
        f'<row r="2"><c r="A2" t="str"><v>A</v></c></row>{far}</sheetData>'
    ).replace('</row><row r="2"><c r="ALL2"', '<c r="ALL2"')
    ran = process("import", "leads", put("x.xlsx", book(rows)), "--partial", script=PEAK)
    assert ran.code == (0 if column == "A" else 7)
    assert int(ran.out) < 100


def test_x05_rows_and_columns_have_an_end(put, book, refused) -> None:
    wide = '<sheetData><row r="1"><c r="ALM1" t="str"><v>title</v></c></row></sheetData>'
    assert "1,000 columns are the most" in refused("import", "leads", put("x.xlsx", book(wide)))
    long = '<sheetData><row r="1048577"><c t="str"><v>title</v></c></row></sheetData>'
    assert "row 1,048,577" in refused("import", "leads", put("x.xlsx", book(long)))


DAYS = [["title", "created_at"], ["A", {"s": 1, "x": "<v>45292.5</v>"}]]


def test_x06_cells_that_are_dates_are_dates_from_the_epoch_of_their_workbook(put, book, crm, records) -> None:
    assert crm("import", "leads", put("a.xlsx", book(DAYS, formats=["dd.mm.yyyy"]))).code == 0
    assert crm("import", "leads", put("b.xlsx", book(DAYS, formats=["dd.mm.yyyy"], date1904=True))).code == 0
    assert [record["created_at"][:16] for record in records()] == ["2024-01-01T12:00", "2028-01-02T12:00"]


def test_x06_a_bare_number_is_a_date_only_where_that_is_said(put, book, crm, refused, records) -> None:
    name = put("x.xlsx", book([["title", "created_at"], ["A", 45292.5]]))
    err = refused("import", "leads", name)
    assert 'line 2: created_at "45292.5": is a bare number, not a date' in err
    assert "--excel-serial-dates" in err
    assert crm("import", "leads", name, "--excel-serial-dates").code == 0
    assert (
        crm("import", "leads", put("x.csv", "title,created_at\nB,45292\n"), "--excel-serial-dates").code == 0
    )
    assert [record["created_at"][:16] for record in records()] == ["2024-01-01T12:00", "2024-01-01T00:00"]


def test_x06_the_29_february_of_1900_is_no_date(put, book, refused) -> None:
    rows = [["title", "created_at"], ["A", {"s": 1, "x": "<v>60</v>"}]]
    err = refused("import", "leads", put("x.xlsx", book(rows, formats=["dd.mm.yyyy"])))
    assert "29 February 1900, which never was" in err
    plain = put("y.xlsx", book([["title", "created_at"], ["A", 60]]))
    assert "29 February 1900" in refused("import", "leads", plain, "--excel-serial-dates")


def test_x07_whole_numbers_in_columns_of_text_are_their_digits(put, book, crm, records) -> None:
    rows = [
        ["title", "phone", "external_id", "comment"],
        [2026, 380441234567, 9_007_199_254_740_991, {"s": 1, "x": "<v>7302</v>"}],
    ]
    assert crm("import", "leads", put("x.xlsx", book(rows, formats=["00000"]))).code == 0
    (record,) = records()
    assert (record["title"], record["phone"]) == ("2026", ["+380441234567"])
    assert (record["external_id"], record["comment"]) == ("9007199254740991", "07302")


@pytest.mark.parametrize("value", [9_007_199_254_740_992, 12345678901234567890, 1.5, 1e300, 0.1])
@pytest.mark.parametrize("field", ["title", "phone", "external_id", "email", "comment"])
def test_x07_numbers_that_lost_their_digits_are_rejected(
    put, book, refused, value: float, field: str
) -> None:
    header = ["title", "amount"] if field == "title" else ["title", field]
    cells = [value, None] if field == "title" else ["A", value]
    err = refused("import", "leads", put("x.xlsx", book([header, cells])))
    assert f"line 2: {field} " in err
    assert "format the column as text" in err


def test_x07_leading_noughts_of_texts_stay(put, book, crm, records) -> None:
    assert crm("import", "leads", put("x.xlsx", book([["title", "external_id"], ["007", "0012"]]))).code == 0
    assert [(each["title"], each["external_id"]) for each in records()] == [("007", "0012")]


FORMULAS = [
    ["title", "amount", "comment"],
    ["A", {"x": "<f>B9*2</f><v>200</v>"}, {"x": "<f>X1</f><v>told</v>", "t": "str"}],
]


def test_x08_a_formula_is_its_stored_value_and_never_worked_out(put, book, crm, refused, records) -> None:
    assert crm("import", "leads", put("x.xlsx", book(FORMULAS))).code == 0
    assert [(each["amount"], each["comment"]) for each in records()] == [("200.00", "told")]
    for cell in ({"x": "<f>1+1</f>"}, {"x": "<f>1+1</f><v/>"}, {"x": "<f>1+1</f>", "t": "str"}):
        err = refused("import", "leads", put("y.xlsx", book([["title", "amount"], ["B", cell]])))
        assert 'line 2: amount "=1+1": is a formula without a stored value' in err


def test_x08_a_cell_that_nobody_reads_may_be_an_error(put, book, crm, refused) -> None:
    name = put("x.xlsx", book([["title", "lookup"], ["A", {"t": "e", "x": "<v>#N/A</v>"}]]))
    err = refused("import", "leads", name, "--map", "lookup=comment")
    assert 'line 2: lookup "#N/A": is an error of the spreadsheet' in err
    assert crm("import", "leads", name, "--ignore-unknown").code == 0


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


def test_x10_what_leads_out_of_the_workbook_is_never_followed(put, book, process) -> None:
    script = "import socket\nsocket.socket.connect = lambda *_: exit(9)\n" + PEAK
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
