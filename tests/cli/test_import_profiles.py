"""Imports that are read by a profile."""

import json
import os
from pathlib import Path

import pytest

SHOP = """version: 1
profile: shop
record: lead
detect: {all: [Order no, Buyer]}
date_format: '%d.%m.%Y'
columns:
  Order no: external_id
  Buyer: title
  Mobile: {field: phone, split: ','}
  Way: {field: source, lookup: {Fair: exhibition}}
  Colour: '-'
  Size: shoe_size
"""
HEADER = "Order no,Buyer,Mobile,Way,Colour,Size\n"
ROW = '1,Олег,"0501234567, 0501234568",Fair,red,42\n'


@pytest.fixture
def own(workspace: Path):
    def write(text: str = SHOP, name: str = "shop.yaml") -> str:
        (workspace / "profiles").mkdir(exist_ok=True)
        (workspace / "profiles" / name).write_text(text, "utf-8")
        return f"profiles/{name}"

    return write


@pytest.fixture
def put(workspace: Path):
    def write(text: str, name: str = "in.csv", encoding: str = "utf-8") -> str:
        (workspace / name).write_bytes(text.encode(encoding))
        return name

    return write


def leads(crm) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(crm("list", "leads", "-o", "json").out)
    return found


def test_a_profile_of_the_workspace_is_found_and_told(own, put, crm) -> None:
    own()
    ran = crm("import", "leads", put(HEADER + ROW))
    assert ran.err.splitlines() == [
        "note: in.csv: read as shop",
        "note: in.csv: columns passed over: Colour, Size",
        "R-1: 1 row: 1 created (undo: crmctl undo R-1)",
    ]
    (lead,) = leads(crm)
    assert lead["phone"] == ["+380501234567", "+380501234568"]
    assert (lead["title"], lead["source"], lead["external_id"]) == ("Олег", "exhibition", "1")


def test_a_column_that_is_passed_over_is_only_told_where_something_stands_in_it(own, put, crm) -> None:
    own()
    ran = crm("import", "leads", put(HEADER + "1,Олег,0501234567,Fair,,\n"))
    assert "passed over" not in ran.err


def test_a_column_that_the_profile_does_not_name_is_matched_by_name_or_refused(own, put, crm) -> None:
    own()
    name = put("Order no,Buyer,Phone,Extra\n1,Олег,0501234567,x\n")
    ran = crm("import", "leads", name)
    assert ran.code == 2
    assert '"Extra" is no field' in ran.err
    assert crm("import", "leads", name, "--ignore-unknown", "-s", "source=call").code == 0
    assert leads(crm)[0]["phone"] == ["+380501234567"]


def test_a_file_is_read_without_a_profile_where_that_is_said(own, put, crm) -> None:
    own()
    ran = crm("import", "leads", put("Order no,Buyer,Phone\n1,Олег,0501234567\n"), "--profile", "none")
    assert ran.code == 2
    assert '"Order no" is no field' in ran.err


def test_a_profile_may_be_named_by_its_name_or_its_file(own, put, crm) -> None:
    path = own(SHOP.replace("detect: {all: [Order no, Buyer]}\n", ""))
    name = put(HEADER + ROW)
    assert crm("import", "leads", name).code == 2
    assert crm("import", "leads", name, "--profile", "shop", "-n").code == 0
    assert crm("import", "leads", name, "--profile", path, "-n").code == 0


def test_an_unknown_profile_is_named_with_a_close_one(own, put, crm) -> None:
    ran = crm("import", "leads", put(HEADER + ROW), "--profile", "bitrix24-lead")
    assert ran.code == 4
    assert 'did you mean "bitrix24-leads"?' in ran.err


def test_a_profile_for_other_records_is_wrong_use(own, put, crm) -> None:
    own()
    ran = crm("import", "deals", put(HEADER + ROW), "--profile", "shop")
    assert ran.code == 2
    assert "crmctl import leads in.csv --profile shop" in ran.err


