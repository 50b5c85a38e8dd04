"""Workbooks through the commands: in, out, mended and in again."""

import io
import json
import zipfile
from pathlib import Path

import pexpect
import pytest

ROWS = [["Name", "Phone", "Amount"], ["Ирина", 380441234567, 1200.5], ["Олег", 1.5, 7]]


@pytest.fixture
def put(workspace: Path, book):
    def put(name: str, rows: object = (), **more: object) -> str:
        (workspace / name).write_bytes(book(rows, **more))
        return name

    return put


def leads(crm) -> list[dict[str, object]]:
    return json.loads(crm("list", "leads", "-o", "json").out)


MAPPED = ("--map", "Name=title")


@pytest.mark.parametrize("rejects", ["bad.csv", "bad.xlsx"])
def test_rejected_rows_come_back_as_they_were_and_go_in_once_they_are_mended(
    put, crm, workspace: Path, rejects: str
) -> None:
    ran = crm("import", "leads", put("x.xlsx", ROWS), *MAPPED, "--partial", "--rejects", rejects)
    assert (ran.code, f"1 created, 1 rejected -> {rejects}" in ran.err) == (7, True)
    if rejects.endswith("csv"):
        content = (workspace / rejects).read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        text = content.decode("utf-8-sig")
        assert text.splitlines()[1].startswith(
            '"Олег","1.5","7","3","Phone ""1.5"": is a number with a fraction'
        )
        (workspace / rejects).write_text(text.replace('"1.5",', '"0441234568",'), "utf-8")
    else:
        assert crm("import", "leads", rejects, *MAPPED).code == 1  # as long as it is not mended
        with zipfile.ZipFile(workspace / rejects) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        sheet = parts["xl/worksheets/sheet1.xml"].decode()
        mended = sheet.replace("<v>1.5</v>", "<v>380441234568</v>")
        assert mended != sheet
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, mended if name.endswith("sheet1.xml") else part)
        (workspace / rejects).write_bytes(out.getvalue())
    assert crm("import", "leads", rejects, *MAPPED).code == 0
    assert [(lead["title"], lead["phone"], lead["amount"]) for lead in leads(crm)] == [
        ("Ирина", ["+380441234567"], "1200.50"),
        ("Олег", ["+380441234568"], "7.00"),
    ]


@pytest.mark.parametrize("rejects", ["bad.csv", "bad.xlsx"])
def test_a_row_that_is_too_long_is_rejected_until_it_is_mended(
    put, crm, workspace: Path, rejects: str
) -> None:
    rows = [["Name", "Phone"], ["Ирина", "380441234567", None, "EXTRA"]]
    assert crm("import", "leads", put("x.xlsx", rows), *MAPPED, "--rejects", rejects).code == 1

    assert b"EXTRA" in unpacked(workspace / rejects)
    assert crm("import", "leads", rejects, *MAPPED).code == 1
    assert leads(crm) == []


