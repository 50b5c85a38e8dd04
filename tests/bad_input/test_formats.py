"""X: files of formats that are no text, as far as something can be promised before they are read."""

import io
import zipfile

import pytest


def workbook(*entries: tuple[str, bytes]) -> bytes:
    """Return a zip archive, as a workbook is one."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return content.getvalue()


ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
CORRUPT = {
    "cut.xlsx": workbook(("xl/workbook.xml", b"<workbook/>" * 99))[:90],
    "junk.xlsx": b"\x89 this was a workbook once \xff\xfe",
    "text.xlsx": b"title,comment\nA,b\n",
    "empty.xlsx": b"",
    "no-entries.xlsx": workbook(),
    "encrypted.xlsx": ENCRYPTED,
    "old.xls": ENCRYPTED,
    "renamed.xls": workbook(("a", b"b")),
    "renamed.csv": workbook(("xl/workbook.xml", b"")),
    "old.csv": ENCRYPTED,
    "macros.xlsm": workbook(("xl/vbaProject.bin", b"\0")),
    "macros.csv": workbook(("xl/vbaProject.bin", b"\0")),
}


@pytest.mark.parametrize(("name", "content"), CORRUPT.items(), ids=CORRUPT)
def test_x09_what_is_no_sound_workbook_is_refused_with_one_message(
    put, refused, name: str, content: bytes
) -> None:
    err = refused("import", "leads", put(name, content))
    assert err.count("error: ") == 1
    assert err.startswith(f"error: {name}")
    assert "column" not in err
    assert refused("import", "leads", put(name, content), "--partial", "--ignore-unknown") == err


def test_x09_text_in_such_a_file_is_read_where_that_is_said(put, crm, records) -> None:
    name = put("text.xlsx", "title\nA\n")
    assert "--format csv" in crm("import", "leads", name).err
    assert crm("import", "leads", name, "--format", "csv").code == 0
    assert records()[0]["title"] == "A"
