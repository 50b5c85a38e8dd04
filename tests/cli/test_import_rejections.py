"""What a rejected row is told with: its file where there are several, its field, its column and value."""

import json
from pathlib import Path

import pytest

GATE = "Название,Направление,Стадия,ТТН\nПартия,Опт,Передан на отправку,\n"


@pytest.fixture
def write(workspace: Path):
    def write(name: str, text: str) -> str:
        (workspace / name).write_text(text)
        return name

    return write


def details(ran) -> list[dict[str, object]]:
    return json.loads(ran.err)["error"]["details"]


def test_rows_of_several_files_are_named_with_their_file(write, crm) -> None:
    files = [write("a.csv", "title,email\nИрина,\nОлег,bad\n"), write("b.csv", "title,email\nПётр,worse\n")]
    told = ["a.csv: line 3: email", "b.csv: line 2: email"]
    refused = crm("import", "leads", *files)
    assert refused.code == 1
    assert all(each in refused.err for each in told)
    partly = crm("import", "leads", *files, "--partial")
    assert partly.code == 7
    assert all(each in partly.err for each in told)


def test_a_dry_run_names_the_file_too(write, crm) -> None:
    files = [write("a.csv", "title\nИрина\n"), write("b.csv", "title,email\nПётр,worse\n")]
    ran = crm("import", "leads", *files, "-n")
    assert "! refused b.csv: line 2: email" in ran.out


def test_one_file_alone_needs_no_name_but_in_json(write, crm) -> None:
    name = write("a.csv", "title,email\nИрина,bad\n")
    assert "a.csv" not in crm("import", "leads", name).err
    assert details(crm("import", "leads", name, "-o", "json"))[0]["file"] == "a.csv"


def test_columns_that_are_not_known_are_told_with_their_file_among_several(write, crm) -> None:
    ran = crm("import", "leads", write("a.csv", "title\nИрина\n"), write("b.csv", "qwerty\n1\n"))
    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: b.csv: 1 column is not known")


def test_each_field_that_a_gate_misses_is_told_with_its_column(write, crm) -> None:
    found = details(crm("import", "deals", write("deals.csv", GATE), "-o", "json"))
    assert {(each["field"], each.get("column"), each.get("value")) for each in found} >= {
        ("waybill", "ТТН", ""),
        ("amount", None, None),
    }
    assert all(each["file"] == "deals.csv" and each["line"] == 2 for each in found)


@pytest.mark.parametrize(
    ("head", "cells", "field", "column", "value"),
    [
        ("Название,Стадия", "А,Думает", "stage", "Стадия", "Думает"),
        ("Название,Направление", "А,Луна", "pipeline", "Направление", "Луна"),
        ("Название,Направление,Контакт", "А,Опт,C-9", "contact", "Контакт", "C-9"),
        ("id,title,pipeline", "D-1,А,Опт", "id", "id", "D-1"),
        ("title,pipeline,stage,lost_reason", "А,Опт,lost,луна", "lost_reason", "lost_reason", "луна"),
        ("title,pipeline,comment", "А,Опт,\0", "comment", "comment", "\0"),
        ("title,pipeline,amount,currency", "А,Опт,1.234,UAH", "amount", "amount", "1.234"),
    ],
)
def test_what_is_wrong_is_told_with_field_column_and_value(
    write, crm, head: str, cells: str, field: str, column: str, value: str
) -> None:
    crm("create", "deal", "Acme", "--pipeline", "wholesale")
    crm("delete", "D-1", "--yes")
    found = details(crm("import", "deals", write("deals.csv", f"{head}\n{cells}\n"), "-o", "json"))
    assert [(each["field"], each["column"], each["value"]) for each in found] == [(field, column, value)]


def test_a_unique_value_that_another_row_has_is_told_at_its_cell(write, crm, workspace: Path) -> None:
    file = workspace / "crmctl.yaml"
    own = "fields:\n  lead:\n    code: {type: text, title: Code, unique: true}\n"
    file.write_text(file.read_text().replace("fields:\n", own, 1))
    found = details(crm("import", "leads", write("l.csv", "title,Code\nА,7\nБ,7\n"), "-o", "json"))
    assert [(each["line"], each["field"], each["column"]) for each in found] == [(3, "code", "Code")]


def test_a_row_with_a_bad_cell_is_told_its_unknown_stage_too(write, crm) -> None:
    name = write("in.csv", "title,amount,stage\nA,12x,nowhere\n")
    ran = crm("import", "deals", name, "--pipeline", "wholesale")

    assert ran.code == 1
    assert 'amount "12x"' in ran.err
    assert 'unknown stage "nowhere"' in ran.err


def test_companies_of_one_name_are_told_and_kept(write, crm) -> None:
    asked = ("import", "companies", write("in.csv", "title,external_id\nAcme,1\n ACME ,2\nOak,3\n"), "--key")
    ran = crm(*asked, "external_id")

    assert 'note: O-2 "ACME" has the name of O-1: kept apart' in ran.err
    assert "3 rows: 3 created" in ran.err
    assert "has the name" not in crm(*asked, "external_id").err
