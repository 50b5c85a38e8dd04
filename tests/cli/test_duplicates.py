"""`duplicates`: records that may be one, by the workspace's rules, with the reason, how sure it is, and a plan."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "data"
CLIENT = ("-s", "contact_type=client")
PLAIN = """
version: 1
name: Test
currency: RUB
phone_region: RU
mode: deals
pipelines: pipelines
fields: {contact: {city: {type: text}}}
"""
DEALS = """
version: 1
pipeline: deals
record: deal
stages: [{stage: first}, {stage: won, outcome: won}, {stage: lost, outcome: lost}]
"""


@pytest.fixture
def plain(laid_out) -> None:
    """A workspace without match rules of its own."""
    laid_out(crmctl=PLAIN, deals=DEALS)


@pytest.fixture
def person(crm):
    def create(*values: str) -> None:
        given = [part for value in values for part in ("-s", value)]
        assert crm("create", "contact", "--allow-duplicate", "-q", *given).code == 0

    return create


def groups(crm, *argv: str) -> list[dict[str, Any]]:
    ran = crm("duplicates", *argv, "-o", "json")
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def ids(crm, *argv: str) -> list[list[str]]:
    return [[record["id"] for record in group["records"]] for group in groups(crm, *argv)]


def test_an_empty_workspace_has_none(plain: None, crm) -> None:
    assert groups(crm, "contacts") == []
    assert "no duplicates found" in crm("duplicates", "contacts").err


def test_an_address_matches_however_it_is_written(plain: None, crm, person) -> None:
    person("first_name=Иван", "email=Ivan@Example.ru")
    person("first_name=Иван", "email=ivan@example.RU")
    (group,) = groups(crm, "contacts")
    assert (group["score"], group["doubtful"], group["hint"]) == (95, False, False)
    assert group["pairs"] == [
        {
            "ids": ["C-1", "C-2"],
            "rule": ["email"],
            "also": [],
            "values": {"email": "Ivan@example.ru"},
            "score": 95,
        }
    ]


def test_a_number_matches_however_it_is_typed(plain: None, crm, person) -> None:
    for number in ("+7 495 123-45-67", "8 (495) 123 45 67", "tel:74951234567"):
        person("first_name=Иван", f"phone={number}")
    assert ids(crm, "contacts") == [["C-1", "C-2", "C-3"]]


def test_what_is_no_valid_number_is_no_reason(plain: None, crm, person) -> None:
    person("first_name=Иван", "phone=12345")
    person("first_name=Иван", "phone=12345")
    assert ids(crm, "contacts") == []


@pytest.mark.parametrize(
    "other",
    [
        ("last_name=ПЁТРОВ", "first_name=Иван", "city=Тверь"),
        ("last_name=петров", "first_name=иван", "city= тверь "),
        ("last_name=Иван", "first_name=Петров", "city=Тверь"),
        ("last_name=Петров", "first_name=Иван", "city=Тверь", "middle_name=Ильич"),
    ],
)
def test_a_name_with_a_city_matches_whatever_its_case_order_and_yo(
    plain: None, crm, person, other: tuple[str, ...]
) -> None:
    person("last_name=Петров", "first_name=Иван", "city=Тверь")
    person(*other)
    assert ids(crm, "contacts") == [["C-1", "C-2"]]


@pytest.mark.parametrize(
    "other",
    [
        ("last_name=Petrov", "first_name=Ivan", "city=Тверь"),
        ("last_name=Петров", "first_name=Иван", "city=Клин"),
        ("last_name=Петров", "first_name=Иван"),
        ("last_name=Петров", "first_name=Пётр", "city=Тверь"),
    ],
)
def test_another_alphabet_or_another_city_makes_another_person(
    plain: None, crm, person, other: tuple[str, ...]
) -> None:
    person("last_name=Петров", "first_name=Иван", "city=Тверь")
    person(*other)
    assert ids(crm, "contacts") == []


def test_a_patronymic_tells_two_of_one_name_apart(plain: None, crm, person) -> None:
    person("last_name=Петров", "first_name=Иван", "middle_name=Ильич", "city=Тверь")
    person("last_name=Петров", "first_name=Иван", "middle_name=Олегович", "city=Тверь")
    assert ids(crm, "contacts") == []


def test_a_name_with_a_company_matches(plain: None, crm, person) -> None:
    crm("create", "company", "Ромашка")
    person("last_name=Петров", "first_name=Иван", "companies=O-1")
    person("last_name=Петров", "first_name=Иван", "companies=O-1")
    (group,) = groups(crm, "contacts")
    assert (group["score"], group["pairs"][0]["rule"]) == (75, ["last_name", "first_name", "companies"])


def test_further_rules_that_agree_make_it_surer(plain: None, crm, person) -> None:
    for _ in range(2):
        person("first_name=Иван", "email=i@b.ru", "phone=+74951234567")
    (group,) = groups(crm, "contacts")
    assert (group["score"], group["pairs"][0]["also"]) == (98, [["phone"]])


def test_a_shared_number_of_people_with_other_names_is_doubtful(plain: None, crm, person) -> None:
    person("last_name=Петров", "first_name=Иван", "phone=+74951234567")
    person("last_name=Сидорова", "first_name=Анна", "phone=+74951234567")
    (group,) = groups(crm, "contacts")
    assert (group["score"], group["doubtful"]) == (55, True)


def test_an_address_of_two_full_names_is_doubtful(plain: None, crm, person) -> None:
    person("last_name=Максимов", "first_name=Артём", "email=a.maksimov@b.ru")
    person("last_name=Максимов", "first_name=Аким", "email=a.maksimov@b.ru")
    (group,) = groups(crm, "contacts")
    assert (group["score"], group["doubtful"]) == (65, True)


def test_a_chain_whose_ends_contradict_each_other_is_doubtful(plain: None, crm, person) -> None:
    person("last_name=Петров", "first_name=Иван", "email=p@x.ru")
    person("email=p@x.ru", "email=s@x.ru", "title=x", "last_name=Петров")
    person("last_name=Сидоров", "first_name=Олег", "email=s@x.ru")
    (group,) = groups(crm, "contacts")
    assert [record["id"] for record in group["records"]] == ["C-1", "C-2", "C-3"]
    assert "C-1 and C-3 have other names and other e-mails" in group["doubts"]


def test_a_number_of_very_many_is_no_reason_and_told(plain: None, crm, person) -> None:
    for number in range(6):
        person(f"first_name=Иван{number}", "phone=+74951234567")
    assert ids(crm, "contacts") == []
    assert "+74951234567 (6)" in crm("duplicates", "contacts").err


def test_values_to_be_ignored_are_no_reason(workspace: Path, crm, person) -> None:
    for _ in range(2):
        person("first_name=Иван", "phone=+79999999999", "contact_type=client")
    assert ids(crm, "contacts") == []


def test_the_name_of_a_company_alone_is_a_hint_and_in_no_plan(workspace: Path, crm) -> None:
    for title in ("ООО «Ромашка»", "РОМАШКА, ООО", "Ромашка Плюс"):
        crm("create", "company", "--allow-duplicate", title)
    assert ids(crm, "companies") == []
    assert "1 hint" in crm("duplicates", "companies").err
    (hint,) = groups(crm, "companies", "--hints")
    assert (hint["hint"], [each["id"] for each in hint["records"]]) == (True, ["O-1", "O-2"])
    crm("duplicates", "companies", "--hints", "--plan", "merge.yaml")
    assert "groups: []" in (workspace / "merge.yaml").read_text("utf-8")


def test_companies_match_by_what_is_theirs_alone(workspace: Path, crm) -> None:
    crm("create", "company", "Ромашка", "-s", "email=info@r.example")
    crm("create", "company", "--allow-duplicate", "ООО Ромашка", "-s", "email=INFO@r.example")
    assert ids(crm, "companies") == [["O-1", "O-2"]]


def test_leads_and_deals_have_rules_too(workspace: Path, crm) -> None:
    for _ in range(2):
        crm("create", "lead", "Заявка", "--allow-duplicate", "-s", "phone=0501234567")
        crm("create", "deal", "Сделка", "--pipeline", "retail", "-s", "external_id=77", "--allow-duplicate")
    assert ids(crm, "leads") == [["L-1", "L-2"]]
    assert groups(crm, "deals")[0]["score"] == 100
    assert crm("duplicates", "tasks").code == 2


def test_only_records_that_an_expression_is_true_of_are_compared(plain: None, crm, person) -> None:
    for city in ("Тверь", "Тверь", "Клин"):
        person("first_name=Иван", "email=i@b.ru", f"city={city}")
    assert ids(crm, "contacts", "--where", "city = Тверь") == [["C-1", "C-2"]]
    assert crm("duplicates", "contacts", "--where", "citty = x").code == 2


def test_limit_and_fail_if_any(plain: None, crm, person) -> None:
    for address in ("a@b.ru", "a@b.ru", "c@d.ru", "c@d.ru"):
        person("first_name=Иван", f"email={address}")
    assert len(groups(crm, "contacts", "--limit", "1")) == 1
    assert "1 of 2 groups" in crm("duplicates", "contacts", "--limit", "1").err
    assert crm("duplicates", "contacts", "--fail-if-any").code == 1
    assert crm("duplicates", "companies", "--fail-if-any").code == 0
    assert crm("duplicates", "contacts", "-o", "ids").out.split() == ["C-1", "C-2", "C-3", "C-4"]


def test_the_table_fits_a_terminal_with_russian_names(plain: None, crm, person, monkeypatch) -> None:
    for _ in range(2):
        person(
            "last_name=Константинопольский-Задунайский",
            "first_name=Александр",
            "email=konstantinopolsky@example.ru",
        )
    monkeypatch.setenv("COLUMNS", "80")
    out = crm("duplicates", "contacts").out
    assert "Александр Константинопольский-Задунайский" in out


def test_every_planted_duplicate_of_many_contacts_is_found(plain: None, crm, tmp_path: Path) -> None:
    lines, planted = ["external_id,first_name,last_name,email,phone"], 0
    for number in range(3000):
        last, mail, phone = f"Smith{number}", f"user{number}@x.example", f"+7-495-{number:07d}"
        lines.append(f"P{number},Anna,{last},{mail},{phone}")
        if number % 50 == 0:
            planted += 1
            lines.append(f"Q{number},Anna,{last.upper()},{mail.upper()},{phone.replace('-', ' ')}")
    Path("in.csv").write_text("\n".join(lines) + "\n", "utf-8")
    crm("import", "contacts", "in.csv", "--on-duplicate", "create")
    found = groups(crm, "contacts")
    assert (len(found), {len(group["records"]) for group in found}) == (planted, {2})
    crm("duplicates", "contacts", "--plan", "merge.yaml")
    assert crm("merge", "--plan", "merge.yaml", "--yes").code == 0
    assert groups(crm, "contacts") == []
    assert crm("list", "contacts", "--count").out.strip() == "3000"
    again = json.loads(crm("import", "contacts", "in.csv", "-o", "json").out)
    assert (again["created"], again["unchanged"]) == (0, len(lines) - 1)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")
def test_the_keys_of_phones_are_those_that_their_list_says(plain: None, crm, person) -> None:
    with (SHARED / "ru" / "phones.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["libphonenumber_valid"] == "yes"]
    expected: dict[str, list[str]] = {}
    for row in rows:
        if row["default_region"] == "RU" and not row["extension"]:
            crm(
                "create",
                "contact",
                "--allow-duplicate",
                "-q",
                "-s",
                "first_name=Иван",
                "-s",
                f"phone={row['raw']}",
            )
            expected.setdefault(row["libphonenumber_e164"], []).append(row["raw"])
    found = {group["pairs"][0]["values"]["phone"]: len(group["records"]) for group in groups(crm, "contacts")}
    # A number on more than five records is no reason to match.
    assert found == {number: len(raws) for number, raws in expected.items() if 1 < len(raws) <= 5}


def simple(rows: list[list[str]], target: Path) -> None:
    """Write contacts with their name, phones and e-mails."""
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["external_id", "title", "phone", "email"], *rows])


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")
@pytest.mark.parametrize(
    ("name", "delimiter", "title", "phones", "emails"),
    [
        ("amocrm_deals_export.csv", ",", "Полное имя контакта", "телефон", "email"),
        ("bitrix24_leads_export_utf8bom.csv", ";", "Имя, Фамилия", "телефон", "e-mail"),
    ],
)
def test_whoever_stands_twice_in_an_export_is_found(
    plain: None, crm, tmp_path: Path, name: str, delimiter: str, title: str, phones: str, emails: str
) -> None:
    with (SHARED / "ru" / name).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, delimiter=delimiter)

    def cells(row: list[str], word: str) -> str:
        return "; ".join(
            cell for head, cell in zip(header, row, strict=False) if word in head.lower() and cell
        )

    people = [[row[0], row[header.index(title)], cells(row, phones), cells(row, emails)] for row in rows]
    simple([each for each in people if each[1]], tmp_path / "in.csv")
    ran = crm("import", "contacts", "in.csv", "--on-duplicate", "create", "--partial", "-o", "json")
    assert json.loads(ran.out)["created"] > 300
    contacts = json.loads(crm("list", "contacts", "-o", "json").out)
    together: dict[str, set[str]] = {}
    for contact in contacts:
        numbers = [number for number in contact.get("phone", ()) if number.startswith("+")]
        for key in (*numbers, *(address.casefold() for address in contact.get("email", ()))):
            together.setdefault(key, set()).add(contact["id"])
    expected = [ids for ids in together.values() if len(ids) > 1]
    found = [{record["id"] for record in group["records"]} for group in groups(crm, "contacts")]
    assert len(expected) > 5
    assert all(any(ids <= group for group in found) for ids in expected)
    assert set.union(*found) == set.union(*expected)


def test_companies_that_share_an_address_and_a_phone_may_have_other_names(workspace: Path, crm) -> None:
    for title in ("Alpha Beta", "Gamma Delta"):
        reach = ("-s", "email=a@example.com", "-s", "phone=0501234567")
        crm("create", "company", title, *reach, "--allow-duplicate")
    (group,) = groups(crm, "companies")
    assert (group["score"], group["doubts"]) == (98, [])


def test_a_doubt_names_all_by_what_a_pair_matches_and_in_what_it_differs(workspace: Path, crm, edit) -> None:
    edit("crmctl.yaml", "  contact: [[email], [phone],", "  contact: [[phone], [external_id, phone],")
    for name in ("Анна Белая", "Олег Чёрный"):
        reach = ("-s", "phone=0501234567", "-s", "external_id=7")
        assert crm("create", "contact", name, *CLIENT, *reach, "--allow-duplicate").code == 0
    (group,) = groups(crm, "contacts")
    assert group["doubts"] == ["C-1 and C-2 match by phone and external_id, phone, and differ in names"]
