"""`import` knows a person again however the name, the phone or the address is written, and nobody else."""

import csv
import json
from pathlib import Path

import pytest

SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "data"
HEADER = ("first_name", "last_name", "city", "phone", "email", "contact_type")
KNOWN = ("Пётр", "Ёлкин", "Орёл", "+380 (50) 123-45-67", "Petr.Elkin@Пример.example", "client")


def imported(crm, *rows: tuple[str, ...]) -> dict[str, int]:
    with Path("in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    ran = crm("import", "contacts", "in.csv", "-o", "json")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    return {name: told[name] for name in ("created", "unchanged", "skipped")}


@pytest.fixture
def known(workspace: Path, crm) -> None:
    assert imported(crm, KNOWN)["created"] == 1


@pytest.mark.parametrize(
    "row",
    [
        ("ПЕТР", "елкин", "орел", "", "", "client"),
        ("Петр", "ЁЛКИН", "ОРЁЛ", "", "", "client"),
        ("  Пётр ", "Ёлкин", "Орёл", "", "", "client"),
        ("Пе\u0308тр", "Е\u0308лкин", "Оре\u0308л", "", "", "client"),
        ("Пётр\u200b", "Ёл\u00adкин", "\u202eОрёл", "", "", "client"),
        ("Пётр", "Ёлкин", "Орёл\u00a0", "", "", "client"),
    ],
)
def test_a_name_is_known_whatever_its_case_spaces_marks_and_yo(
    known: None, crm, row: tuple[str, ...]
) -> None:
    assert imported(crm, row)["created"] == 0


@pytest.mark.parametrize(
    "number",
    [
        "0501234567",
        "8 050 123 45 67",
        "380501234567",
        "+380-50-123-45-67",
        "tel:+380501234567",
        "☎ 050 123-45-67",
        "٠٥٠١٢٣٤٥٦٧",
        "(050)1234567",
        "050.123.45.67",
    ],
)
def test_a_phone_is_known_however_it_is_typed(known: None, crm, number: str) -> None:
    assert imported(crm, ("Некто", "", "", number, "", "client"))["created"] == 0


@pytest.mark.parametrize(
    "address",
    [
        "petr.elkin@пример.example",
        "PETR.ELKIN@XN--E1AFMKFD.EXAMPLE",
        "mailto:Petr.Elkin@пример.example",
        "<petr.elkin@ПРИМЕР.example>",
        " petr.elkin@пример.example ",
    ],
)
def test_an_address_is_known_however_it_is_written(known: None, crm, address: str) -> None:
    assert imported(crm, ("Некто", "", "", "", address, "client"))["created"] == 0


@pytest.mark.parametrize(
    "row",
    [
        ("Petr", "Elkin", "Орёл", "", "", "client"),
        ("Пётр", "Ёлкин", "Клин", "", "", "client"),
        ("Пётр", "Ёлкинa", "Орёл", "", "", "client"),  # a Latin letter at the end
        ("Некто", "", "", "0501234568", "", "client"),
        ("Некто", "", "", "", "petr.elkin+x@пример.example", "client"),
        ("Некто", "", "", "", "petr.еlkin@пример.example", "client"),  # a Cyrillic letter in the name
    ],
)
def test_somebody_else_is_somebody_else(known: None, crm, row: tuple[str, ...]) -> None:
    assert imported(crm, row)["created"] == 1


def test_one_person_in_several_rows_is_one(workspace: Path, crm) -> None:
    rows = [KNOWN, ("ПЕТР", "ЕЛКИН", "орел", "", "", "client"), ("Пётр", "", "", "0501234567", "", "client")]
    assert imported(crm, *rows) == {"created": 1, "unchanged": 0, "skipped": 2}
    assert imported(crm, *rows) == {"created": 0, "unchanged": 1, "skipped": 2}


@pytest.mark.parametrize("form", ["straße", "STRASSE", "Straße"])
def test_sharp_s_and_final_sigma_fold_alike_on_both_sides(workspace: Path, crm, form: str) -> None:
    imported(crm, ("ΟΔΥΣΣΕΥΣ", "Straße", "İzmir", "", "", "client"))
    assert imported(crm, ("Οδυσσευς", form, "i̇zmir", "", "", "client"))["created"] == 0


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")
def test_numbers_of_one_subscriber_find_each_other(laid_out, crm) -> None:
    workspace = "version: 1\nname: T\ncurrency: RUB\nphone_region: RU\nmode: deals\npipelines: pipelines\n"
    workspace += "duplicates: {contact: [[phone]]}\n"
    stages = "[{stage: first}, {stage: won, outcome: won}, {stage: lost, outcome: lost}]"
    laid_out(crmctl=workspace, deals=f"version: 1\npipeline: deals\nrecord: deal\nstages: {stages}\n")
    with (SHARED / "ru" / "phones.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["default_region"] == "RU"]
    valid = [row for row in rows if row["libphonenumber_valid"] == "yes" and not row["extension"]]
    with Path("in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["title", "phone"], *([f"N{at}", row["raw"]] for at, row in enumerate(valid))]
        )
    ran = crm("import", "contacts", "in.csv", "-o", "json")
    assert json.loads(ran.out)["created"] == len({row["libphonenumber_e164"] for row in valid})
    kept = {
        phone for each in json.loads(crm("list", "contacts", "-o", "json").out) for phone in each["phone"]
    }
    assert kept == {row["libphonenumber_e164"] for row in valid}


TWO = "external_id,title,phone\n1,Анна Первая,+380442223344\n2,Борис Второй,+380442223344\n"


def test_a_row_that_is_skipped_is_named_with_the_record_that_it_is_taken_for(workspace: Path, crm) -> None:
    Path("in.csv").write_text(TWO, "utf-8")
    told = 'note: line 3 "Борис Второй": C-1 "Анна Первая" is known by phone and is left as it is'
    hint = "note: --key external_id keeps rows of other external ids apart"
    for dry in (["-n"], []):
        said = crm("import", "contacts", "in.csv", "-s", "contact_type=client", *dry).err.splitlines()
        assert (told in said, hint in said) == (True, True)
    assert "Анна" not in crm("import", "contacts", "in.csv", "--key", "external_id").err


def test_a_row_written_to_a_record_of_another_outside_id_is_named(workspace: Path, crm) -> None:
    Path("in.csv").write_text(TWO, "utf-8")
    given = ("import", "contacts", "in.csv", "-s", "contact_type=client", "--on-duplicate", "update")
    ran = crm(*given)
    assert (
        'line 3 "Борис Второй": written to C-1 "Анна Первая", known by phone, whose external_id is 1'
        in ran.err
    )


def test_the_plan_has_the_fields_by_which_a_record_is_known(workspace: Path, crm) -> None:
    Path("in.csv").write_text(TWO, "utf-8")
    ran = crm("import", "contacts", "in.csv", "-s", "contact_type=client", "-n", "-o", "json")
    assert [each["matched"] for each in json.loads(ran.out)["plan"]] == [[], ["phone"]]


def test_of_many_rows_skipped_the_first_few_are_named(workspace: Path, crm) -> None:
    rows = "".join(f"Some{at} One,+380442223344\n" for at in range(9))
    Path("in.csv").write_text(f"title,phone\n{rows}", "utf-8")
    said = crm("import", "contacts", "in.csv", "-s", "contact_type=client").err
    assert said.count("is left as it is") == 5
    assert "and 3 more rows whose records are known and left as they are" in said


def test_a_row_that_says_what_is_there_is_not_named(workspace: Path, crm) -> None:
    Path("in.csv").write_text("title,phone\nAnna,+380442223344\n", "utf-8")
    crm("import", "contacts", "in.csv", "-s", "contact_type=client")
    Path("in.csv").write_text("phone,title\n+380442223344,Anna\n", "utf-8")
    ran = crm("import", "contacts", "in.csv", "-s", "contact_type=client")
    assert "1 unchanged" in ran.err
    assert "left as it is" not in ran.err


def test_outside_ids_that_differ_by_case_alone_are_of_two(workspace: Path, crm) -> None:
    rows = "external_id,title\n0015g00000XyZAb,Beta\n0015g00000XyzAb,Gamma\n"
    Path("ids.csv").write_text(rows, "utf-8")
    for more in (("--key", "external_id"), ("--on-duplicate", "update")):
        assert crm("import", "products", "ids.csv", "--set", "price=1", *more).code == 0
    assert crm("list", "products", "--fields", "title", "-o", "csv").out.split() == ["title", "Beta", "Gamma"]


@pytest.mark.parametrize(
    ("row", "mode", "kept"),
    [
        ("C-1,+12125550142", "update", ["+12125550142", ""]),
        ("C-1,(212) 555-0142", "update", ["+12125550142", "(212) 555-0142"]),
        ("C-1,+12127365000", "update", ["+12127365000", "office: (212) 736-5000"]),
        ("C-1,(212) 555-0142", "fill", ["+12127365000", "office: (212) 736-5000"]),
        ("C-2,(212) 555-0142", "fill", ["+12125550199", ""]),
        ("C-2,(212) 555-0199", "fill", ["+12125550199", "(212) 555-0199"]),
    ],
)
def test_a_number_has_the_form_that_it_was_typed_in_and_no_other(
    workspace: Path, crm, row: str, mode: str, kept: list[str]
) -> None:
    first = "first_name,phone,contact_type\nAnn,office: (212) 736-5000,client\nBea,+12125550199,client\n"
    region = Path("crmctl.yaml").read_text("utf-8").replace("phone_region: UA", "phone_region: US")
    Path("crmctl.yaml").write_text(region, "utf-8")
    Path("first.csv").write_text(first, "utf-8")
    assert crm("import", "contacts", "first.csv").code == 0
    Path("second.csv").write_text(f"id,phone\n{row}\n", "utf-8")
    assert crm("import", "contacts", "second.csv", "--on-duplicate", mode).code == 0
    where = f"id = {row[:3]}"
    ran = crm("export", "contacts", "-", "-o", "json", "--where", where, "--fields", "phone,phone_typed")
    found = json.loads(ran.out)[0]
    assert [";".join(found.get(name) or []) for name in ("phone", "phone_typed")] == kept


@pytest.mark.parametrize("template", ["trade", "recommended", "simple", "b2b"])
def test_companies_of_one_name_are_two_by_every_template(tmp_path: Path, crm, monkeypatch, template) -> None:
    monkeypatch.chdir(tmp_path)
    crm("init", "-q", "--template", template)
    (tmp_path / "in.csv").write_text("external_id,title\n101,Beta\n102,Beta\n", "utf-8")
    ran = crm("import", "companies", "in.csv")
    assert (ran.code, "2 created" in ran.err, "has the name of O-1: kept apart" in ran.err) == (0, True, True)
