"""X: cells of workbooks that would run, or that are not what they seem."""

import io
import zipfile

import pytest


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
