"""`import` of rows that name other records by what other systems, or people, call them."""

import json
from pathlib import Path

import pytest

CONFIGURATION = """
version: 1
name: Test
currency: UAH
mode: deals
pipelines: pipelines
"""
SALE = """
version: 1
pipeline: sale
record: deal
stages: [{stage: new}, {stage: won, outcome: won}, {stage: lost, outcome: lost}]
"""
HEADER = "external_id,title,company,contact,previous_deal"


@pytest.fixture
def known(laid_out, crm) -> None:
    """O-1 and C-1 with outside ids, O-2 and O-3 of one title, C-2 of a title of its own, D-1."""
    laid_out(crmctl=CONFIGURATION, sale=SALE)
    crm("create", "company", "Acme", "-s", "external_id=9001", "-q", "--allow-duplicate")
    for _ in range(2):
        crm("create", "company", "Beta", "-q", "--allow-duplicate")
    crm("create", "contact", "Иван", "-s", "external_id=8001", "-q")
    crm("create", "contact", "Ольга Ёлкина", "-q")
    assert bring(crm, "77,First,,,").code == 0


def bring(crm, *lines: str, header: str = HEADER, kind: str = "deals", options: tuple[str, ...] = ()):
    Path("rows.csv").write_text("\n".join([header, *lines]) + "\n", "utf-8")
    return crm("import", kind, "rows.csv", *options)


def links(crm, record_id: str, *names: str) -> list[object]:
    record = json.loads(crm("show", record_id, "-o", "json").out)
    return [record.get(name) for name in names]


def test_records_are_named_by_id_by_outside_id_or_by_title(known: None, crm) -> None:
    rows = ("1,A,O-1,c-1,D-1", "2,B,9001,8001,77", "3,C,ACME,ольга  елкина,first")
    assert bring(crm, *rows).code == 0
    assert links(crm, "D-2", "company", "contact", "previous_deal") == ["O-1", "C-1", "D-1"]
    assert links(crm, "D-3", "company", "contact", "previous_deal") == ["O-1", "C-1", "D-1"]
    assert links(crm, "D-4", "company", "contact", "previous_deal") == ["O-1", "C-2", "D-1"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("1,A,9009,,", 'line 2: "9009" is no id, and no company has it as external_id or title'),
        ("1,A,Acmee,,", 'close are: O-1 "Acme"'),
        ("1,A,Beta,,", '"Beta" is the title of O-2, O-3'),
        ("1,A,C-1,,", "C-1 is no company"),
        ("1,A,O-9,,", "O-9 does not exist"),
        ("1,A,9001;9002,,", '"9001;9002" is no id'),
    ],
)
def test_what_is_not_there_or_may_be_several_is_rejected_by_name(
    known: None, crm, row: str, told: str
) -> None:
    ran = bring(crm, row)
    assert ran.code == 1
    assert told in ran.err
    assert crm("list", "deals", "--count").out == "1\n"


def test_the_cell_that_names_nobody_is_told_with_its_column(known: None, crm) -> None:
    ran = bring(crm, "1,A,9009,,", options=("-o", "json"))
    detail = json.loads(ran.err)["error"]["details"][0]
    assert (detail["field"], detail["column"], detail["value"]) == ("company", "company", "9009")


def test_rows_name_those_that_came_before_them_in_the_file(known: None, crm) -> None:
    assert bring(crm, "1,A,,,77", "2,B,,,1", "3,C,,,A").code == 0
    found = [links(crm, each, "previous_deal") for each in ("D-2", "D-3", "D-4")]
    assert found == [["D-1"], ["D-2"], ["D-2"]]


def test_a_field_of_many_values_takes_them_in_any_form(known: None, crm) -> None:
    ran = bring(crm, "Пётр,9001; O-2;acme", header="title,companies", kind="contacts")
    assert ran.code == 0
    assert links(crm, "C-3", "companies") == [["O-1", "O-2"]]


def test_an_export_with_its_ids_still_comes_back_as_it_was(known: None, crm) -> None:
    assert bring(crm, "1,A,O-1,C-1,D-1").code == 0
    assert crm("export", "deals", "out.csv").code == 0
    ran = crm("import", "deals", "out.csv")
    assert ran.err.splitlines()[-1] == "nothing to do: 2 rows: 2 unchanged"


def test_a_key_may_be_a_record_that_is_named_by_its_outside_id(known: None, crm) -> None:
    bring(crm, "1,A,9001,,")
    row = "2,A again,9001,,"
    ran = bring(crm, row, options=("--key", "company", "--on-duplicate", "update"))
    assert "1 updated" in ran.err
    assert links(crm, "D-2", "title") == ["A again"]


ASSOCIATED = (
    "Record ID,Deal Name,Deal Stage,Associated Contact,Associated Contact IDs,"
    "Associated Company,Associated Company IDs"
)


@pytest.fixture
def b2b(tmp_path: Path, crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    crm("init", "--template", "b2b", "-q")


def test_whom_a_hubspot_deal_names_by_id_and_name_is_made_and_linked(b2b: None, crm) -> None:
    row = "1,x,Qualification,Al Bo (al@x.com);Cy Do,701;702,Foo,801"
    ran = bring(crm, row, header=ASSOCIATED)
    assert "contact.external_id: 701 is taken, 1 other left out" in ran.err
    assert links(crm, "D-1", "contact", "company") == ["C-1", "O-1"]
    assert links(crm, "C-1", "title", "external_id", "companies") == ["Al Bo", "701", ["O-1"]]
    assert links(crm, "O-1", "title", "external_id") == ["Foo", "801"]
    assert "1 unchanged" in bring(crm, row, header=ASSOCIATED).err


def test_whom_a_hubspot_deal_names_by_an_id_alone_is_linked_once_there(b2b: None, crm) -> None:
    row = "1,x,Qualification,,701,,801"
    ran = bring(crm, row, header=ASSOCIATED)
    assert ran.err.count("left out") == 2
    crm("create", "company", "Foo", "-s", "external_id=801")
    ran = bring(crm, row, header=ASSOCIATED)
    assert ("1 updated" in ran.err, ran.err.count("left out")) == (True, 1)
    assert links(crm, "D-1", "contact", "company") == [None, "O-1"]
    assert "1 unchanged" in bring(crm, row, header=ASSOCIATED).err


def test_a_link_that_was_left_out_and_made_is_made_again_after_an_undo_but_not_after_it_was_taken_off(
    b2b: None, crm
) -> None:
    row = "1,x,Qualification,,,,801"
    bring(crm, row, header=ASSOCIATED)
    crm("create", "company", "Foo", "-s", "external_id=801")
    bring(crm, row, header=ASSOCIATED)
    crm("undo", "R-2", "--yes")
    assert "1 updated" in bring(crm, row, header=ASSOCIATED).err
    crm("update", "D-1", "-s", "company=")
    assert "1 unchanged" in bring(crm, row, header=ASSOCIATED).err


def test_a_contact_gets_the_company_that_was_missing_beside_those_it_has(b2b: None, crm) -> None:
    header, row = "Record ID,First Name,Email,Associated Company IDs", "5,Al,al@x.com,801;802"
    crm("create", "company", "Foo", "-s", "external_id=801")
    bring(crm, row, header=header, kind="contacts")
    crm("create", "company", "Bar", "-s", "external_id=802")
    assert "1 updated" in bring(crm, row, header=header, kind="contacts").err
    assert links(crm, "C-1", "companies") == [["O-1", "O-2"]]