def test_a_file_with_none_of_the_columns_of_the_profile_named_is_refused(own, put, crm) -> None:
    own()
    ran = crm("import", "leads", put("Title,Phone\nОлег,0501234567\n"), "--profile", "shop")
    assert ran.code == 1
    assert "has none of the columns of profile shop" in ran.err


def test_a_file_of_another_type_is_told_by_its_profile(own, put, crm) -> None:
    own()
    ran = crm("import", "contacts", put(HEADER + ROW))
    assert ran.code == 2
    assert "its columns are those of shop: crmctl import leads in.csv" in ran.err


def test_two_profiles_that_nothing_tells_apart_are_an_error(own, put, crm) -> None:
    own()
    own(SHOP.replace("profile: shop", "profile: till"), "till.yaml")
    ran = crm("import", "leads", put(HEADER + ROW))
    assert ran.code == 2
    assert "two profiles: shop and till" in ran.err
    assert crm("import", "leads", "in.csv", "--profile", "till").code == 0


def test_an_import_stops_while_a_profile_of_the_workspace_has_errors(own, put, crm) -> None:
    own(SHOP + "colums: {}\n")
    ran = crm("import", "leads", put(HEADER + ROW))
    assert ran.code == 3
    assert 'profiles/shop.yaml:13:1: unknown key "colums"' in ran.err
    assert (
        crm("import", "leads", put("title,phone,source\nОлег,0501234567,call\n"), "--profile", "none").code
        == 0
    )
    assert crm("list", "leads").code == 0


def test_what_is_said_by_hand_goes_before_the_profile(own, put, crm) -> None:
    own(SHOP + "set: {source_details: fair, comment: till}\n")
    name = put("Order no,Buyer,Mobile\n1,Олег,0501234567\n")
    ran = crm(
        "import", "leads", name, "--map", "Mobile=comment", "-s", "source_details=hand", "-s", "source=call"
    )
    assert ran.code == 0
    (lead,) = leads(crm)
    assert (lead["comment"], lead["source_details"]) == ("0501234567", "hand")
    assert "phone" not in lead


def test_a_declared_date_format_takes_the_place_of_the_profiles(own, put, crm) -> None:
    own(SHOP + "  Made: created_at\n".replace("  Made", "  Made"))
    name = put("Order no,Buyer,Made\n1,Олег,03/14/2026\n")
    assert "not a date" in crm("import", "leads", name, "-s", "source=call").err
    ran = crm("import", "leads", name, "--date-format", "%m/%d/%Y", "-s", "source=call")
    assert ran.code == 0
    assert str(leads(crm)[0]["created_at"]).startswith("2026-03-14")


def test_values_that_a_profile_sets_do_not_write_over_what_a_record_has(own, put, crm) -> None:
    own(SHOP + "set: {source: call}\n")
    crm("import", "leads", put("Order no,Buyer,Way\n1,Олег,Fair\n"))
    ran = crm("import", "leads", put("Order no,Buyer,Way\n1,Олег Ш,\n"), "--on-duplicate", "update")
    assert ran.code == 0
    assert (leads(crm)[0]["title"], leads(crm)[0]["source"]) == ("Олег Ш", "exhibition")


def test_files_whose_profiles_set_different_values_are_imported_one_by_one(own, put, crm) -> None:
    own(SHOP + "set: {source: call}\n")
    other = SHOP.replace("profile: shop", "profile: till").replace("Order no", "Slip no")
    own(other + "set: {source: exhibition}\n", "till.yaml")
    first, second = put("Order no,Buyer\n1,Олег\n"), put("Slip no,Buyer\n2,Анна\n", "b.csv")
    ran = crm("import", "leads", first, second)
    assert ran.code == 2
    assert "import the files one by one" in ran.err