def unpacked(path: Path) -> bytes:
    """Return what a file holds, a workbook's first sheet."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def test_rejected_rows_of_csv_may_go_to_a_workbook(crm, workspace: Path) -> None:
    Path("x.csv").write_text('title,amount\nИрина,"1,234"\nОлег,5,surplus\n', "utf-8")
    assert crm("import", "leads", "x.csv", "--rejects", "bad.xlsx").code == 1
    ran = crm("import", "leads", "bad.xlsx")
    assert '"1,234" can be read in two ways' in ran.err
    assert 'E3 has a value, "surplus"' in ran.err


def test_a_rejected_text_that_no_cell_holds_is_told_before_anything_is_written(crm, workspace: Path) -> None:
    Path("x.csv").write_text(f"title,email,comment\nA,,\nB,nobody,{'x' * 40_000}\n", "utf-8")
    ran = crm("import", "leads", "x.csv", "--partial", "--rejects", "bad.xlsx")
    assert ran.code == 1
    assert "--rejects bad.xlsx: row 2: comment has 40,000 characters" in ran.err
    assert "--rejects rejects.csv" in ran.err
    assert (leads(crm), Path("bad.xlsx").exists()) == ([], False)


def test_a_workbook_is_known_by_what_is_in_it(put, crm) -> None:
    assert crm("import", "leads", put("leads.csv", ROWS[:2]), *MAPPED).code == 0
    assert crm("import", "leads", put("leads", ROWS[:2]), *MAPPED, "--format", "xlsx").code == 0
    assert len(leads(crm)) == 1


def test_the_same_rows_in_a_workbook_and_in_csv_are_the_same(put, crm, workspace: Path) -> None:
    assert crm("import", "leads", put("x.xlsx", ROWS[:2]), *MAPPED).code == 0
    Path("x.csv").write_text("Name,Phone,Amount\nИрина,380441234567,1200.5\n", "utf-8")
    assert "1 unchanged" in crm("import", "leads", "x.csv", *MAPPED).err


def test_the_notes_name_the_other_sheets_and_what_is_merged(put, crm) -> None:
    merged = (
        '<sheetData><row r="1"><c r="A1" t="str"><v>title</v></c></row><row r="2"><c r="A2" t="str"><v>A</v>'
        '</c></row></sheetData><mergeCells><mergeCell ref="A2:A4"/></mergeCells>'
    )
    ran = crm("import", "leads", put("x.xlsx", sheets={"One": merged, "Two": []}))
    assert ran.err.splitlines()[:2] == [
        'note: x.xlsx: read the sheet "One"; --sheet reads another: "Two"',
        "note: x.xlsx: merged cells A2:A4: only the first row of each has the value",
    ]


def test_a_dry_run_a_limit_and_moving_go_as_with_other_formats(put, crm, workspace: Path) -> None:
    name = put("x.xlsx", [["title"], ["A"], ["B"], ["C"]])
    plan = json.loads(crm("import", "leads", name, "-n", "--limit", "2", "-o", "json").out)["plan"]
    assert [(row["line"], row["action"]) for row in plan] == [(2, "create"), (3, "create")]
    assert crm("import", "leads", name, "--move-to", "done").code == 0
    assert (workspace / "done" / "x.xlsx").exists()


def test_rows_go_by_the_column_that_is_declared_as_dates(put, crm) -> None:
    rows = [["title", "created_at"], ["A", 45292], ["B", "01.02.2024"]]
    argv = ("import", "leads", put("x.xlsx", rows), "--date-format", "%d.%m.%Y", "--excel-serial-dates")
    assert crm(*argv).code == 0
    assert [str(lead["created_at"])[:10] for lead in leads(crm)] == ["2024-01-01", "2024-02-01"]


def test_an_export_comes_back_as_it_was_and_an_edited_one_updates(crm, workspace: Path) -> None:
    crm("create", "lead", "Ирина", "-s", "phone=0441234567", "-s", "amount=1200,50", "-s", "comment==1")
    assert crm("export", "leads", "leads.xlsx").err == "1 record written to leads.xlsx\n"
    assert (Path("leads.xlsx").stat().st_mode & 0o777) == 0o600
    assert "1 unchanged" in crm("import", "leads", "leads.xlsx").err
    crm("export", "leads", "part.xlsx", "--fields", "id,title,amount")
    assert "1 unchanged" in crm("import", "leads", "part.xlsx").err


def test_a_terminal_is_shown_no_workbook(workspace: Path, program: Path) -> None:
    child = pexpect.spawn(str(program / "crmctl"), ["export", "leads", "-", "-o", "xlsx"], cwd=workspace)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 2
    assert b"xlsx is no text that a terminal can show" in child.before


def test_a_pipe_gets_the_same_bytes_as_a_file(workspace: Path, shell) -> None:
    ran = shell(
        "crmctl create lead A -q && crmctl export leads - -o xlsx > a && crmctl export leads b.xlsx -q",
        workspace,
    )
    assert ran.returncode == 0, ran.stdout
    assert (workspace / "a").read_bytes() == (workspace / "b.xlsx").read_bytes()


BITRIX = ["ID", "Название лида", "Имя", "Мобильный телефон", "Рабочий телефон", "Дата создания", "Стадия"]


def test_a_workbook_is_found_by_the_columns_of_a_profile(put, crm) -> None:
    row = [
        "17",
        "Заявка",
        "Ирина",
        380441234567,
        "0441234568, 0441234569",
        {"s": 1, "x": "<v>45292.5</v>"},
        "",
    ]
    ran = crm("import", "leads", put("x.xlsx", [BITRIX, row], formats=["dd.mm.yyyy hh:mm"]))
    assert (ran.code, "read as bitrix24-leads\n" in ran.err) == (0, True), ran.err
    (lead,) = leads(crm)
    assert lead["phone"] == ["+380441234567", "+380441234568", "+380441234569"]
    assert (lead["external_id"], str(lead["created_at"])[:16]) == ("17", "2024-01-01T12:00")


def test_cells_that_a_profile_puts_together_are_looked_at_too(put, crm, workspace: Path) -> None:
    (workspace / "profiles").mkdir()
    (workspace / "profiles" / "own.yaml").write_text(
        "version: 1\nprofile: own\nrecord: lead\ndetect: {all: [Кто, Улица]}\nempty: ['#N/A']\n"
        "columns: {Кто: title, Сумма: amount}\njoin:\n  address: {columns: [Город, Улица], by: ', '}\n",
        "utf-8",
    )
    header = ["Кто", "Город", "Улица", "Сумма"]
    lost, formula = {"t": "e", "x": "<v>#N/A</v>"}, {"x": "<f>A1</f>"}
    assert crm("import", "leads", put("x.xlsx", [header, ["Ирина", "Киев", "Крещатик", lost]])).code == 0
    assert leads(crm)[0]["address"] == "Киев, Крещатик"
    ran = crm("import", "leads", put("y.xlsx", [header, ["Олег", formula, "Крещатик", 5]]))
    assert (ran.code, 'Город "=A1": is a formula without a stored value' in ran.err) == (1, True), ran.err


def test_a_row_of_a_workbook_brings_its_contact_along(put, crm) -> None:
    header = ["title", "contact.title", "contact.phone", "contact.contact_type"]
    row = ["Сделка", "Ирина", 380441234567, "client"]
    ran = crm("import", "deals", put("x.xlsx", [header, row]))
    assert ran.code == 0, ran.err
    (contact,) = json.loads(crm("list", "contacts", "-o", "json").out)
    assert contact["phone"] == ["+380441234567"]
    ran = crm("import", "deals", put("y.xlsx", [header, ["Ещё", "Олег", 1.5, "client"]]))
    assert (ran.code, "contact.phone" in ran.err, "format the column as text" in ran.err) == (1, True, True)