def test_a_rejected_row_comes_back_as_it_stood_and_is_read_by_the_same_profile(own, put, crm) -> None:
    own()
    name = put(HEADER + ROW + "2,Анна,12,Fair,blue,\n3,Ян,0501234569,Nowhere,,\n")
    ran = crm("import", "leads", name, "--partial", "--rejects", "bad.csv")
    assert ran.code == 7
    text = Path("bad.csv").read_text("utf-8")
    assert text.startswith(
        '"Order no","Buyer","Mobile","Way","Colour","Size","_line","_error"\n"2","Анна","12"'
    )
    put(text.replace('"12"', '"0501234560"').replace("Nowhere", "Fair"), "good.csv")
    ran = crm("import", "leads", "good.csv")
    assert ran.code == 0
    assert "read as shop" in ran.err
    assert len(leads(crm)) == 3


def test_a_fault_names_the_column_and_the_value_of_the_file(own, put, crm) -> None:
    own(SHOP.replace("{field: source, lookup: {Fair: exhibition}}", "source"))
    ran = crm("import", "leads", put(HEADER + ROW), "-o", "json")
    (point,) = json.loads(ran.err)["error"]["details"]
    assert (point["column"], point["value"], point["field"]) == ("Way", "Fair", "source")


def test_the_ledger_has_the_profile_of_an_import(own, put, crm) -> None:
    own()
    crm("import", "leads", put(HEADER + ROW))
    (run,) = json.loads(crm("runs", "-o", "json").out)
    assert run["profiles"] == ["shop"]


def test_an_export_of_crmctl_is_read_without_a_profile(own, put, crm) -> None:
    own(SHOP.replace("{all: [Order no, Buyer]}", "{all: [title]}"))
    crm("create", "lead", "Олег", "-s", "source=call", "-s", "phone=0501234567")
    crm("export", "leads", "out.csv")
    ran = crm("import", "leads", "out.csv")
    assert ran.err == "nothing to do: 1 row: 1 unchanged\n"


WINDOWS = "Название лида;Рабочий телефон;Источник\nОлег;0501234567;Звонок\n"


def test_a_declared_encoding_is_taken_where_the_columns_show_that_it_is_the_one(put, crm) -> None:
    ran = crm("import", "leads", put(WINDOWS, encoding="cp1251"))
    assert ran.code == 0
    assert "in.csv: read as bitrix24-leads in cp1251" in ran.err
    assert leads(crm)[0]["title"] == "Олег"


def test_an_encoding_is_not_guessed_where_the_columns_show_nothing(own, put, crm) -> None:
    own(SHOP + "encodings: [utf-8, cp1251]\n")
    name = put("Order no,Buyer,Way\n1,Олег,Fair\n", encoding="cp1251")
    ran = crm("import", "leads", name)
    assert ran.code == 1
    assert "is not UTF-8" in ran.err
    named = crm("import", "leads", name, "--profile", "shop")
    assert named.code == 0
    assert leads(crm)[0]["title"] == "Олег"


def test_columns_of_one_name_are_refused_where_no_profile_says_otherwise(own, put, crm) -> None:
    own()
    name = put("Order no,Buyer,Way,Way\n1,Олег,Fair,\n")
    ran = crm("import", "leads", name)
    assert ran.code == 1
    assert "columns 3 and 4 are both named" in ran.err
    own(SHOP + "repeats: number\n")
    ran = crm("import", "leads", name, "--map", "Way 2=-")
    assert ran.code == 0


@pytest.mark.parametrize("rejects", ["rejects.csv", "rejects.xlsx"])
def test_rejected_rows_have_the_columns_as_the_file_calls_them(
    own, put, crm, workspace: Path, rejects: str
) -> None:
    own(SHOP.replace("Way:", "Remark: comment\n  Remark 2: comment\n  Way:") + "repeats: number\n")
    name = put("Order no,Buyer,Remark,Way,Remark\n1,Олег,a,Faire,b\n")
    assert crm("import", "leads", name, "--rejects", rejects).code == 1
    if rejects.endswith("csv"):
        header = (workspace / rejects).read_text("utf-8").splitlines()[0]
        assert header == '"Order no","Buyer","Remark","Way","Remark","_line","_error"'
        mended = (workspace / rejects).read_text("utf-8").replace('"Faire"', '"Fair"')
        (workspace / rejects).write_text(mended, "utf-8")
    ran = crm("import", "leads", rejects)
    assert "read as shop" in ran.err
    assert ran.code == (0 if rejects.endswith("csv") else 1)


def test_a_file_of_several_profiles_reads_each_by_its_own(own, put, crm) -> None:
    own()
    own(SHOP.replace("profile: shop", "profile: till").replace("Order no", "Slip no"), "till.yaml")
    first, second = put("Order no,Buyer,Way\n1,Олег,Fair\n"), put("Slip no,Buyer,Way\n2,Анна,Fair\n", "b.csv")
    ran = crm("import", "leads", first, second)
    assert "in.csv: read as shop" in ran.err
    assert "b.csv: read as till" in ran.err
    (run,) = json.loads(crm("runs", "-o", "json").out)
    assert run["profiles"] == ["shop", "till"]


@pytest.mark.parametrize(("title", "outcome"), [("Качественный лид", "open"), ("Горячий", "won")])
def test_a_word_for_the_end_that_is_a_stage_of_the_workspace_is_that_stage(
    put, crm, workspace: Path, title: str, outcome: str
) -> None:
    file = workspace / "pipelines" / "leads.yaml"
    text = file.read_text("utf-8").replace("Качественный лид", "Передать в продажи", 1)
    file.write_text(
        text.replace("  - {stage: junk", f"  - {{stage: warm, title: {title}}}\n  - {{stage: junk", 1)
    )
    name = put("Название лида;Рабочий телефон;Источник;Стадия\nОлег;0501234567;Звонок;Качественный лид\n")
    assert crm("import", "leads", name).code == 0
    assert leads(crm)[0]["outcome"] == outcome


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("date_format: '%d.%m.%Y'", "encodings: [utf-8, rot13]", "rot13"),
        ("date_format: '%d.%m.%Y'", "encodings: [no-such-code]", "no-such-code"),
        ("'%d.%m.%Y'", "'%d%d'", '"%d%d"'),
        ("'%d.%m.%Y'", "'%Q zzz'", '"%Q zzz"'),
        ("exhibition", "fare", 'no value of list "source" "fare"'),
        ("date_format: '%d.%m.%Y'", "stages: {Sold: no_such_stage}", 'no stage "no_such_stage"'),
    ],
)
def test_whatever_validate_calls_an_error_of_a_profile_stops_an_import(
    own, put, crm, workspace: Path, before: str, after: str, told: str
) -> None:
    path = own(SHOP.replace(before, after))
    name = put(HEADER + ROW)
    for argv in ((), ("--profile", "shop"), ("--profile", path)):
        ran = crm("import", "leads", name, *argv)
        assert (ran.code, told in ran.err) == (3, True), ran.err
    assert crm("validate").code == 1
    (workspace / path).rename(workspace / "elsewhere.yaml")
    assert crm("import", "leads", name, "--profile", "elsewhere.yaml").code == 3
    assert leads(crm) == []


def test_a_profile_is_held_against_the_configuration_as_it_is_now(own, put, crm, workspace: Path) -> None:
    own(SHOP + "stages: {Seen: in_work}\n")
    assert crm("import", "leads", put(HEADER + ROW), "-n").code == 0
    file = workspace / "pipelines" / "leads.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("in_work", "at_work"), "utf-8")
    assert crm("import", "leads", "in.csv", "-n").code == 3
    file.write_text(text, "utf-8")
    assert crm("import", "leads", "in.csv", "-n").code == 0


def test_what_is_no_file_among_the_profiles_is_told_and_never_waited_for(
    own, put, crm, workspace: Path
) -> None:
    own()
    os.mkfifo(workspace / "profiles" / "pipe.yaml")
    ran = crm("import", "leads", put(HEADER + ROW))
    assert ran.code == 3
    assert "profiles/pipe.yaml: the path is not a file" in ran.err
